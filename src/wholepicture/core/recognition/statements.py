"""How a control stands, read from what is said beside its name: "discharged from CAMHS", "the social worker has not visited".

A control's own wordings come first. Where its name (``known_as``) stands without one of those, the words beside it are
looked up among the statements that hold for all controls alike (catalogue/statements.toml): first before the name, over no more
than the small words and capitals of a longer name; then behind it, over a few words and no new subject. The worse of the two
is heard. A name with nothing said of it is found once, as "not known".
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from wholepicture.core.practice import State, Statements
from wholepicture.core.recognition.phrases import PhraseError, listed
from wholepicture.core.recognition.rules import Hit, Rule, by_place
from wholepicture.core.recognition.text import Normal

# How many words may stand between a name and what is said of it.
BETWEEN_BEFORE = 5
BETWEEN_AFTER = 3
# No further from a name than this is looked, in characters.
REACH = 90
_MARKS = ",:'\"()[]*"
_ENDS = ".;!?"
_WORST = (State.HOLDING, State.ABSENT, State.WEAKENING, State.FAILED)
# What is said: where it starts and ends, how the control stands, and the wording.
Said = tuple[int, int, State, str]
# A word, where it starts and where it ends.
Words = list[tuple[str, int, int]]
Spans = list[tuple[int, int]]


class StatementReader:
    """The statements of a catalogue made ready to read. ``problems`` gains a line for each wording that cannot be used."""

    def __init__(
        self,
        statements: Statements,
        words: Mapping[str, tuple[str, ...]],
        patterns: Mapping[str, str],
        problems: list[str],
    ) -> None:
        self._before = _by_word(statements.before, words, patterns, problems, last=True)
        self._after = _by_word(statements.after, words, patterns, problems, last=False)
        self._small, self._breaks, self._joins = statements.small_words, statements.breaks, statements.joins
        self._rules: dict[tuple[str, State, str], Rule] = {}

    def read(self, normal: Normal, found: list[Hit], named: list[Hit]) -> list[Hit]:
        """``found``, and a hit for each of the names that nothing found covers, in order of place."""
        taken: dict[str, Spans] = {}
        for start, end, rule in found:
            taken.setdefault(rule.concept.id, []).append((start, end))
        told = set(taken)
        more: list[Hit] = []
        unsaid: list[Hit] = []
        for hit in named:
            start, end, rule = hit
            name = rule.concept.id
            if _overlaps(taken.get(name, ()), start, end):
                continue
            said = self._said(normal, start, end)
            if said is None:
                unsaid.append(hit)
                continue
            told.add(name)
            if not _overlaps(taken.get(name, ()), said[0], said[1]):
                insort(taken.setdefault(name, []), said[:2])
                more.append((said[0], said[1], self._rule(rule, said[2], said[3])))
        for hit in unsaid:
            if hit[2].concept.id not in told:
                told.add(hit[2].concept.id)
                more.append(hit)
        return sorted([*found, *more], key=by_place) if more else found

    def _said(self, normal: Normal, start: int, end: int) -> Said | None:
        left, right = normal.sentence(start)
        before = self._look_before(normal, max(left, start - REACH), start)
        after = self._look_after(normal.low, end, min(right, end + REACH))
        if before is None or (after is not None and _WORST.index(after[2]) > _WORST.index(before[2])):
            return after and (start, after[1], after[2], after[3])
        return before[0], end, before[2], before[3]

    def _look_before(self, normal: Normal, left: int, start: int) -> Said | None:
        words = _words(normal.low, left, start)
        for near in range(len(words), max(0, len(words) - BETWEEN_BEFORE - 1), -1):
            for cue, state, wording in self._before.get(words[near - 1][0], ()):
                first = near - len(cue)
                if first >= 0 and all(words[first + i][0] == w for i, w in enumerate(cue)):
                    return words[first][1], start, state, wording
            word, at, _ = words[near - 1]
            if word not in self._small and not normal.cased[at].isupper():
                return None
        return None

    def _look_after(self, low: str, end: int, right: int) -> Said | None:
        words = _words(low, end, right)
        for first, (word, at, _) in enumerate(words[: BETWEEN_AFTER + 1]):
            gap = low[at - 2 : at]
            if any(mark in _ENDS for mark in gap) or ("," in gap and word not in self._joins):
                return None
            for cue, state, wording in self._after.get(word, ()):
                part = words[first : first + len(cue)]
                if len(part) == len(cue) and all(p[0] == w for p, w in zip(part, cue, strict=True)):
                    return end, part[-1][2], state, wording
            if word in self._breaks:
                return None
        return None

    def _rule(self, rule: Rule, state: State, wording: str) -> Rule:
        key = (rule.id, state, wording)
        if key not in self._rules:
            self._rules[key] = replace(rule, state=state, id=f"{rule.id} + said.{state}.{wording}")
        return self._rules[key]


def _by_word(
    wordings: Mapping[State, Iterable[str]],
    words: Mapping[str, tuple[str, ...]],
    patterns: Mapping[str, str],
    problems: list[str],
    *,
    last: bool,
) -> dict[str, list[tuple[tuple[str, ...], State, str]]]:
    """What is said, by the word of it that stands nearest the name; the longest first."""
    index: dict[str, list[tuple[tuple[str, ...], State, str]]] = {}
    for state, texts in wordings.items():
        for text in texts:
            try:
                strings = listed(text, words, patterns)
            except PhraseError as error:
                problems.append(f"statements.toml: {state}: {error}")
                continue
            for string in strings:
                cue = tuple(string.split())
                index.setdefault(cue[-1 if last else 0], []).append((cue, state, text))
    for entries in index.values():
        entries.sort(key=_longest_cue)
    return index


def _longest_cue(entry: tuple[tuple[str, ...], State, str]) -> tuple[int, int]:
    return -len(entry[0]), -_WORST.index(entry[1])


def _words(low: str, left: int, right: int) -> Words:
    """The words of a stretch without the marks about them, each with where it starts and ends."""
    found: Words = []
    at = left
    for part in low[left:right].split(" "):
        word = part.strip(_MARKS + _ENDS)
        if word:
            start = at + part.index(word)
            found.append((word, start, start + len(word)))
        at += len(part) + 1
    return found


def _overlaps(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of the spans, which are apart and in order, shares a character with this one."""
    at = bisect_right(spans, (end - 1, end))
    return at > 0 and spans[at - 1][1] > start
