"""Whole-force runs: screening, linking and surfacing stand on core and below the site."""
