"""A whole force's run, measured."""
