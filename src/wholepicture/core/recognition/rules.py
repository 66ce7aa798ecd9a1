"""What a wording of the catalogue becomes once it can be looked for, and where one was found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from wholepicture.core.practice import Concept, State
from wholepicture.core.recognition.phrases import Compiled


class Use(IntEnum):
    """What the words of a rule do: show its concept, take it away, or name a control (statements.py says how it stands).

    ``AGED``: not words but an age behind somebody's mention, which says by itself whom it is about (ages.py).
    """

    SHOWS = 0
    BLOCKS = 1
    NAMES = 2
    AGED = 3


@dataclass(frozen=True, slots=True)
class Rule:
    concept: Concept
    state: State
    id: str
    phrase: Compiled
    tail: bool
    cased: bool
    near: re.Pattern[str] | None
    not_near: re.Pattern[str] | None
    use: Use
    # Nothing but its words is to be looked at.
    plain: bool
    # The bits of what its phrase needs.
    needs: int


# Where a rule's words start and end, and the rule.
Hit = tuple[int, int, Rule]


def by_place(hit: Hit) -> tuple[int, int]:
    """The order of hits: by where they start, the longer first."""
    return hit[0], -hit[1]
