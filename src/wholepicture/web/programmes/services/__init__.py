"""Every change to programmes."""
