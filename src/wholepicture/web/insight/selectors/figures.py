"""All of a force's figures, each with its definition, the query that it asks, and what it does not say. Counts of people are rounded, small ones kept back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from wholepicture.web.accounts.models import Force
from wholepicture.web.encounters.selectors import counting
from wholepicture.web.insight.selectors.acting import capability, controls, partners, timeliness
from wholepicture.web.insight.selectors.coming_in import comes_together, demand, repeat
from wholepicture.web.insight.selectors.figure import PERIODS, Asked, Figure
from wholepicture.web.insight.selectors.workforce import missed, people_say, training

__all__ = ["PERIODS", "Asked", "Figure", "Shown", "figures_of", "make_ready", "shown"]
SLOW_SECONDS, KEPT_SECONDS = 1.0, 70 * 60


def figures_of(asked: Asked, *, only: str = "") -> list[Figure]:
    """Every figure, or one: each asks only what it needs."""
    held: list[counting.Seen] = []

    def seen() -> counting.Seen:
        if not held:
            held.append(counting.seen_in(asked.scope))
        return held[0]

    makers: dict[str, Callable[[], Figure]] = {
        "demand": lambda: demand(asked, seen()),
        "together": lambda: comes_together(asked, seen()),
        "repeat": lambda: repeat(asked),
        "missed": lambda: missed(asked),
        "timeliness": lambda: timeliness(asked),
        "controls": lambda: controls(asked),
        "partners": lambda: partners(asked),
        "capability": lambda: capability(asked, seen()),
        "training": lambda: training(asked),
        "wellbeing": lambda: people_say(asked),
    }
    if not asked.wellbeing:
        del makers["wellbeing"]
    return [make() for name, make in makers.items() if only in ("", name)]


@dataclass(frozen=True, slots=True)
class Shown:
    """Every figure, and as of when."""

    figures: tuple[Figure, ...]
    at: datetime


def _key(asked: Asked) -> str:
    return f"figures-{asked.force.pk}-{asked.months}-{asked.team.pk if asked.team else 0}-{asked.wellbeing:d}"


def shown(asked: Asked) -> Shown:
    """Every figure, for the page that has all. Where they take long they are kept for an hour: counts alone, and the page says as of when."""
    held: Shown | None = cache.get(_key(asked))
    return held or _made(asked)


def _made(asked: Asked) -> Shown:
    began = time.monotonic()
    found = Shown(tuple(figures_of(asked)), asked.until)
    if time.monotonic() - began > SLOW_SECONDS:
        cache.set(_key(asked), found, KEPT_SECONDS)
    return found


def make_ready(now: datetime) -> None:
    """Have each large force's figures ready before anybody asks: a year, of the whole force. The worker does it every hour."""
    for force in Force.objects.all():
        for sees in (True, False):
            _made(Asked(force, 12, now, None, sees))
