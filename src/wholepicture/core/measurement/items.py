"""Classical item analysis: how each item of a test does, and how far the whole can be relied on.

Formulas: Crocker and Algina (1986), "Introduction to Classical and Modern Test Theory", chapters 7 and 14. Below thirty takers a
figure is a hint, and is to be shown as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, pvariance

from wholepicture.core.measurement.signal import Interval, share

FEW = 30


@dataclass(frozen=True, slots=True)
class Item:
    """How one item did. ``facility``: share who got it; ``discrimination``: its correlation with the rest of the score."""

    id: str
    takers: int
    facility: Interval
    discrimination: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """Cronbach's alpha of a set of items and the standard error of measurement, in items."""

    takers: int
    items: int
    alpha: float | None
    error: float | None


def analyse(answers: Mapping[str, Sequence[bool | None]]) -> list[Item]:
    """Each item, from its answers by taker (None: this taker did not meet it). All sequences have one place a taker."""
    found = []
    for name, given in answers.items():
        met = [g for g in given if g is not None]
        facility = share(sum(met), len(met))
        if facility is None:
            continue
        rest = [(float(right), _rest(answers, name, n)) for n, right in enumerate(given) if right is not None]
        pairs = [(right, score) for right, score in rest if score is not None]
        found.append(Item(name, len(met), facility, correlation(pairs)))
    return found


def _rest(answers: Mapping[str, Sequence[bool | None]], name: str, taker: int) -> float | None:
    """A taker's share right of the other items they met."""
    others = [float(g[taker]) for k, g in answers.items() if k != name and g[taker] is not None]  # type: ignore[arg-type]
    return fmean(others) if others else None


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's r; None when there are fewer than three pairs or one side does not vary."""
    if len(pairs) < 3:
        return None
    xs, ys = [p[0] for p in pairs], [p[1] for p in pairs]
    mx, my = fmean(xs), fmean(ys)
    sx, sy = sum((x - mx) ** 2 for x in xs), sum((y - my) ** 2 for y in ys)
    if sx == 0 or sy == 0:
        return None
    return sum((x - mx) * (y - my) for x, y in pairs) / sqrt(sx * sy)


def reliability(answers: Mapping[str, Sequence[bool | None]]) -> Reliability:
    """Cronbach's alpha over the takers who met every item; None with fewer than two of either, or if nobody differs."""
    columns = list(answers.values())
    takers = [row for row in zip(*columns, strict=True) if all(v is not None for v in row)] if columns else []
    k = len(columns)
    if k < 2 or len(takers) < 2:
        return Reliability(len(takers), k, None, None)
    rows = [[float(bool(v)) for v in row] for row in takers]
    total = pvariance([sum(row) for row in rows])
    if total == 0:
        return Reliability(len(rows), k, None, None)
    parts = sum(pvariance([row[n] for row in rows]) for n in range(k))
    alpha = k / (k - 1) * (1 - parts / total)
    return Reliability(len(rows), k, alpha, sqrt(total) * sqrt(1 - alpha) if alpha <= 1 else None)
