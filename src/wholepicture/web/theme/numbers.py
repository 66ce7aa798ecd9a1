"""Numbers as they come from a form."""

from uuid import UUID


def uuid_of(text: str) -> UUID | None:
    """A record's number, or None where the text is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
