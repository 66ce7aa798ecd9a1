"""Keys under which a person is found: two records of one person share at least one, however they were spelled."""

from __future__ import annotations

from itertools import product

import jellyfish

from wholepicture.core.identity.details import Details, fold, phone_digits, place_key, usual_name


def search_keys(details: Details) -> frozenset[str]:
    """Keys for names by sound, dates of birth (day and month either way round), telephones and places."""
    found: set[str] = set()
    for given, family in product(details.given or ("",), details.family or ("",)):
        found |= _name_keys(fold(given), fold(family))
    for born in details.born:
        found.add(f"b:{born.isoformat()}")
        if born.day <= 12:
            found.add(f"b:{born.replace(month=born.day, day=born.month).isoformat()}")
    found |= {f"p:{digits}" for number in details.phones if (digits := phone_digits(number))}
    found |= {f"a:{place}" for address in details.addresses if (place := place_key(address))}
    return frozenset(found)


def _name_keys(given: str, family: str) -> set[str]:
    if not (given and family):
        only = given or family
        return {f"o:{_sound(usual_name(only))}"} if len(only) > 2 else set()
    # Either way round: forms are filled in with the names swapped.
    return {
        f"n:{_sound(family)}:{_sound(usual_name(given))[:1]}",
        f"n:{_sound(usual_name(given))}:{_sound(family)[:1]}",
    }


def _sound(name: str) -> str:
    """The first four sounds: later ones are where spellings differ."""
    return jellyfish.metaphone(name)[:4] or name[:4].upper()
