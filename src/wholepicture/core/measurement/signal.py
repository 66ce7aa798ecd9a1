"""Signal detection: how well somebody tells what is there from what is not, apart from how readily they say so.

Formulas: Stanislaw and Todorov (1999), "Calculation of signal detection theory measures", with their log-linear correction for
rates of 0 and 1; Wilson (1927) for the interval of a share; Newcombe (1998, method 10) for the difference of two shares.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean
from typing import NamedTuple

_NORMAL = NormalDist()
Z_95 = _NORMAL.inv_cdf(0.975)


class Interval(NamedTuple):
    """A value with the ends of its 95% confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Counts:
    """What was there and seen, there and missed, not there and "seen", not there and left alone."""

    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    correct_rejections: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.hits + other.hits,
            self.misses + other.misses,
            self.false_alarms + other.false_alarms,
            self.correct_rejections + other.correct_rejections,
        )

    @property
    def signals(self) -> int:
        """How many things there were to see."""
        return self.hits + self.misses

    @property
    def noise(self) -> int:
        """How many passages held nothing."""
        return self.false_alarms + self.correct_rejections

    @property
    def sensitivity(self) -> float | None:
        """The share seen of what was there; None when there was nothing."""
        return self.hits / self.signals if self.signals else None

    @property
    def false_alarm_rate(self) -> float | None:
        """The share marked of passages that held nothing; None when there were none."""
        return self.false_alarms / self.noise if self.noise else None

    @property
    def hit_rate_corrected(self) -> float:
        """(hits + 0.5) / (signals + 1), so that neither 0 nor 1 can come of few chances."""
        return (self.hits + 0.5) / (self.signals + 1)

    @property
    def false_alarm_rate_corrected(self) -> float:
        """(false alarms + 0.5) / (noise + 1)."""
        return (self.false_alarms + 0.5) / (self.noise + 1)

    @property
    def d_prime(self) -> float | None:
        """How well what is there is told from what is not: 0 is guessing, 3 is very well. None without both kinds."""
        if not (self.signals and self.noise):
            return None
        return _NORMAL.inv_cdf(self.hit_rate_corrected) - _NORMAL.inv_cdf(self.false_alarm_rate_corrected)

    @property
    def criterion(self) -> float | None:
        """How readily something is marked: above 0 holds back, below 0 marks much. None without both kinds."""
        if not (self.signals and self.noise):
            return None
        hit, false = (
            _NORMAL.inv_cdf(self.hit_rate_corrected),
            _NORMAL.inv_cdf(self.false_alarm_rate_corrected),
        )
        return -(hit + false) / 2


def share(part: int, whole: int) -> Interval | None:
    """A share with its Wilson interval; None of nothing."""
    if whole <= 0:
        return None
    p, z = part / whole, Z_95
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return Interval(p, min(p, max(0.0, middle - half)), max(p, min(1.0, middle + half)))


def difference_of_shares(before: tuple[int, int], after: tuple[int, int]) -> Interval | None:
    """After less before, each given as (part, whole), of different people; None if either is of nothing."""
    one, other = share(*before), share(*after)
    if one is None or other is None:
        return None
    value = other.value - one.value
    low = value - sqrt((other.value - other.low) ** 2 + (one.high - one.value) ** 2)
    high = value + sqrt((other.high - other.value) ** 2 + (one.value - one.low) ** 2)
    return Interval(value, max(-1.0, low), min(1.0, high))


def mean_change(pairs: Sequence[tuple[float, float]], *, draws: int = 2_000) -> Interval | None:
    """The mean of (before, after) differences of the same people, with a percentile bootstrap interval; None below three pairs.

    The draws are seeded, so the same pairs give the same interval.
    """
    if len(pairs) < 3:
        return None
    changes = [after - before for before, after in pairs]
    chance = random.Random(20170420)
    means = sorted(fmean(chance.choices(changes, k=len(changes))) for _ in range(draws))
    return Interval(fmean(changes), means[int(0.025 * draws)], means[int(0.975 * draws) - 1])
