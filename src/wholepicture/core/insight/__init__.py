"""A force's own view: how often things come together, whether something changed, and how a force rates itself. Counts only."""
