"""Base templates, components and static files."""
