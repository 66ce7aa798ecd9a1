"""Continuing development: plans, what was done, what changed because of it, and a look at a few."""
