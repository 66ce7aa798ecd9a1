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
    cumulative,
    history_of,
    key_of,
    left_open,
    matches_for,
    people_to_settle,
    said_of,
    taken_for_the_same,
)
from wholepicture.web.encounters.selectors.judging import (
    Change,
    Tray,
    change_of,
    desk,
    next_to_check,
    openings_to_review,
    to_review,
)
from wholepicture.web.encounters.selectors.retention import (
    coming_up,
    disposals,
    kept_of,
    rules,
    to_review_retention,
)
from wholepicture.web.encounters.selectors.search import accounts_with

__all__ = [
    "Change",
    "History",
    "Segment",
    "Shown",
    "Tray",
    "accounts_with",
    "change_of",
    "coming_up",
    "cumulative",
    "desk",
    "disposals",
    "encounter_for",
    "history_of",
    "kept_of",
    "key_of",
    "left_open",
    "matches_for",
    "next_to_check",
    "openings_to_review",
    "people_to_settle",
    "picture_of",
    "recent",
    "rules",
    "said_of",
    "segments",
    "shown",
    "taken_for_the_same",
    "to_review",
    "to_review_retention",
]
