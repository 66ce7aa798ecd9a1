"""The force's view."""
