"""Narrative in, findings out: every vulnerability, not the first, each with the words and the rule behind it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from wholepicture.core.practice import About, Catalogue, Concept, Kind, State, load_default
from wholepicture.core.recognition.cast import Cast
from wholepicture.core.recognition.context import PLAIN_READING, ContextReader, Cue, Polarity, Reading, Time
from wholepicture.core.recognition.people import Participant, ParticipantFinder
from wholepicture.core.recognition.phrases import PhraseError, compile_phrase
from wholepicture.core.recognition.text import Normal, Normaliser

WINDOW = 110
NEAR = 60
CONTEXT_REACH = 400
LASTING_DAYS = 365
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


class Person(NamedTuple):
    """A participant as the outside sees one. ``mentions`` are offsets in the text as given."""

    id: str
    label: str
    role: str
    mentions: tuple[tuple[int, int], ...]
    plural: bool = False


class Finding(NamedTuple):
    """Something recognised in text. ``start`` and ``end`` count Unicode code points of the text as given.

    ``person`` is a participant's id, or None where the text does not say. ``cues`` are the context rules that applied.
    """

    concept: str
    kind: Kind
    start: int
    end: int
    text: str
    polarity: Polarity
    time: Time
    person: str | None
    state: State
    rule: str
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """All that was recognised in one narrative."""

    people: tuple[Person, ...]
    findings: tuple[Finding, ...]
    main: str | None


@dataclass(frozen=True, slots=True)
class _Rule:
    concept: Concept
    state: State
    id: str
    regex: re.Pattern[str] | None
    tail: bool
    cased: bool
    near: re.Pattern[str] | None
    not_near: re.Pattern[str] | None
    blocks: bool


_Hit = tuple[int, int, _Rule]


class Recogniser:
    """A catalogue made ready to read. Build once; safe to share between threads; pickles by its catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.problems: list[str] = []
        self._rules: list[list[_Rule]] = []
        index: dict[str, int] = {}
        vocabulary = set(catalogue.spelling)
        for concept in catalogue.concepts.values():
            if not concept.retired and concept.kind is not Kind.ACTION:
                self._add(concept, index, vocabulary)
        self._automaton = AhoCorasick(list(index))
        self._normalise = Normaliser(frozenset(vocabulary), catalogue.confusables)
        self._context = ContextReader(catalogue.context, catalogue.words, catalogue.patterns)
        self._people = ParticipantFinder(catalogue.roles, catalogue.not_names)

    def __reduce__(self) -> tuple[type[Recogniser], tuple[Catalogue]]:
        return (Recogniser, (self.catalogue,))

    def _add(self, concept: Concept, index: dict[str, int], vocabulary: set[str]) -> None:
        wordings = [(p.text, p.state, p.near, p.not_near, False) for p in concept.phrases]
        wordings += [(text, State.PRESENT, (), (), True) for text in concept.not_phrases]
        for text, state, near, not_near, blocks in wordings:
            try:
                compiled = compile_phrase(text, self.catalogue.words, self.catalogue.patterns)
                near_regex, not_near_regex = self._any(near), self._any(not_near)
            except PhraseError as error:
                self.problems.append(f"{concept.file}: {concept.kind} '{concept.id}': field phrases: {error}")
                continue
            cased = text.isupper() and text.isalpha() and len(text) <= 4
            prefix = "not." if blocks else ""
            for string in compiled.strings:
                tail = string.endswith("*")
                rule = _Rule(
                    concept,
                    state,
                    f"{concept.id}.{prefix}{text}",
                    compiled.regex,
                    tail,
                    cased,
                    near_regex,
                    not_near_regex,
                    blocks,
                )
                plain = string.rstrip("*")
                if plain not in index:
                    index[plain] = len(self._rules)
                    self._rules.append([])
                self._rules[index[plain]].append(rule)
            if not any("*" in s for s in compiled.strings):
                vocabulary.update(
                    w for s in compiled.strings for w in s.split() if len(w) >= 7 and w.isalpha()
                )

    def _any(self, wordings: Iterable[str]) -> re.Pattern[str] | None:
        parts = []
        for wording in wordings:
            compiled = compile_phrase(wording, self.catalogue.words, self.catalogue.patterns)
            parts += [
                re.escape(s.rstrip("*")) + ("" if s.endswith("*") else r"(?![a-z0-9])")
                for s in compiled.strings
            ]
        return re.compile(r"(?<![a-z0-9])(?:" + "|".join(parts) + ")") if parts else None

    def recognise(self, text: str) -> Recognised:
        """Every finding and participant of a narrative, in order of place.

        Time grows in step with the length of the text; any string is accepted.
        """
        normal = self._normalise(text)
        hits = self._hits(normal)
        places = self._people.find(normal, everyone=bool(hits))
        people = [p for p in places.people.values() if p.pictured]
        people.sort(key=_first_mention)
        ids = {p.key: f"p{n}" for n, p in enumerate(people, 1)}
        findings: list[Finding] = []
        main = None
        if hits:
            cast = Cast(normal, places, people)
            held: dict[int, list[Cue]] = {}
            findings = [
                self._finding(normal, cast, ids, hit, self._reading(normal, hit, hits, held)) for hit in hits
            ]
            main = ids[cast.main.key] if cast.main else None
        if normal.edits:
            back = normal.back
            for person in people:
                person.mentions = [(back(start), back(end)) for start, end in person.mentions]
        shown = [Person(ids[p.key], p.label, p.role, tuple(p.mentions), p.plural) for p in people]
        return Recognised(tuple(shown), tuple(findings), main)

    def _hits(self, normal: Normal) -> list[_Hit]:
        low, size = normal.low, len(normal.low)
        found: list[_Hit] = []
        blocks: list[_Hit] = []
        rules = self._rules
        tried: dict[tuple[int, int], int] = {}
        for pattern, start, end in self._automaton.find_matches_as_indexes(low, overlapping=True):
            for rule in rules[pattern]:
                if rule.regex is None:
                    if start and low[start - 1].isalnum():
                        continue
                    stop = end
                    if rule.tail:
                        while stop < size and (low[stop].isalnum() or low[stop] == "'"):
                            stop += 1
                    elif end < size and low[end].isalnum():
                        continue
                    span = (start, stop)
                else:
                    key = (id(rule.regex), start)
                    if tried.get(key, -1) >= start:
                        continue
                    match = _verified(rule.regex, low, start, end)
                    if match is None:
                        continue
                    tried[key] = match[1]
                    span = match
                if _allowed(rule, normal, span):
                    (blocks if rule.blocks else found).append((*span, rule))
        return _longest(found, blocks) if found else found

    def _reading(self, normal: Normal, hit: _Hit, hits: list[_Hit], held: dict[int, list[Cue]]) -> Reading:
        """What the words around one hit do to it. ``held``: the cues of each sentence read so far, by its start."""
        low, (start, end, rule) = normal.low, hit
        left, right = normal.sentence(start)
        right = max(right, end)
        if right - left > 2 * CONTEXT_REACH:
            left, right = max(left, start - CONTEXT_REACH), min(right, end + CONTEXT_REACH)
            cues = self._context.cues(low[left:right])
        else:
            if left not in held:
                held[left] = _not_used_up(self._context.cues(low[left:right]), left, right, hits)
            cues = held[left]
        if not cues:
            return PLAIN_READING
        return self._context.read(low[left:right], cues, start - left, end - left, spoken=rule.concept.spoken)

    def _finding(
        self, normal: Normal, cast: Cast, ids: dict[str, str], hit: _Hit, reading: Reading
    ) -> Finding:
        start, end, rule = hit
        concept = rule.concept
        who = _experiencer(cast, concept, start, end)
        time = reading.time
        if concept.spoken and time in (Time.FEARED, Time.FUTURE):
            time = Time.CURRENT
        given_start, given_end = normal.back(start), normal.back(end)
        return Finding(
            concept.id,
            concept.kind,
            given_start,
            given_end,
            normal.given[given_start:given_end],
            reading.polarity,
            time,
            ids.get(who.key) if who else None,
            state_of(concept, rule.state, reading.polarity, time),
            rule.id,
            reading.cues,
        )

    def read_context(self, sentence: str, start: int, end: int) -> Reading:
        """The context of a given span of one sentence: for measuring the context rules by themselves."""
        normal = self._normalise(sentence)
        low, places = normal.low, range(len(normal.low) + 1)
        start, end = bisect_left(places, start, key=normal.back), bisect_left(places, end, key=normal.back)
        left, right = normal.sentence(start)
        part = low[left : max(right, end)]
        return self._context.read(part, self._context.cues(part), start - left, end - left)


def _first_mention(person: Participant) -> tuple[int, int]:
    return person.mentions[0]


def _not_used_up(cues: list[Cue], left: int, right: int, hits: list[_Hit]) -> list[Cue]:
    """Cues less those that are part of what was found: the "not" of "not returned" says nothing of what follows."""
    if not cues:
        return cues
    spans = [(start - left, end - left) for start, end, _ in hits if left <= start < right]
    return [c for c in cues if c[2].axis == "stop" or not any(s <= c[0] and c[1] <= e for s, e in spans)]


def _verified(regex: re.Pattern[str], low: str, start: int, end: int) -> tuple[int, int] | None:
    """The match of a phrase that covers its anchor, in a window of fixed size."""
    at, limit = max(0, start - WINDOW), min(len(low), end + WINDOW)
    for _ in range(8):
        match = regex.search(low, at, limit)
        if match is None or match.start() > start:
            return None
        if match.end() >= end:
            return match.span()
        at = match.start() + 1
    return None


def _allowed(rule: _Rule, normal: Normal, span: tuple[int, int]) -> bool:
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


def _longest(found: list[_Hit], blocks: list[_Hit]) -> list[_Hit]:
    """One finding a concept and place: the longest wins; "not" phrases take away what they touch."""
    found.sort(key=lambda h: (h[0], -h[1]))
    ends: dict[str, int] = {}
    kept: list[_Hit] = []
    for hit in found:
        if hit[0] < ends.get(hit[2].concept.id, -1):
            continue
        kept.append(hit)
        ends[hit[2].concept.id] = hit[1]
    if not blocks:
        return kept
    by_concept: dict[str, list[_Hit]] = {}
    for block in sorted(blocks, key=lambda h: h[0]):
        by_concept.setdefault(block[2].concept.id, []).append(block)
    return [h for h in kept if not _blocked(h, by_concept.get(h[2].concept.id))]


def _blocked(hit: _Hit, blocks: list[_Hit] | None) -> bool:
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


def _experiencer(cast: Cast, concept: Concept, start: int, end: int) -> Participant | None:
    if concept.about is About.TARGET or (
        concept.kind is Kind.CONTROL and concept.holder in ("police", "court", "partners")
    ):
        return cast.target(start, end)
    who = cast.subject(start, end)
    if concept.kind is Kind.FACTOR:
        return who
    if who is None or who.role == "suspect":
        return cast.main
    return who


def state_of(concept: Concept, state: State, polarity: Polarity, time: Time) -> State:
    """The state a finding supports. What was denied, doubted, supposed or feared is never more than "not known"."""
    if polarity is Polarity.AFFIRMED and time is Time.CURRENT:
        return state
    if time in (Time.HYPOTHETICAL, Time.FEARED, Time.FUTURE):
        return (
            State.THREATENED
            if concept.kind is Kind.HARM and polarity is Polarity.AFFIRMED
            else State.NOT_KNOWN
        )
    if polarity in (Polarity.DENIED, Polarity.UNCERTAIN):
        return State.NOT_KNOWN
    if polarity is Polarity.NEGATED:
        return State.ABSENT if state in (State.PRESENT, State.HOLDING, State.SUFFERED) else State.NOT_KNOWN
    if time is Time.HISTORICAL and concept.kind is Kind.CONTROL:
        return State.NOT_KNOWN if state is State.HOLDING else state
    if time is Time.HISTORICAL and 0 < concept.half_life_days < LASTING_DAYS:
        return State.NOT_KNOWN
    return state


@lru_cache(maxsize=1)
def default_recogniser() -> Recogniser:
    """The recogniser of the catalogue that ships with the product."""
    return Recogniser(load_default())
