"""What the words around a finding do to it: polarity and time.

The method is ConText (Harkema and others, 2009, after NegEx, Chapman and others, 2001): a cue governs the findings before
or behind it in the same sentence, as far as a word that ends its reach. The cues are data (catalogue/context.toml).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from wholepicture.core.practice.model import ContextRules
from wholepicture.core.recognition.phrases import compile_phrase, compiled


class Polarity(StrEnum):
    """Whether it is said to be so. "Denied" is what somebody said, not that it is absent."""

    AFFIRMED = "affirmed"
    NEGATED = "negated"
    DENIED = "denied"
    UNCERTAIN = "uncertain"


class Time(StrEnum):
    """When it is said to be so."""

    CURRENT = "current"
    HISTORICAL = "historical"
    HYPOTHETICAL = "hypothetical"
    FEARED = "feared"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one cue wording does: ``reach`` in characters; ``strength`` settles which of two cues is heard."""

    axis: str
    direction: str
    rule: str
    reach: int
    regex: re.Pattern[str] | None
    polarity: Polarity | None
    time: Time | None
    strength: int


# A cue found in a sentence: where it starts and ends, counted from the sentence's start, and what it does.
Cue = tuple[int, int, Meaning]


class Reading(NamedTuple):
    """How the words around one finding read, and the cue that decided each."""

    polarity: Polarity = Polarity.AFFIRMED
    time: Time = Time.CURRENT
    cues: tuple[str, ...] = ()


PLAIN_READING = Reading()
FAR = 1000
# Words that negate the verb beside them reach only a few words: "did not answer the door. Crying baby".
_SHORT_REACH = re.compile(
    r"^(?:not|never|no longer|.*n't|\w+nt|is not|was not|are not|were not|has not|had not|have not|cannot|did not|does not|do not"
    r"|.* \((?:is n|has never|isn't).*\))$"
)
_WHOSE = frozenset(("her", "his", "their", "my", "our", "your", "the"))
_OF_WHO = ("negated", "uncertain", "historical")
_NEGATIVE_START = ("no ", "not ", "never ", "without ", "nobody ", "nowhere ")
_POLARITIES = {"negated": Polarity.NEGATED, "denied": Polarity.DENIED, "uncertain": Polarity.UNCERTAIN}
_TIMES = {
    "historical": Time.HISTORICAL,
    "hypothetical": Time.HYPOTHETICAL,
    "feared": Time.FEARED,
    "future": Time.FUTURE,
}
_STRENGTH = {
    "denied": 3,
    "negated": 2,
    "uncertain": 1,
    "hypothetical": 4,
    "feared": 3,
    "historical": 2,
    "future": 1,
}


class ContextReader:
    """Reads the context of findings in one sentence after another."""

    def __init__(
        self, rules: ContextRules, words: Mapping[str, tuple[str, ...]], patterns: Mapping[str, str]
    ) -> None:
        self._meanings: list[list[Meaning]] = []
        index: dict[str, int] = {}
        for axis, directions in rules.cues.items():
            for direction, wordings in directions.items():
                for wording in wordings:
                    phrase = compile_phrase(wording, words, patterns)
                    reach = (
                        45
                        if axis in ("negated", "denied")
                        and direction == "before"
                        and _SHORT_REACH.match(wording)
                        else FAR
                    )
                    if direction == "after":
                        reach = 60
                    meaning = Meaning(
                        axis,
                        direction,
                        f"context.{axis}.{wording}",
                        reach,
                        compiled(phrase.expression) if phrase.expression else None,
                        _POLARITIES.get(axis),
                        _TIMES.get(axis),
                        _STRENGTH.get(axis, 0),
                    )
                    for string in phrase.strings:
                        if string not in index:
                            index[string] = len(self._meanings)
                            self._meanings.append([])
                        self._meanings[index[string]].append(meaning)
        # The one meaning of a wording that has one and needs nothing more looked at: nearly all of them.
        self._simple = [m[0] if len(m) == 1 and m[0].regex is None else None for m in self._meanings]
        self._find = AhoCorasick(
            list(index), implementation=Implementation.ContiguousNFA
        ).find_matches_as_indexes

    def cues(self, sentence: str) -> list[Cue]:
        """Every cue in a lower-case sentence, the longest where they overlap."""
        found: list[Cue] = []
        size = len(sentence)
        for pattern, start, end in self._find(sentence, overlapping=True):
            if (end < size and sentence[end].isalnum() and sentence[end - 1].isalnum()) or (
                start and sentence[start - 1].isalnum() and sentence[start].isalnum()
            ):
                continue
            simple = self._simple[pattern]
            if simple is not None:
                found.append((start, end, simple))
                continue
            tried = span = None
            for meaning in self._meanings[pattern]:
                if meaning.regex is None:
                    found.append((start, end, meaning))
                    continue
                if meaning.regex is not tried:
                    tried = meaning.regex
                    span = _around(tried, sentence, start, end)
                if span:
                    found.append((*span, meaning))
        if len(found) > 1:
            return _longest(found)
        return found if found and found[0][2].axis != "plain" else []

    def read(self, sentence: str, cues: list[Cue], start: int, end: int, *, spoken: bool = False) -> Reading:
        """The reading of the span ``start:end`` of the sentence.

        ``spoken``: a condition that follows does not undo what was said ("will kill himself if she leaves").
        """
        polarity, time = PLAIN_READING.polarity, PLAIN_READING.time
        polarity_strength = time_strength = 0
        why: list[str] = []
        stops = [place for place, _, meaning in cues if meaning.axis == "stop"]
        for cue in cues:
            cue_start, cue_end, meaning = cue
            if meaning.direction == "before":
                # "no acute" before "acute distress": a cue may run into what it governs, but not start in it.
                if cue_start >= start or cue_end > end or start - cue_end > meaning.reach:
                    continue
                if cue_end > start and sentence.startswith(_NEGATIVE_START, start):
                    continue
                if stops and any(cue_end <= stop < start for stop in stops):
                    continue
            elif meaning.direction == "after":
                if cue_start < end or cue_start - end > meaning.reach:
                    continue
                if stops and any(end <= stop < cue_start for stop in stops):
                    continue
            else:
                continue
            if meaning.polarity is not None:
                if meaning.strength > polarity_strength:
                    polarity, polarity_strength = meaning.polarity, meaning.strength
            elif meaning.time is not None:
                if spoken and meaning.axis == "hypothetical" and meaning.direction == "after":
                    continue
                if meaning.axis == "historical" and _reset(cue, cues, start):
                    continue
                if meaning.strength > time_strength:
                    time, time_strength = meaning.time, meaning.strength
            why.append(meaning.rule)
        return Reading(polarity, time, tuple(why)) if why else PLAIN_READING


def names_somebody(text: str, start: int) -> bool:
    """Whether what begins here is said to be somebody's: "her husband", "the victim's son". Who is named so is there."""
    word = text[start : text.find(" ", start)]
    return word in _WHOSE or word.endswith(("'s", "s'"))


def beside(cues: list[Cue], start: int) -> list[Cue]:
    """The cues that speak of who somebody is and not of what was done: directly before the name ("is not her husband")."""
    return [
        c
        for c in cues
        if c[1] in (start - 1, start) and c[2].axis in _OF_WHO and c[2].rule != "context.negated.without"
    ]


def _around(regex: re.Pattern[str], sentence: str, start: int, end: int) -> tuple[int, int] | None:
    for match in regex.finditer(sentence, max(0, start - 40), min(len(sentence), end + 40)):
        if match.start() <= start and match.end() >= end:
            return match.span()
    return None


def _longest(found: list[Cue]) -> list[Cue]:
    """Drop cues that lie inside a longer one, and those that "plain" wording makes plain."""
    first = at = -1
    for start, end, meaning in found:
        if (start < at and (start, end) != (first, at)) or meaning.axis == "plain":
            break
        first, at = start, end
    else:
        return found
    found.sort(key=_by_place)
    kept: list[Cue] = []
    plain = False
    for cue in found:
        start, end, meaning = cue
        if meaning.axis == "plain":
            plain = True
            kept = [o for o in kept if o[:2] != (start, end) or o[2].axis in ("stop", "plain")]
            kept.append(cue)
        elif not kept or kept[-1][1] <= start or not _inside(cue, kept):
            kept.append(cue)
    return [c for c in kept if c[2].axis != "plain"] if plain else kept


def _by_place(cue: Cue) -> tuple[int, int, str]:
    return cue[0], -cue[1], cue[2].axis


def _inside(cue: Cue, kept: list[Cue]) -> bool:
    """Whether a cue lies in one kept before it that is plain, or longer and of its own direction."""
    start, end, meaning = cue
    for other_start, other_end, other in kept:
        if other_end < end or other_start > start:
            continue
        if other.axis == "plain":
            if meaning.axis != "stop":
                return True
        elif other_end - other_start > end - start and other.direction == meaning.direction:
            return True
    return False


def _reset(cue: Cue, cues: list[Cue], start: int) -> bool:
    """Whether a word such as "now" between a cue of the past and the finding brings it back to today."""
    return any(m.direction == "reset" and cue[1] <= s and e <= start for s, e, m in cues)
