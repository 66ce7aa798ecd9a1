"""Forms of programmes: they check shape; services decide."""
