"""A force's own view: figures, what practice misses, the health check, and how people are. Counts, never a person."""
