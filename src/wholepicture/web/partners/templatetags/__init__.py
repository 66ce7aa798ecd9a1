"""How this app's pages write moments and distances."""
