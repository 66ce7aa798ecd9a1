"""Where the catalogue's phrases stand in a text: one automaton over their strings, and what settles the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ahocorasick_rs import AhoCorasick

from wholepicture.core.practice import Catalogue, Concept, Kind, State
from wholepicture.core.recognition.needs import Words
from wholepicture.core.recognition.phrases import STOP, Compiled, PhraseError, compile_phrase, compiled
from wholepicture.core.recognition.rules import Hit, Rule, Use, by_place
from wholepicture.core.recognition.statements import StatementReader
from wholepicture.core.recognition.text import Normal

NEAR = 60
# Shorthand that is also an ordinary word, so that text all in capitals, or all in small letters, does not show it.
_WORDS_TOO = frozenset(
    [
        "add",
        "met",
        "ce",
        "pin",
        "ppo",
        "it",
        "odd",
        "pp",
        "lac",
        "mind",
        "prs",
        "tau",
        "sen",
        "po",
        "asc",
        "abi",
        "abc",
        "cin",
        "cp",
    ]
)


_BLOCKS = Use.BLOCKS
_PREFIX = {Use.SHOWS: "", Use.BLOCKS: "not.", Use.NAMES: "named."}


class Matcher:
    """A catalogue's phrases made ready to be found. ``vocabulary``: the longer words of them, and those it lists."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.problems: list[str] = []
        self._words = Words()
        # What stands under each string of the automaton. Most strings of a phrase stand for it alone and share its tuple.
        index: dict[str, tuple[Rule, ...]] = {}
        self.vocabulary = set(catalogue.spelling)
        for concept in catalogue.concepts.values():
            if not concept.retired and concept.kind is not Kind.ACTION:
                self._add(concept, index)
        self._rules = list(index.values())
        # Those of a string that may stand within a word: few strings have any.
        self._within = [
            tuple(r for r in rules if not (r.phrase.starts_word and r.phrase.ends_word))
            for rules in self._rules
        ]
        strings = list(index)
        # Making the automaton takes the most room; what is not needed for it goes first.
        index.clear()
        self._automaton = AhoCorasick(strings)
        self._statements = StatementReader(
            catalogue.statements, catalogue.words, catalogue.patterns, self.problems
        )
        self._words.no_more()

    def _add(self, concept: Concept, index: dict[str, tuple[Rule, ...]]) -> None:
        wordings = [(p.text, p.state, p.near, p.not_near, Use.SHOWS) for p in concept.phrases]
        wordings += [(text, State.PRESENT, (), (), Use.BLOCKS) for text in concept.not_phrases]
        wordings += [(text, State.NOT_KNOWN, (), (), Use.NAMES) for text in concept.known_as]
        for text, state, near, not_near, use in wordings:
            try:
                phrase = compile_phrase(text, self._catalogue.words, self._catalogue.patterns)
                near_regex, not_near_regex = self._any(near), self._any(not_near)
            except PhraseError as error:
                self.problems.append(f"{concept.file}: {concept.kind} '{concept.id}': field phrases: {error}")
                continue
            cased = text.isupper() and text.isalpha() and len(text) <= 4
            plain = not (cased or near or not_near)
            needs = self._words.mask(phrase.needs)
            # What it took to find it is not needed once that is done, and takes up room.
            settles = replace(phrase, strings=(), needs=())
            name = f"{concept.id}.{_PREFIX[use]}{text}"
            alone = {
                tail: (
                    Rule(
                        concept,
                        state,
                        name,
                        settles,
                        tail,
                        cased,
                        near_regex,
                        not_near_regex,
                        use,
                        plain,
                        needs,
                    ),
                )
                for tail in {string.endswith("*") for string in phrase.strings}
            }
            for string in phrase.strings:
                rule = alone[string.endswith("*")]
                bare = string.rstrip("*")
                index[bare] = (*index[bare], *rule) if bare in index else rule
            if not any("*" in s for s in phrase.strings):
                self.vocabulary.update(
                    w for s in phrase.strings for w in s.split() if len(w) >= 7 and w.isalpha()
                )

    def _any(self, wordings: Iterable[str]) -> re.Pattern[str] | None:
        parts = []
        for wording in wordings:
            phrase = compile_phrase(wording, self._catalogue.words, self._catalogue.patterns)
            parts += [
                re.escape(s.rstrip("*")) + ("" if s.endswith("*") else r"(?![a-z0-9])")
                for s in phrase.strings
            ]
        return re.compile(r"(?<![a-z0-9])(?:" + "|".join(parts) + ")") if parts else None

    def hits(self, normal: Normal) -> list[Hit]:
        """Every place where a phrase, or the name of a control, stands, and its rule: one a concept and place, in order."""
        low, size = normal.low, len(normal.low)
        found: list[Hit] = []
        blocks: list[Hit] = []
        named: list[Hit] = []
        rules, within, words = self._rules, self._within, self._words
        met: set[tuple[int, int]] = set()
        # The stretch that the last match ended in, and what its words fulfil. Matches come in order of their ends.
        left, right, fulfilled = 0, -1, 0
        for pattern, start, end in self._automaton.find_matches_as_indexes(low, overlapping=True):
            inside = start > 0 and low[start - 1].isalnum() and low[start].isalnum()
            goes_on = end < size and low[end].isalnum() and low[end - 1].isalnum()
            for rule in within[pattern] if inside or goes_on else rules[pattern]:
                phrase = rule.phrase
                if (inside and phrase.starts_word) or (goes_on and phrase.ends_word):
                    continue
                if phrase.expression is None:
                    span = _whole_words(low, start, end, tail=rule.tail)
                else:
                    if end > right:
                        left, right = _stretch(low, end)
                        fulfilled = words.of(low[left:right])
                    if rule.needs & fulfilled != rule.needs or (id(phrase), start) in met:
                        continue
                    span = _verified(phrase, low, start, end, left, right)
                    if span:
                        met.add((id(phrase), start))
                if span and (rule.plain or _allowed(rule, normal, span)):
                    (found if not rule.use else blocks if rule.use is _BLOCKS else named).append(
                        (*span, rule)
                    )
        if blocks or len(found) > 1:
            found = _longest(found, blocks)
        return self._statements.read(normal, found, _longest(named, blocks)) if named else found


def _whole_words(low: str, start: int, end: int, *, tail: bool) -> tuple[int, int] | None:
    """A plain phrase where it stands by itself; with ``tail``, to the end of its last word."""
    size = len(low)
    if tail:
        while end < size and (low[end].isalnum() or low[end] == "'"):
            end += 1
    elif end < size and low[end].isalnum():
        return None
    return start, end


def _stretch(low: str, end: int) -> tuple[int, int]:
    """The stretch of text that ends no sooner than here and that no phrase reaches out of."""
    right = low.find(STOP, end)
    return low.rfind(STOP, 0, end) + 1, right if right >= 0 else len(low)


def _verified(
    phrase: Compiled, low: str, start: int, end: int, left: int, right: int
) -> tuple[int, int] | None:
    """The match of a phrase that covers its anchor, looking no further than the phrase, or its stretch, can reach."""
    assert phrase.expression is not None
    regex = compiled(phrase.expression)
    limit = min(right, end + phrase.after)
    if not phrase.before:
        match = regex.match(low, start, limit)
        return match.span() if match and match.end() >= end else None
    at = max(left, start - phrase.before)
    for _ in range(8):
        match = regex.search(low, at, limit)
        if match is None or match.start() > start:
            return None
        if match.end() >= end:
            return match.span()
        at = match.start() + 1
    return None


def _allowed(rule: Rule, normal: Normal, span: tuple[int, int]) -> bool:
    start, end = span
    if rule.cased:
        written = normal.cased[start:end]
        if not written.isupper():
            if any(c.isupper() for c in normal.cased[:2000]) or written.lower() in _WORDS_TOO:
                return False
        elif written.lower() in _WORDS_TOO and normal.cased[max(0, start - 40) : end + 40].isupper():
            return False
    if rule.near and not rule.near.search(normal.low, max(0, start - NEAR), end + NEAR):
        return False
    return not (rule.not_near and rule.not_near.search(normal.low, max(0, start - NEAR), end + NEAR))


def _longest(found: list[Hit], blocks: list[Hit]) -> list[Hit]:
    """One finding a concept and place: the longest wins; "not" phrases take away what they touch."""
    at = 0
    for start, end, _ in found:
        if start < at:
            break
        at = end
    else:
        if not blocks:
            return found
    found.sort(key=by_place)
    ends: dict[str, int] = {}
    kept: list[Hit] = []
    for hit in found:
        if hit[0] < ends.get(hit[2].concept.id, -1):
            continue
        kept.append(hit)
        ends[hit[2].concept.id] = hit[1]
    if not blocks:
        return kept
    by_concept: dict[str, list[Hit]] = {}
    for block in sorted(blocks, key=lambda h: h[0]):
        by_concept.setdefault(block[2].concept.id, []).append(block)
    return [h for h in kept if not _blocked(h, by_concept.get(h[2].concept.id))]


def _blocked(hit: Hit, blocks: list[Hit] | None) -> bool:
    if not blocks:
        return False
    low, high = 0, len(blocks)
    while low < high:
        middle = (low + high) // 2
        if blocks[middle][0] < hit[1]:
            low = middle + 1
        else:
            high = middle
    return any(b[1] > hit[0] for b in blocks[max(0, low - 4) : low])
