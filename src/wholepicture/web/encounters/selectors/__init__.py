"""Reads of encounters that are more than a lookup."""

from wholepicture.web.encounters.selectors.account import (
    Segment,
    Shown,
    encounter_for,
    picture_of,
    recent,
    segments,
    shown,
)
from wholepicture.web.encounters.selectors.history import (
    History,
    history_of,
    left_open,
    matches_for,
    people_to_settle,
    said_of,
)

__all__ = [
    "History",
    "Segment",
    "Shown",
    "encounter_for",
    "history_of",
    "left_open",
    "matches_for",
    "people_to_settle",
    "picture_of",
    "recent",
    "said_of",
    "segments",
    "shown",
]
