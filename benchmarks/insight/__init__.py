"""The force's view, measured."""
