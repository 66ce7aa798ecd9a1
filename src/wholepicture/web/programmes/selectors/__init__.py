"""Reads of programmes that are more than a lookup."""
