"""Agreement of assessors in the ways that reviewers ask for, beside Gwet's AC1 (agreement.py): each with what it means in words.

Cohen (1960); Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability"; Gwet (2014), "Handbook of Inter-Rater Reliability",
chapter 6, for AC2 with ordinal weights. Short implementations of our own, held to published tables in the tests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import combinations
from math import comb
from statistics import fmean

from wholepicture.core.measurement.agreement import Agreement

FEW_SUBJECTS = 20


class Scale(StrEnum):
    """How far apart two different judgements are."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


def cohen_kappa(one: Sequence[str], other: Sequence[str]) -> float | None:
    """Cohen's kappa of two raters over the same subjects; None when both say one and the same thing throughout.

    Raises:
        ValueError: they did not judge as many.
    """
    if len(one) != len(other):
        raise ValueError("Both must have judged as many.")
    n = len(one)
    if not n:
        return None
    observed = sum(a == b for a, b in zip(one, other, strict=True)) / n
    first, second = Counter(one), Counter(other)
    chance = sum(first[c] * second[c] for c in first) / (n * n)
    return (observed - chance) / (1 - chance) if chance < 1 else None


def krippendorff_alpha(judged: Sequence[Sequence[int | None]], scale: Scale = Scale.NOMINAL) -> float | None:
    """Krippendorff's alpha of any number of raters: one row a rater, None where a rater did not judge.

    Values are whole numbers, in order for an ordinal scale. None when fewer than two were judged twice, or nothing differs.
    """
    units = [[v for v in unit if v is not None] for unit in zip(*judged, strict=True)]
    units = [u for u in units if len(u) > 1]
    totals = Counter(v for u in units for v in u)
    n = sum(totals.values())
    if n < 2 or len(totals) < 2:
        return None
    apart = _distance(scale, totals)
    observed = sum(2 * sum(apart(a, b) for a, b in combinations(unit, 2)) / (len(unit) - 1) for unit in units)
    values = sorted(totals)
    expected = sum(2 * totals[a] * totals[b] * apart(a, b) for a, b in combinations(values, 2)) / (n - 1)
    return 1 - observed / expected


def _distance(scale: Scale, totals: Counter[int]) -> Callable[[int, int], float]:
    values = sorted(totals)

    def ordinal(a: int, b: int) -> float:
        low, high = sorted((a, b))
        between = sum(totals[v] for v in values if low <= v <= high)
        return (between - (totals[low] + totals[high]) / 2) ** 2 if low != high else 0.0

    if scale is Scale.ORDINAL:
        return ordinal
    if scale is Scale.INTERVAL:
        return lambda a, b: float((a - b) ** 2)
    return lambda a, b: float(a != b)


def gwet_ac2(judged: Sequence[Sequence[int]], categories: int) -> float | None:
    """Gwet's AC2 with ordinal weights: one row a subject, one judgement a rater, each 0 to ``categories`` - 1.

    None when there is nothing to compare.

    Raises:
        ValueError: a judgement is outside the scale, or subjects differ in how many judged them.
    """
    rows = [list(row) for row in judged]
    if not rows or len(rows[0]) < 2 or categories < 2:
        return None
    raters = len(rows[0])
    if any(len(r) != raters or not all(0 <= v < categories for v in r) for r in rows):
        raise ValueError("Each subject must have as many judgements, each on the scale.")
    weights = _ordinal_weights(categories)
    each = []
    for row in rows:
        pairs = list(combinations(row, 2))
        each.append(fmean(weights[a][b] for a, b in pairs))
    shares = [fmean(row.count(c) / raters for row in rows) for c in range(categories)]
    total = sum(sum(w) for w in weights)
    chance = total / (categories * (categories - 1)) * sum(p * (1 - p) for p in shares)
    return (fmean(each) - chance) / (1 - chance)


def _ordinal_weights(categories: int) -> list[list[float]]:
    """1 less the number of pairs of steps between two categories, as a share of the most there can be."""
    most = comb(categories, 2)
    return [
        [1.0 if a == b else 1 - comb(abs(a - b) + 1, 2) / most for b in range(categories)]
        for a in range(categories)
    ]


def in_words(found: Agreement) -> str:
    """What an agreement says, for who has not met such numbers; and whether there are too few to say anything."""
    low = found.ac1.low
    if found.subjects < FEW_SUBJECTS:
        return f"Only {found.subjects} judged: read the pieces on which you differ, not the number."
    if low >= 0.8:
        return "They agree well, and this is not by chance."
    if low >= 0.6:
        return "They agree on most. Read together those on which they differ."
    if found.ac1.high >= 0.8:
        return "They may agree or not: the interval is wide. Judge more pieces before you conclude."
    return "They do not agree enough to rely on one mark. Standardise before more is assessed."
