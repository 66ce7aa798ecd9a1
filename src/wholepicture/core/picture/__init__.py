"""What it adds up to: observations to picture, lens and control watch."""

from wholepicture.core.picture.draw import (
    Guard,
    PathwayResult,
    PathwayState,
    Picture,
    WatchItem,
    actions_for,
    concepts_of,
    draw,
    watch,
)
from wholepicture.core.picture.lens import Question, questions
from wholepicture.core.picture.observe import Held, Observation, Why, fold

__all__ = [
    "Guard",
    "Held",
    "Observation",
    "PathwayResult",
    "PathwayState",
    "Picture",
    "Question",
    "WatchItem",
    "Why",
    "actions_for",
    "concepts_of",
    "draw",
    "fold",
    "questions",
    "watch",
]
