"""Narrative in, findings out: every vulnerability, not the first, each with the words and the rule behind it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from wholepicture.core.practice import About, Catalogue, Concept, Kind, State, load_default
from wholepicture.core.recognition.cast import Cast
from wholepicture.core.recognition.context import PLAIN_READING, ContextReader, Cue, Polarity, Reading, Time
from wholepicture.core.recognition.people import Participant, ParticipantFinder, Places
from wholepicture.core.recognition.phrases import Compiled, PhraseError, compile_phrase
from wholepicture.core.recognition.text import Normal, Normaliser

NEAR = 60
CONTEXT_REACH = 400
LASTING_DAYS = 365
AT_ONCE = 128
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


class Recognised(NamedTuple):
    """All that was recognised in one narrative."""

    people: tuple[Person, ...]
    findings: tuple[Finding, ...]
    main: str | None


@dataclass(frozen=True, slots=True)
class _Rule:
    concept: Concept
    state: State
    id: str
    phrase: Compiled
    tail: bool
    cased: bool
    near: re.Pattern[str] | None
    not_near: re.Pattern[str] | None
    blocks: bool
    # Nothing but its words is to be looked at.
    plain: bool


_Hit = tuple[int, int, _Rule]
_MENTIONS = attrgetter("mentions")
# Looked up once: an enum's member costs as much as a function call, and these are asked for at every finding.
_TARGET, _CONTROL, _FACTOR = About.TARGET, Kind.CONTROL, Kind.FACTOR
# What these do is a feature of somebody else's situation.
_DOERS = ("suspect", "partner")
_AFFIRMED, _CURRENT = Polarity.AFFIRMED, Time.CURRENT
# The same as Person(...), at half the price: there are several to every narrative.
_person: Callable[[tuple[str, str, str, tuple[tuple[int, int], ...], bool]], Person] = partial(
    tuple.__new__, Person
)


class Recogniser:
    """A catalogue made ready to read. Build once; safe to share between threads; pickles by its catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.problems: list[str] = []
        # What stands under each string of the automaton. Most strings of a phrase stand for it alone and share its tuple.
        index: dict[str, tuple[_Rule, ...]] = {}
        vocabulary = set(catalogue.spelling)
        for concept in catalogue.concepts.values():
            if not concept.retired and concept.kind is not Kind.ACTION:
                self._add(concept, index, vocabulary)
        self._rules = list(index.values())
        self._automaton = AhoCorasick(list(index))
        ordinary = catalogue.not_names | catalogue.ordinary_words
        self._normalise = Normaliser(frozenset(vocabulary), catalogue.confusables | ordinary)
        self._context = ContextReader(catalogue.context, catalogue.words, catalogue.patterns)
        self._people = ParticipantFinder(catalogue.roles, catalogue.not_names, catalogue.ordinary_words)

    def __reduce__(self) -> tuple[type[Recogniser], tuple[Catalogue]]:
        return (Recogniser, (self.catalogue,))

    def _add(self, concept: Concept, index: dict[str, tuple[_Rule, ...]], vocabulary: set[str]) -> None:
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
            plain = not (cased or near or not_near)
            by_tail = [
                _Rule(
                    concept,
                    state,
                    f"{concept.id}.{prefix}{text}",
                    compiled,
                    tail,
                    cased,
                    near_regex,
                    not_near_regex,
                    blocks,
                    plain,
                )
                for tail in (False, True)
            ]
            alone = [(rule,) for rule in by_tail]
            for string in compiled.strings:
                tail = string.endswith("*")
                bare = string.rstrip("*")
                index[bare] = (*index[bare], by_tail[tail]) if bare in index else alone[tail]
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
        return next(self.recognise_all((text,)))

    def recognise_all(self, texts: Iterable[str]) -> Iterator[Recognised]:
        """``recognise`` of many narratives, in order.

        A step at a time over ``AT_ONCE`` of them, which is a quarter faster than one narrative after another: each
        step's code and tables stay in the processor's caches.
        """
        waiting = iter(texts)
        while part := list(islice(waiting, AT_ONCE)):
            normals = [self._normalise(text) for text in part]
            found = [self._hits(normal) for normal in normals]
            met = [
                self._people.find(normal, everyone=bool(hits))
                for normal, hits in zip(normals, found, strict=True)
            ]
            read = [self._readings(normal, hits) for normal, hits in zip(normals, found, strict=True)]
            yield from map(self._put_together, normals, found, met, read)

    def _put_together(
        self, normal: Normal, hits: list[_Hit], places: Places, readings: list[Reading]
    ) -> Recognised:
        people = [p for p in places.people.values() if p.pictured]
        people.sort(key=_MENTIONS)
        for number, person in enumerate(people, 1):
            person.id = f"p{number}"
        findings: list[Finding] = []
        main = None
        if hits:
            cast = Cast(normal, places, people)
            findings = [
                self._finding(normal, cast, hit, reading) for hit, reading in zip(hits, readings, strict=True)
            ]
            main = cast.main.id if cast.main else None
        if normal.edits:
            back = normal.back
            for person in people:
                person.mentions = [(back(start), back(end)) for start, end in person.mentions]
        shown = [_person((p.id, p.label, p.role, tuple(p.mentions), p.plural)) for p in people]
        return Recognised(tuple(shown), tuple(findings), main)

    def _hits(self, normal: Normal) -> list[_Hit]:
        low, size = normal.low, len(normal.low)
        found: list[_Hit] = []
        blocks: list[_Hit] = []
        rules = self._rules
        met: set[tuple[int, int]] = set()
        for pattern, start, end in self._automaton.find_matches_as_indexes(low, overlapping=True):
            inside = start > 0 and low[start - 1].isalnum() and low[start].isalnum()
            goes_on = end < size and low[end].isalnum() and low[end - 1].isalnum()
            for rule in rules[pattern]:
                if (inside and rule.phrase.starts_word) or (goes_on and rule.phrase.ends_word):
                    continue
                if rule.phrase.regex is None:
                    span = _whole_words(low, start, end, tail=rule.tail)
                elif (id(rule.phrase), start) in met:
                    continue
                else:
                    span = _verified(rule.phrase, low, start, end)
                    if span:
                        met.add((id(rule.phrase), start))
                if span and (rule.plain or _allowed(rule, normal, span)):
                    (blocks if rule.blocks else found).append((*span, rule))
        return _longest(found, blocks) if blocks or len(found) > 1 else found

    def _readings(self, normal: Normal, hits: list[_Hit]) -> list[Reading]:
        """What the words around each hit do to it."""
        low, context = normal.low, self._context
        readings: list[Reading] = []
        held: dict[int, tuple[str, list[Cue]]] = {}
        for start, end, rule in hits:
            left, right = normal.sentence(start)
            if right < end:
                right = end
            if right - left > 2 * CONTEXT_REACH:
                left, right = max(left, start - CONTEXT_REACH), min(right, end + CONTEXT_REACH)
                sentence = low[left:right]
                cues = context.cues(sentence)
            elif left in held:
                sentence, cues = held[left]
            else:
                sentence = low[left:right]
                cues = context.cues(sentence)
                if cues:
                    cues = _not_used_up(cues, left, right, hits)
                held[left] = sentence, cues
            if cues:
                spoken = rule.concept.spoken
                readings.append(context.read(sentence, cues, start - left, end - left, spoken=spoken))
            else:
                readings.append(PLAIN_READING)
        return readings

    def _finding(self, normal: Normal, cast: Cast, hit: _Hit, reading: Reading) -> Finding:
        start, end, rule = hit
        concept = rule.concept
        who = _experiencer(cast, concept, start, end)
        time = reading.time
        if concept.spoken and time in (Time.FEARED, Time.FUTURE):
            time = Time.CURRENT
        given_start, given_end = (normal.back(start), normal.back(end)) if normal.edits else (start, end)
        return Finding(
            concept.id,
            concept.kind,
            given_start,
            given_end,
            normal.given[given_start:given_end],
            reading.polarity,
            time,
            (who.id or None) if who else None,
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


def _not_used_up(cues: list[Cue], left: int, right: int, hits: list[_Hit]) -> list[Cue]:
    """Cues less those that are part of what was found: the "not" of "not returned" says nothing of what follows."""
    spans = [(start - left, end - left) for start, end, _ in hits if left <= start < right]
    if len(spans) == 1:
        ((start, end),) = spans
        return [c for c in cues if c[0] < start or c[1] > end or c[2].axis == "stop"]
    return [c for c in cues if c[2].axis == "stop" or not any(s <= c[0] and c[1] <= e for s, e in spans)]


def _whole_words(low: str, start: int, end: int, *, tail: bool) -> tuple[int, int] | None:
    """A plain phrase where it stands by itself; with ``tail``, to the end of its last word."""
    size = len(low)
    if tail:
        while end < size and (low[end].isalnum() or low[end] == "'"):
            end += 1
    elif end < size and low[end].isalnum():
        return None
    return start, end


def _verified(phrase: Compiled, low: str, start: int, end: int) -> tuple[int, int] | None:
    """The match of a phrase that covers its anchor, looking no further than the phrase can reach."""
    regex = phrase.regex
    assert regex is not None
    at, limit = start - phrase.before if start > phrase.before else 0, end + phrase.after
    for other in phrase.also:
        if low.find(other, at, limit) >= 0:
            break
    else:
        if phrase.also:
            return None
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
    if concept.about is _TARGET or (
        concept.kind is _CONTROL and concept.holder in ("police", "court", "partners")
    ):
        return cast.target(start, end)
    who = cast.subject(start, end)
    if concept.kind is _FACTOR:
        return who
    if who is None or who.role in _DOERS:
        return cast.main
    return who


def state_of(concept: Concept, state: State, polarity: Polarity, time: Time) -> State:
    """The state a finding supports. What was denied, doubted, supposed or feared is never more than "not known"."""
    if polarity is _AFFIRMED and time is _CURRENT:
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
