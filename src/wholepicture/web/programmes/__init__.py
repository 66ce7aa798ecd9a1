"""Taught programmes: what they are, who approves them, and what they cover."""
