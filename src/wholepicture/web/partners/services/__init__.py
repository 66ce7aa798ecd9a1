"""Every change of partners, by what it is about."""
