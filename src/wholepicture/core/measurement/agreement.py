"""How far people who judged the same things agree.

Raw agreement, Gwet's AC1 (Gwet 2008, "Computing inter-rater reliability and its variance in the presence of high agreement") with
its interval, and Fleiss' kappa (1971) beside it. Where almost everything is judged alike, kappa falls towards nothing while people
agree, so AC1 and the counts are what to read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from wholepicture.core.measurement.signal import Z_95, Interval


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of raters over subjects: raw share of agreeing pairs, AC1 with its interval, and Fleiss' kappa."""

    subjects: int
    raters: int
    raw: float
    ac1: Interval
    kappa: float | None


def agreement(judged: Sequence[Sequence[str]]) -> Agreement | None:
    """From each subject's judgements, one a rater (all subjects have as many, two or more). None when there is nothing to compare.

    Raises:
        ValueError: subjects differ in how many judged them.
    """
    rows = [list(row) for row in judged]
    if not rows or len(rows[0]) < 2:
        return None
    raters = len(rows[0])
    if any(len(row) != raters for row in rows):
        raise ValueError("Each subject must have been judged by as many.")
    categories = sorted({c for row in rows for c in row})
    q, n = max(len(categories), 2), len(rows)
    counts = [[row.count(c) for c in categories] for row in rows]
    each = [sum(k * (k - 1) for k in row) / (raters * (raters - 1)) for row in counts]
    raw = fmean(each)
    shares = [fmean(row[i] / raters for row in counts) for i in range(len(categories))]
    chance = sum(p * (1 - p) for p in shares) / (q - 1)
    ac1 = (raw - chance) / (1 - chance)
    by_chance = sum(p * p for p in shares)
    kappa = (raw - by_chance) / (1 - by_chance) if by_chance < 1 else None
    half = Z_95 * sqrt(_variance(counts, each, shares, raters, q, ac1, chance)) if n > 1 else 2.0
    return Agreement(n, raters, raw, Interval(ac1, max(-1.0, ac1 - half), min(1.0, ac1 + half)), kappa)


def _variance(
    counts: list[list[int]],
    each: list[float],
    shares: list[float],
    raters: int,
    q: int,
    ac1: float,
    chance: float,
) -> float:
    """Gwet's linearised variance of AC1 over subjects."""
    n = len(counts)
    terms = []
    for row, agreed in zip(counts, each, strict=True):
        own = (agreed - chance) / (1 - chance)
        own_chance = sum(k / raters * (1 - p) for k, p in zip(row, shares, strict=True)) / (q - 1)
        terms.append(own - 2 * (1 - ac1) * (own_chance - chance) / (1 - chance))
    return sum((t - ac1) ** 2 for t in terms) / (n * (n - 1))
