"""Every change to programmes, by what it is about."""

from wholepicture.web.programmes.services.errors import CannotDoError

__all__ = ["CannotDoError"]
