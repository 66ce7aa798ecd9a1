"""Pages of partners, by whose they are."""
