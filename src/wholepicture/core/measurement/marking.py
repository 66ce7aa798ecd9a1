"""Mark what somebody made of a scenario against its key: what they found, missed and imagined, and what they did about it.

Everything here is a count that a learner can check by hand (docs/measurement.md). Nothing is weighted, and points never make up
for a critical miss. What experts see differently is shown and not scored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from wholepicture.core.learning.scenario import (
    Ask,
    KeyAction,
    KeyControl,
    Link,
    Lure,
    Quality,
    Scenario,
    Target,
    Worth,
)
from wholepicture.core.measurement.signal import Counts
from wholepicture.core.picture import Grade
from wholepicture.core.practice import Kind, State

_PASSAGE = re.compile(r"[^.!?;:,\n]+")
_RANK = {grade: n for n, grade in enumerate(Grade)}
_DOWN = (State.FAILED, State.WEAKENING, State.ABSENT)
LONGER, SLACK = 3, 20


@dataclass(frozen=True, slots=True)
class Mark:
    """Words marked in a line or an answer, as something of a person."""

    id: str
    where: str
    start: int
    end: int
    kind: Kind
    person: str


@dataclass(frozen=True, slots=True)
class SaidLink:
    """How the learner says things act together. ``factors`` and ``features`` are ids of their marks."""

    person: str
    factors: tuple[str, ...]
    features: tuple[str, ...]
    controls: tuple[str, ...]
    harm: str


@dataclass(frozen=True, slots=True)
class Work:
    """All that somebody did in a scenario. ``asked``: ids of questions, in the order asked."""

    marks: tuple[Mark, ...] = ()
    asked: tuple[str, ...] = ()
    controls: Mapping[tuple[str, str], State] = field(default_factory=dict)
    links: tuple[SaidLink, ...] = ()
    grade: Grade | None = None
    actions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answered:
    """A question asked, and whether it was answered openly."""

    ask: Ask
    open: bool

    @property
    def text(self) -> str:
        """What was answered."""
        return self.ask.answer if self.open else self.ask.guarded


class Seen(StrEnum):
    """What became of a target."""

    FOUND = "found"
    OTHER_KIND = "found, as another kind"
    OTHER_PERSON = "found, of another person"
    MISSED = "missed"
    NOT_ASKED = "not asked"

    @property
    def noticed(self) -> bool:
        """Whether it was noticed at all."""
        return self in (Seen.FOUND, Seen.OTHER_KIND, Seen.OTHER_PERSON)


@dataclass(frozen=True, slots=True)
class TargetResult:
    """One target, what became of it, and by which mark."""

    target: Target
    seen: Seen
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Imagined:
    """A mark where nothing was: ``lure`` if it fell on words that only look like a sign."""

    mark: Mark
    lure: Lure | None = None


@dataclass(frozen=True, slots=True)
class LinkResult:
    """One pathway of the key: which of its parts the learner's nearest link had. None: that part is not asked for."""

    link: Link
    person: bool | None
    situation: bool | None
    control: bool | None
    harm: bool

    @property
    def parts(self) -> tuple[int, int]:
        """Parts right, of how many."""
        asked = [p for p in (self.person, self.situation, self.control, self.harm) if p is not None]
        return sum(asked), len(asked)

    @property
    def whole(self) -> bool:
        """Whether all of it was seen."""
        right, of = self.parts
        return right == of


@dataclass(frozen=True, slots=True)
class ControlResult:
    """One control of the key and what was said of it (None: nothing). ``right``: standing, down or not known alike."""

    key: KeyControl
    said: State | None

    @property
    def right(self) -> bool:
        """Whether it was seen to stand, to be down, or not to be known, as the key has it."""
        return self.said is not None and _standing(self.said) == _standing(self.key.state)


@dataclass(frozen=True, slots=True)
class Marked:
    """What came of one attempt."""

    targets: tuple[TargetResult, ...]
    contested: tuple[TargetResult, ...]
    imagined: tuple[Imagined, ...]
    counts: Counts
    by_kind: Mapping[Kind, Counts]
    links: tuple[LinkResult, ...]
    links_imagined: tuple[SaidLink, ...]
    controls: tuple[ControlResult, ...]
    grade_off: int | None
    needed_missed: tuple[KeyAction, ...]
    needed_taken: tuple[KeyAction, ...]
    unsafe_taken: tuple[KeyAction, ...]
    not_needed_taken: tuple[KeyAction, ...]
    critical: tuple[str, ...]
    stopped: float | None
    only_obvious: bool

    @property
    def precision(self) -> float | None:
        """The share of scored marks that stood on something; None without any."""
        all_marks = self.counts.hits + len(self.imagined)
        return self.counts.hits / all_marks if all_marks else None

    def passed(self, *, hits: float, false_alarms: float) -> bool:
        """Whether enough was seen and little imagined, and nothing critical was missed. Points never make up for that."""
        seen, false = self.counts.sensitivity, self.counts.false_alarm_rate
        return (
            not self.critical and (seen is None or seen >= hits) and (false is None or false <= false_alarms)
        )


def answers(scenario: Scenario, asked: Iterable[str]) -> list[Answered]:
    """What each question asked was answered, in turn: whoever was closed up by one answers the next with little."""
    known = {a.id: a for a in scenario.asks}
    closed: set[str] = set()
    before: set[str] = set()
    given = []
    for ident in asked:
        ask = known.get(ident)
        if ask is None or ident in before:
            continue
        is_open = ask.whom not in closed and (not ask.needs or ask.needs in before)
        if ask.quality is Quality.CLOSES:
            is_open = is_open and bool(ask.answer)
            closed.add(ask.whom)
        before.add(ident)
        given.append(Answered(ask, is_open))
    return given


def minutes_spent(scenario: Scenario, asked: Iterable[str]) -> int:
    """What the questions asked have cost, in minutes."""
    return sum(a.ask.minutes for a in answers(scenario, asked))


def passages(text: str) -> list[tuple[int, int]]:
    """A text cut at commas, colons and ends of sentences: where each piece of two words or more begins and ends."""
    found = []
    for match in _PASSAGE.finditer(text):
        words = match.group()
        if len(words.split()) >= 2:
            start = match.start() + len(words) - len(words.lstrip())
            found.append((start, match.start() + len(words.rstrip())))
    return found


def mark_work(scenario: Scenario, work: Work) -> Marked:
    """Mark an attempt against its key."""
    opened = {a.ask.id: a for a in answers(scenario, work.asked)}
    texts = {x.id: x.text for x in scenario.log} | {k: a.text for k, a in opened.items()}
    readable = {x.id for x in scenario.log} | {k for k, a in opened.items() if a.open}
    taken = _match(scenario, work.marks, readable)
    results = [_result(t, taken.get(t.id), readable) for t in scenario.targets]
    scored = tuple(r for r in results if not r.target.contested)
    imagined = tuple(
        Imagined(m, next((u for u in scenario.lures if u.where == m.where and _overlap(m, u)), None))
        for m in work.marks
        if m.where in texts and m.id not in {x.id for x in taken.values()} and not _on_key(scenario, m)
    )
    shown = [r for r in scored if r.seen is not Seen.NOT_ASKED]
    hits = sum(r.seen.noticed for r in shown)
    noise = [
        (where, left, right)
        for where, text in texts.items()
        for left, right in passages(text)
        if not any(
            t.where == where and t.start < right and left < t.end
            for t in scenario.targets
            if where in readable
        )
    ]
    false = sum(
        any(i.mark.where == w and i.mark.start < right and left < i.mark.end for i in imagined)
        for w, left, right in noise
    )
    links, spare = _links(scenario, work, scored)
    actions = {a.concept: a for a in scenario.actions}
    taken_actions = [actions[a] for a in sorted(work.actions) if a in actions]
    needed = [a for a in scenario.actions if a.worth is Worth.NEEDED]
    missed = tuple(a for a in needed if a.concept not in work.actions)
    unsafe = tuple(a for a in taken_actions if a.worth is Worth.UNSAFE)
    found = sum(r.seen.noticed for r in shown)
    return Marked(
        targets=scored,
        contested=tuple(r for r in results if r.target.contested),
        imagined=imagined,
        counts=Counts(hits, len(shown) - hits, false, len(noise) - false),
        by_kind=_by_kind(shown, imagined),
        links=links,
        links_imagined=spare,
        controls=tuple(ControlResult(c, work.controls.get((c.concept, c.person))) for c in scenario.controls),
        grade_off=None if work.grade is None else _RANK[work.grade] - _RANK[scenario.grade],
        needed_missed=missed,
        needed_taken=tuple(a for a in needed if a.concept in work.actions),
        unsafe_taken=unsafe,
        not_needed_taken=tuple(a for a in taken_actions if a.worth is Worth.NOT_NEEDED),
        critical=tuple(
            [r.target.id for r in scored if r.target.critical and not r.seen.noticed]
            + [a.concept for a in (*missed, *unsafe) if a.critical]
        ),
        stopped=1 - (found - 1) / (len(shown) - 1) if found and len(shown) > 1 else None,
        only_obvious=found == 1
        and any(r.target.id == scenario.obvious and r.seen.noticed for r in shown)
        and len(shown) > 1,
    )


def _overlap(one: Mark, other: Target | Lure) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _fits(mark: Mark, target: Target) -> bool:
    """A mark speaks of a target if they meet and it is not drawn round half the line."""
    room = LONGER * (target.end - target.start) + SLACK
    return mark.where == target.where and _overlap(mark, target) > 0 and mark.end - mark.start <= room


def _on_key(scenario: Scenario, mark: Mark) -> bool:
    """Whether a mark says again what another mark already found."""
    return any(_fits(mark, t) and (t.contested or t.person == mark.person) for t in scenario.targets)


def _match(scenario: Scenario, marks: tuple[Mark, ...], readable: set[str]) -> dict[str, Mark]:
    """Which mark found which target: right in kind and person first, then in person, then the most words in common."""
    pairs = sorted(
        (
            (m.person != t.person, m.kind is not t.kind, -_overlap(m, t), t.start, t.id, m.id, t, m)
            for t in scenario.targets
            if t.where in readable
            for m in marks
            if _fits(m, t)
        ),
        key=lambda p: p[:6],
    )
    found: dict[str, Mark] = {}
    used: set[str] = set()
    for *_, target, mark in pairs:
        if target.id not in found and mark.id not in used:
            found[target.id] = mark
            used.add(mark.id)
    return found


def _result(target: Target, mark: Mark | None, readable: set[str]) -> TargetResult:
    if target.where not in readable:
        return TargetResult(target, Seen.NOT_ASKED)
    if mark is None:
        return TargetResult(target, Seen.MISSED)
    if mark.person != target.person:
        return TargetResult(target, Seen.OTHER_PERSON, mark)
    return TargetResult(target, Seen.FOUND if mark.kind is target.kind else Seen.OTHER_KIND, mark)


def _by_kind(shown: list[TargetResult], imagined: tuple[Imagined, ...]) -> dict[Kind, Counts]:
    """Hits, misses and false alarms by kind; what was left alone has no kind."""
    found = {}
    for kind in (Kind.FACTOR, Kind.FEATURE, Kind.CONTROL, Kind.HARM):
        of_kind = [r for r in shown if r.target.kind is kind]
        hits = sum(r.seen.noticed for r in of_kind)
        found[kind] = Counts(hits, len(of_kind) - hits, sum(i.mark.kind is kind for i in imagined), 0)
    return found


def _links(
    scenario: Scenario, work: Work, scored: tuple[TargetResult, ...]
) -> tuple[tuple[LinkResult, ...], tuple[SaidLink, ...]]:
    by_mark = {r.mark.id: r.target.id for r in scored if r.mark}
    results, used = [], set()
    for link in scenario.links:
        best = _compared(link, None, by_mark)
        chosen = None
        for number, said in enumerate(work.links):
            tried = _compared(link, said, by_mark)
            if tried.parts[0] > best.parts[0]:
                best, chosen = tried, number
        if chosen is not None and best.parts[0] >= 2:
            used.add(chosen)
        results.append(best)
    return tuple(results), tuple(s for n, s in enumerate(work.links) if n not in used)


def _compared(link: Link, said: SaidLink | None, by_mark: dict[str, str]) -> LinkResult:
    def side(key: tuple[str, ...], marks: tuple[str, ...]) -> bool | None:
        return bool({by_mark.get(m) for m in marks} & set(key)) if key else None

    if said is None or said.person != link.person:
        return LinkResult(
            link,
            False if link.factors else None,
            False if link.features else None,
            False if link.controls else None,
            False,
        )
    return LinkResult(
        link,
        side(link.factors, said.factors),
        side(link.features, said.features),
        bool(set(said.controls) & set(link.controls)) if link.controls else None,
        said.harm == link.harm,
    )


def _standing(state: State) -> str:
    if state in _DOWN:
        return "down"
    return "standing" if state is State.HOLDING else "not known"
