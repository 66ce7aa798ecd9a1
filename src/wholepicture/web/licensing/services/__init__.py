"""Every change to licences, by what it is about."""
