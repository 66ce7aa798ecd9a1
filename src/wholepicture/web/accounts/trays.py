"""What waits for somebody, tray by tray: each app says what it has, and the first page shows them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from wholepicture.web.accounts.models import User


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: what it is, where it leads and since when (None: it has not waited, it is to be looked at)."""

    text: str
    note: str
    address: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Tray:
    """One kind of thing that waits for somebody, oldest or worst first. ``empty`` says so kindly."""

    title: str
    items: tuple[Waiting, ...]
    empty: str
    more: str = ""

    @property
    def oldest(self) -> datetime | None:
        """Since when the oldest has waited."""
        return min((w.since for w in self.items if w.since), default=None)


_SOURCES: list[Callable[[User], list[Tray]]] = []


def register(source: Callable[[User], list[Tray]]) -> None:
    """Have the first page ask an app above for its trays too."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def registered(user: User) -> list[Tray]:
    """The trays of every app that registered."""
    return [tray for source in _SOURCES for tray in source(user)]
