"""Where nodes live: today, child processes over pipes (`processes`)."""
