"""The Django site; one app a room."""
