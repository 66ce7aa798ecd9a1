"""What apps above add to somebody's picture: what was asked of others for them, and where it leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
