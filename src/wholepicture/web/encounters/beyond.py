"""What apps above add of somebody: to their picture, and to the copy that is given to them of what is held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.models import EncounterPerson


@dataclass(frozen=True, slots=True)
class Beyond:
    """One thing done for somebody elsewhere on the site: what, where it leads, and how it stands."""

    text: str
    address: str
    stands: str


_SOURCES: list[Callable[[User, EncounterPerson], list[Beyond]]] = []


def register(source: Callable[[User, EncounterPerson], list[Beyond]]) -> None:
    """Have a picture ask an app above for what it has of the person too."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def beyond(user: User, person: EncounterPerson) -> list[Beyond]:
    """All of it, as far as somebody may see it."""
    return [b for source in _SOURCES for b in source(user, person)]


@dataclass(frozen=True, slots=True)
class Held:
    """Something held of somebody by an app above, as it is given to them: when, what it is, and its words (others are blocked out of both)."""

    on: date
    what: str
    words: str


_HELD: list[Callable[[EncounterPerson], list[Held]]] = []


def register_held(source: Callable[[EncounterPerson], list[Held]]) -> None:
    """Have the copy that is given to somebody ask an app above for what it holds of them too."""
    if source not in _HELD:
        _HELD.append(source)


def held_of(person: EncounterPerson) -> list[Held]:
    """All of it, for one account."""
    return [h for source in _HELD for h in source(person)]
