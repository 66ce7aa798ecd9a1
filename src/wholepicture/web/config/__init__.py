"""Settings, addresses and the server interface."""
