"""What the words around a finding do to it: polarity and time.

The method is ConText (Harkema and others, 2009, after NegEx, Chapman and others, 2001): a cue governs the findings before
or behind it in the same sentence, as far as a word that ends its reach. The cues are data (catalogue/context.toml).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from wholepicture.core.practice.model import ContextRules
from wholepicture.core.recognition.phrases import compile_phrase


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


class Cue(NamedTuple):
    """A cue found in a sentence. Offsets count from the sentence's start."""

    start: int
    end: int
    axis: str
    direction: str
    rule: str
    reach: int


class Reading(NamedTuple):
    """How the words around one finding read, and the cue that decided each."""

    polarity: Polarity = Polarity.AFFIRMED
    time: Time = Time.CURRENT
    cues: tuple[str, ...] = ()


PLAIN_READING = Reading()
FAR = 1000
# Words that negate the verb beside them reach only a few words: "did not answer the door. Crying baby".
_SHORT_REACH = re.compile(
    r"^(?:not|never|no longer|.*n't|\w+nt|is not|was not|are not|were not|has not|had not|have not|cannot|did not|does not|do not)$"
)
_NEGATIVE_START = ("no ", "not ", "never ", "without ", "nobody ", "nowhere ")
_POLARITIES = {"negated": Polarity.NEGATED, "denied": Polarity.DENIED, "uncertain": Polarity.UNCERTAIN}
_TIMES = {
    "historical": Time.HISTORICAL,
    "hypothetical": Time.HYPOTHETICAL,
    "feared": Time.FEARED,
    "future": Time.FUTURE,
}
_STRENGTH = {Polarity.DENIED: 3, Polarity.NEGATED: 2, Polarity.UNCERTAIN: 1}
_TIME_STRENGTH = {Time.HYPOTHETICAL: 4, Time.FEARED: 3, Time.HISTORICAL: 2, Time.FUTURE: 1}


class ContextReader:
    """Reads the context of findings in one sentence after another."""

    def __init__(
        self, rules: ContextRules, words: Mapping[str, tuple[str, ...]], patterns: Mapping[str, str]
    ) -> None:
        self._meanings: list[list[tuple[str, str, str, int, re.Pattern[str] | None]]] = []
        index: dict[str, int] = {}
        for axis, directions in rules.cues.items():
            for direction, wordings in directions.items():
                for wording in wordings:
                    compiled = compile_phrase(wording, words, patterns)
                    reach = (
                        45
                        if axis == "negated" and direction == "before" and _SHORT_REACH.match(wording)
                        else FAR
                    )
                    if direction == "after":
                        reach = 60
                    meaning = (axis, direction, f"context.{axis}.{wording}", reach, compiled.regex)
                    for string in compiled.strings:
                        if string not in index:
                            index[string] = len(self._meanings)
                            self._meanings.append([])
                        self._meanings[index[string]].append(meaning)
        self._automaton = AhoCorasick(list(index), implementation=Implementation.DFA)

    def cues(self, sentence: str) -> list[Cue]:
        """Every cue in a lower-case sentence, the longest where they overlap."""
        found: list[Cue] = []
        size = len(sentence)
        for pattern, start, end in self._automaton.find_matches_as_indexes(sentence, overlapping=True):
            if (start and sentence[start - 1].isalnum() and sentence[start].isalnum()) or (
                end < size and sentence[end].isalnum() and sentence[end - 1].isalnum()
            ):
                continue
            for axis, direction, rule, reach, regex in self._meanings[pattern]:
                span = (start, end) if regex is None else _around(regex, sentence, start, end)
                if span:
                    found.append(Cue(span[0], span[1], axis, direction, rule, reach))
        if len(found) > 1:
            return _longest(found)
        return [c for c in found if c.axis != "plain"]

    def read(self, sentence: str, cues: list[Cue], start: int, end: int, *, spoken: bool = False) -> Reading:
        """The reading of the span ``start:end`` of the sentence.

        ``spoken``: a condition that follows does not undo what was said ("will kill himself if she leaves").
        """
        polarity, time = Polarity.AFFIRMED, Time.CURRENT
        why: list[str] = []
        stops = [c.start for c in cues if c.axis == "stop"]
        for cue in cues:
            if cue.axis == "stop" or not _governs(cue, stops, sentence, start, end):
                continue
            if cue.direction == "reset" or (
                spoken and cue.axis == "hypothetical" and cue.direction == "after"
            ):
                continue
            if cue.axis in _POLARITIES:
                value = _POLARITIES[cue.axis]
                if polarity is Polarity.AFFIRMED or _STRENGTH[value] > _STRENGTH[polarity]:
                    polarity = value
                why.append(cue.rule)
            else:
                moment = _TIMES[cue.axis]
                if moment is Time.HISTORICAL and _reset(cue, cues, start, end):
                    continue
                if time is Time.CURRENT or _TIME_STRENGTH[moment] > _TIME_STRENGTH[time]:
                    time = moment
                why.append(cue.rule)
        return Reading(polarity, time, tuple(why)) if why else PLAIN_READING


def _around(regex: re.Pattern[str], sentence: str, start: int, end: int) -> tuple[int, int] | None:
    for match in regex.finditer(sentence, max(0, start - 40), min(len(sentence), end + 40)):
        if match.start() <= start and match.end() >= end:
            return match.span()
    return None


def _longest(found: list[Cue]) -> list[Cue]:
    """Drop cues that lie inside a longer one, and those that "plain" wording makes plain."""
    found.sort(key=lambda c: (c.start, -c.end, c.axis))
    kept: list[Cue] = []
    for cue in found:
        inside = any(
            o.start <= cue.start
            and cue.end <= o.end
            and (
                (o.end - o.start > cue.end - cue.start and o.direction in (cue.direction, "words"))
                or (o.axis == "plain" and cue.axis != "stop")
            )
            for o in kept
            if o.end >= cue.end
        )
        if not inside or cue.axis == "plain":
            if cue.axis == "plain":
                kept = [
                    o
                    for o in kept
                    if not (o.start == cue.start and o.end == cue.end and o.axis not in ("stop", "plain"))
                ]
            kept.append(cue)
    return [c for c in kept if c.axis != "plain"]


def _governs(cue: Cue, stops: list[int], sentence: str, start: int, end: int) -> bool:
    if cue.direction == "before":
        # "no acute" before "acute distress": a cue may run into what it governs, but not start in it.
        if cue.start >= start or cue.end > end or start - cue.end > cue.reach:
            return False
        if cue.end > start and sentence.startswith(_NEGATIVE_START, start):
            return False
        return not any(cue.end <= stop < start for stop in stops)
    if cue.direction == "after":
        if cue.start < end or cue.start - end > cue.reach:
            return False
        return not any(end <= stop < cue.start for stop in stops)
    return False


def _reset(cue: Cue, cues: list[Cue], start: int, end: int) -> bool:
    """Whether a word such as "now" between a cue of the past and the finding brings it back to today."""
    return any(c.direction == "reset" and cue.end <= c.start and c.end <= start for c in cues)
