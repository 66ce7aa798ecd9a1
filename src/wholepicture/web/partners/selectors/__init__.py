"""Reads of partners that are more than a lookup, by what they are about."""
