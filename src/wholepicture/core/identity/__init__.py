"""Who it is: what is said of a person, the keys under which they are looked for, and why two may be the same."""

from wholepicture.core.identity.details import Details, fold, phone_digits, place_key
from wholepicture.core.identity.match import Likeness, Match, compare, rank
from wholepicture.core.identity.search_keys import search_keys

__all__ = [
    "Details",
    "Likeness",
    "Match",
    "compare",
    "fold",
    "phone_digits",
    "place_key",
    "rank",
    "search_keys",
]
