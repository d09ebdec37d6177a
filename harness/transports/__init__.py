"""Where nodes live: child processes over pipes (`processes`), kept by a `watchdog`."""
