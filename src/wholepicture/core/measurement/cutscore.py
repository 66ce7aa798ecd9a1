"""Where the line of a test is: judges say for each question how many of a hundred just-competent people would have it right.

Modified Angoff method, in rounds: Angoff (1971), "Scales, norms and equivalent scores"; the standard error is that of the judges'
own totals. Crocker and Algina (1986), chapter 18.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import fmean, stdev

FEW_JUDGES = 5


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut score in questions right, unrounded; its standard error over judges (None with one); each question's mean and spread."""

    score: float
    error: float | None
    judges: int
    questions: tuple[tuple[str, float, float], ...]

    @property
    def needed(self) -> int:
        """The fewest right answers that pass."""
        return ceil(self.score - 1e-9)


def angoff(judged: Mapping[str, Mapping[str, float]]) -> Cut | None:
    """The cut score from each judge's shares (0 to 1) by question; None when nobody has judged.

    Raises:
        ValueError: judges judged different questions, or a share is not between 0 and 1.
    """
    everyone = list(judged.values())
    if not everyone:
        return None
    questions = list(everyone[0])
    if any(set(j) != set(questions) for j in everyone):
        raise ValueError("Every judge must have judged each question.")
    if any(not 0 <= share <= 1 for j in everyone for share in j.values()):
        raise ValueError("Each share must be between 0 and 1.")
    totals = [sum(j.values()) for j in everyone]
    each = []
    for q in questions:
        said = [j[q] for j in everyone]
        each.append((q, fmean(said), max(said) - min(said)))
    error = stdev(totals) / sqrt(len(totals)) if len(totals) > 1 else None
    return Cut(fmean(totals), error, len(totals), tuple(each))
