"""Insight, pure."""
