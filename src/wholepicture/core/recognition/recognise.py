"""Narrative in, findings out: every vulnerability, not the first, each with the words and the rule behind it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from itertools import islice
from operator import attrgetter, itemgetter
from typing import NamedTuple

from wholepicture.core.practice import About, Catalogue, Concept, Kind, State, load_default
from wholepicture.core.recognition.ages import AgeReader
from wholepicture.core.recognition.bearings import DOERS, SPEAKERS
from wholepicture.core.recognition.cast import Cast
from wholepicture.core.recognition.context import (
    PLAIN_READING,
    ContextReader,
    Cue,
    Polarity,
    Reading,
    Time,
    beside,
    names_somebody,
)
from wholepicture.core.recognition.matching import Matcher
from wholepicture.core.recognition.participants import Participant, Places
from wholepicture.core.recognition.people import ParticipantFinder
from wholepicture.core.recognition.rules import Hit, Use
from wholepicture.core.recognition.text import Normal, Normaliser

CONTEXT_REACH = 400
LASTING_DAYS = 365
AT_ONCE = 128
_START = itemgetter(0)


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


_MENTIONS = attrgetter("mentions")
# Looked up once: an enum's member costs as much as a function call, and these are asked for at every finding.
_TARGET, _SUBJECT, _RELATED, _CONTROL, _FACTOR, _AGED = (
    About.TARGET,
    About.SUBJECT,
    About.RELATED,
    Kind.CONTROL,
    Kind.FACTOR,
    Use.AGED,
)
_AFFIRMED, _CURRENT = Polarity.AFFIRMED, Time.CURRENT
# The same as Person(...), at half the price: there are several to every narrative.
_person: Callable[[tuple[str, str, str, tuple[tuple[int, int], ...], bool]], Person] = partial(
    tuple.__new__, Person
)
_finding: Callable[[tuple[object, ...]], Finding] = partial(tuple.__new__, Finding)
# Start and end of the sentence that a hit stands in.
Bounds = tuple[int, int]


class Recogniser:
    """A catalogue made ready to read. Build once; safe to share between threads; pickles by its catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._matcher = Matcher(catalogue)
        # Phrases that do not read as their language says: file, entry and what is wrong.
        self.problems = self._matcher.problems
        ordinary = catalogue.not_names | catalogue.ordinary_words
        self._normalise = Normaliser(frozenset(self._matcher.vocabulary), catalogue.confusables | ordinary)
        self._context = ContextReader(catalogue.context, catalogue.words, catalogue.patterns)
        self._ages = AgeReader(catalogue)
        self._people = ParticipantFinder(catalogue.roles, catalogue.not_names, catalogue.ordinary_words)

    def __reduce__(self) -> tuple[type[Recogniser], tuple[Catalogue]]:
        return (Recogniser, (self.catalogue,))

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
            found = [self._matcher.hits(normal) for normal in normals]
            met = [
                self._people.find(normal, everyone=bool(hits))
                for normal, hits in zip(normals, found, strict=True)
            ]
            if self._ages.any:
                found = [
                    self._ages.read(normal, places.mentions, hits)
                    for normal, places, hits in zip(normals, met, found, strict=True)
                ]
            read = [self._readings(normal, hits) for normal, hits in zip(normals, found, strict=True)]
            yield from map(self._put_together, normals, found, met, read)

    def _put_together(
        self, normal: Normal, hits: list[Hit], places: Places, readings: list[tuple[Reading, Bounds]]
    ) -> Recognised:
        people = sorted(places.people.values(), key=_MENTIONS)
        for number, person in enumerate(people, 1):
            person.id = f"p{number}"
        findings: list[Finding] = []
        main = None
        if hits:
            cast = Cast(normal, places, people)
            findings = [
                _found(normal, cast, hit, reading, bounds)
                for hit, (reading, bounds) in zip(hits, readings, strict=True)
            ]
            main = cast.main.id if cast.main else None
        if normal.edits:
            back = normal.back
            for person in people:
                person.mentions = [(back(start), back(end)) for start, end in person.mentions]
        shown = [_person((p.id, p.label, p.role, tuple(p.mentions), p.plural)) for p in people]
        return Recognised(tuple(shown), tuple(findings), main)

    def _readings(self, normal: Normal, hits: list[Hit]) -> list[tuple[Reading, Bounds]]:
        """What the words around each hit do to it, and the sentence it stands in."""
        low, context = normal.low, self._context
        readings: list[tuple[Reading, Bounds]] = []
        held: dict[int, tuple[str, list[Cue]]] = {}
        for start, end, rule in hits:
            bounds = left, right = normal.sentence(start)
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
                concept = rule.concept
                heard = (
                    beside(cues, start - left) if concept.somebody and names_somebody(low, start) else cues
                )
                reading = context.read(sentence, heard, start - left, end - left, spoken=concept.spoken)
                readings.append((reading, bounds))
            else:
                readings.append((PLAIN_READING, bounds))
        return readings

    def read_context(self, sentence: str, start: int, end: int) -> Reading:
        """The context of a given span of one sentence: for measuring the context rules by themselves."""
        normal = self._normalise(sentence)
        low, places = normal.low, range(len(normal.low) + 1)
        start, end = bisect_left(places, start, key=normal.back), bisect_left(places, end, key=normal.back)
        left, right = normal.sentence(start)
        part = low[left : max(right, end)]
        return self._context.read(part, self._context.cues(part), start - left, end - left)


def _found(normal: Normal, cast: Cast, hit: Hit, reading: Reading, bounds: Bounds) -> Finding:
    start, end, rule = hit
    concept = rule.concept
    polarity, time, cues = reading
    if concept.spoken and time in (Time.FEARED, Time.FUTURE):
        time = Time.CURRENT
    state = rule.state
    if polarity is not _AFFIRMED or time is not _CURRENT:
        state = state_of(concept, state, polarity, time)
    who = cast.mentioned_at(start) if rule.use is _AGED else _experiencer(cast, concept, start, end, bounds)
    if normal.edits:
        start, end = normal.back(start), normal.back(end)
    return _finding(
        (
            concept.id,
            concept.kind,
            start,
            end,
            normal.given[start:end],
            polarity,
            time,
            (who.id or None) if who else None,
            state,
            rule.id,
            cues,
        )
    )


def _not_used_up(cues: list[Cue], left: int, right: int, hits: list[Hit]) -> list[Cue]:
    """Cues less those that are part of what was found: the "not" of "not returned" says nothing of what follows."""
    here = hits[bisect_left(hits, left, key=_START) : bisect_left(hits, right, key=_START)]
    spans = [(start - left, end - left) for start, end, _ in here]
    if len(spans) == 1:
        ((start, end),) = spans
        return [c for c in cues if c[0] < start or c[1] > end or c[2].axis == "stop"]
    return [c for c in cues if c[2].axis == "stop" or not any(s <= c[0] and c[1] <= e for s, e in spans)]


def _experiencer(cast: Cast, concept: Concept, start: int, end: int, bounds: Bounds) -> Participant | None:
    kind = concept.kind
    if concept.about is _TARGET or (kind is _CONTROL and concept.holder in ("police", "court", "partners")):
        holds = cast.holds(start, bounds[0]) if concept.holder == "court" else None
        return holds or cast.target(start, end, bounds)
    control, related = kind is _CONTROL, concept.about is _RELATED
    if related or control:
        whom = cast.for_whom(start, end, bounds[1]) if related else None
        whom = whom or (cast.relative_of(start, bounds[0]) if related and control else cast.owner_at(start))
        if whom:
            return whom
    who = cast.subject(start, end, bounds, opens=not (related or control), within=not related)
    if who and (related or (control and who.role == "other")) and cast.names(who, start, end):
        return None if who is cast.main else cast.main
    if kind is _FACTOR and (concept.about is _SUBJECT or related):
        return who
    if who is None:
        return None if concept.about is _SUBJECT and cast.unsure(start, bounds[0]) else cast.main
    if who.role in SPEAKERS and concept.about is not _SUBJECT and kind is not _FACTOR:
        return cast.main
    if who.role in DOERS and not (
        concept.about is _SUBJECT and cast.is_own(who, start, end, bounds, service=control)
    ):
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
