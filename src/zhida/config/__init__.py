"""How one installation is put together: settings, addresses, and the wiring of ports to adapters."""
