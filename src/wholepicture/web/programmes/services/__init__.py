"""Every change to programmes, by what it is about."""

from wholepicture.web.errors import CannotDoError

__all__ = ["CannotDoError"]
