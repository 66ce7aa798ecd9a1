"""How well people do: signal detection, marking against a key, item analysis and agreement."""

from wholepicture.core.measurement.agreement import Agreement, agreement
from wholepicture.core.measurement.cutscore import Cut, angoff
from wholepicture.core.measurement.fairness import Group, side_by_side
from wholepicture.core.measurement.items import FEW, analyse, reliability
from wholepicture.core.measurement.marking import (
    Mark,
    Marked,
    SaidLink,
    Seen,
    Work,
    answers,
    mark_work,
    minutes_spent,
)
from wholepicture.core.measurement.signal import Counts, Interval, difference_of_shares, mean_change, share

__all__ = [
    "FEW",
    "Agreement",
    "Counts",
    "Cut",
    "Group",
    "Interval",
    "Mark",
    "Marked",
    "SaidLink",
    "Seen",
    "Work",
    "agreement",
    "analyse",
    "angoff",
    "answers",
    "difference_of_shares",
    "mark_work",
    "mean_change",
    "minutes_spent",
    "reliability",
    "share",
    "side_by_side",
]
