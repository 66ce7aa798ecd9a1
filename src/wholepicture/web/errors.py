"""What every app says when something cannot be done."""


class CannotDoError(ValueError):
    """Something asked for that cannot be done; the message says why and what to do."""
