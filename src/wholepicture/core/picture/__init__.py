"""What it adds up to: observations to picture, lens and control watch."""

from pathlib import Path

from wholepicture.core import compiled

compiled.prefer(Path(__file__).parent, __path__)

from wholepicture.core.picture.draw import (  # noqa: E402
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
from wholepicture.core.picture.judgement import Grade, Head, Prompt, disagreement, prompts, worst  # noqa: E402
from wholepicture.core.picture.lens import Question, questions  # noqa: E402
from wholepicture.core.picture.observe import Held, Observation, Why, fold  # noqa: E402
from wholepicture.core.picture.pattern import Learnt, Pattern, Report, learnt_since, read_together  # noqa: E402

__all__ = [
    "Grade",
    "Guard",
    "Head",
    "Held",
    "Learnt",
    "Observation",
    "PathwayResult",
    "PathwayState",
    "Pattern",
    "Picture",
    "Prompt",
    "Question",
    "Report",
    "WatchItem",
    "Why",
    "actions_for",
    "concepts_of",
    "disagreement",
    "draw",
    "fold",
    "learnt_since",
    "prompts",
    "questions",
    "read_together",
    "watch",
    "worst",
]
