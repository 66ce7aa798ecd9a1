"""Every read of training that is more than a lookup."""

from wholepicture.web.training.selectors.debrief import Debrief, debrief_of
from wholepicture.web.training.selectors.exercises import exercise_again, exercise_for
from wholepicture.web.training.selectors.learning import (
    before_and_after,
    handed_in_scenarios,
    is_open,
    modules_of,
    next_step,
    places,
    recalls_due,
    still_to_take,
)

__all__ = [
    "Debrief",
    "before_and_after",
    "debrief_of",
    "exercise_again",
    "exercise_for",
    "handed_in_scenarios",
    "is_open",
    "modules_of",
    "next_step",
    "places",
    "recalls_due",
    "still_to_take",
]
