"""Record an account, confirm what it says, and see the picture."""
