"""A whole force's extract."""
