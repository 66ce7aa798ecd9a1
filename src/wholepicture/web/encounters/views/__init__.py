"""Pages of encounters. Thin: access in access.py, changes in services, reads in selectors."""
