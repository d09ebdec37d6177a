"""Programs that speak the line protocol, and the runtime that they are written on."""
