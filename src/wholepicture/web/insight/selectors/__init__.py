"""Reads of insight: figures, needs, the health check, how people are."""
