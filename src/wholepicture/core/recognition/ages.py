"""What somebody's age alone shows: "Jade Moon, 17" is of a child, "Mrs Hall (84)" of somebody who may be frail.

A concept of the catalogue may say the ``ages`` it holds for. An age is read where it stands directly behind somebody's name or
role word: after a comma or in brackets, or, behind a name alone, by itself ("her son Reece 14 has"). A number after which a
unit or another noun stands ("Male, 2 knives") is no age, nor is the number of somebody who is counted ("Male 2").
"""

from __future__ import annotations

import re
from bisect import bisect_left

from wholepicture.core.practice import Catalogue, Concept, Kind, State
from wholepicture.core.recognition.participants import Mention
from wholepicture.core.recognition.phrases import Compiled
from wholepicture.core.recognition.rules import Hit, Rule, Use, by_place
from wholepicture.core.recognition.text import Normal

_AFTER = (
    r"(?=[.,;:)]|$| (?:and|who|has|had|is|was|were|are|with|of|said|says|states|reports|from|at|in|on|lives|lived|went|came|arrested|"
    r"missing|attended|left|called|rang|told|threatened|but)\b)(?!\.\d)"
)
_SET_APART = re.compile(
    rf",? ?(?:\((?:aged |age )?(\d{{1,3}})\)|, ?(?:aged |age )?(\d{{1,3}}){_AFTER}|,? aged (\d{{1,3}}){_AFTER})"
)
_BARE = re.compile(rf" (\d{{1,2}}){_AFTER}")
_SURNAME = re.compile(r" [A-Z][A-Za-z'’-]+")
_OLDEST = 110
_ANYTHING = Compiled((), None)


class AgeReader:
    """The concepts of a catalogue that an age shows."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._by_age: list[tuple[int, int, Rule]] = [
            (*concept.ages, _rule(concept))
            for concept in catalogue.concepts.values()
            if concept.ages and concept.kind is Kind.FACTOR and not concept.retired
        ]
        # Whether there is any such concept: if not, nothing need be read.
        self.any = bool(self._by_age)
        self._role_words = frozenset(word for group in catalogue.roles for word in group.words)

    def read(self, normal: Normal, mentions: list[Mention], hits: list[Hit]) -> list[Hit]:
        """``hits``, and one for each concept that an age behind a mention shows, in order of place."""
        low = normal.low
        more: list[Hit] = []
        for start, end, who in mentions:
            if who.plural or not who.pictured or low[end : end + 1] not in (" ", ","):
                continue
            named = low[start:end] not in self._role_words
            surname = _SURNAME.match(normal.cased, end) if named else None
            until = surname.end() if surname else end
            match = _SET_APART.match(low, until)
            if match is None and named:
                match = _BARE.match(low, until)
            if match is None:
                continue
            age, until = int(match[match.lastindex or 1]), match.end()
            if age <= _OLDEST:
                more += [(start, until, rule) for least, most, rule in self._by_age if least <= age <= most]
        more = [hit for hit in more if not _found_already(hits, hit)]
        return sorted([*hits, *more], key=by_place) if more else hits


def _rule(concept: Concept) -> Rule:
    return Rule(
        concept, State.PRESENT, f"{concept.id}.age", _ANYTHING, False, False, None, None, Use.AGED, True, 0
    )


def _found_already(hits: list[Hit], new: Hit) -> bool:
    """Whether the same concept is found on these words: hits come in order of their starts, and are short."""
    start, end, rule = new
    at = bisect_left(hits, start - 200, key=_start)
    for hit in hits[at:]:
        if hit[0] >= end:
            return False
        if hit[1] > start and hit[2].concept is rule.concept:
            return True
    return False


def _start(hit: Hit) -> int:
    return hit[0]
