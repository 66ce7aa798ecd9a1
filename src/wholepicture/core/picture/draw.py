"""From what is held to the picture: pathways, the investigative lens and the control watch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from wholepicture.core.picture.logic import Evaluate, Truth, compile_expression
from wholepicture.core.picture.observe import Held, Observation, fold
from wholepicture.core.practice import Catalogue, Kind, Pathway, State


class Guard(StrEnum):
    """Whether anything stands between."""

    HOLDING = "holding"
    UNKNOWN = "unknown"
    DOWN = "down"


class PathwayState(StrEnum):
    """Whether a pathway leads to harm (shared/design.md, "How a pathway is evaluated")."""

    OPEN = "open"
    UNGUARDED = "unguarded as far as we know"
    GUARDED = "guarded"
    POSSIBLE = "possible"
    CLOSED = "closed"


ORDER = tuple(PathwayState)


@dataclass(frozen=True, slots=True)
class PathwayResult:
    """One pathway for one person. ``because`` are the concepts present on each side; ``touched`` if any is."""

    pathway: Pathway
    state: PathwayState
    guard: Guard
    person: Truth
    situation: Truth
    person_because: tuple[str, ...]
    situation_because: tuple[str, ...]
    guards: tuple[tuple[str, State], ...]
    raised: tuple[str, ...]
    severity: int
    suffered: bool

    @property
    def touched(self) -> bool:
        """Whether anything seen on either side points to it."""
        return bool(self.person_because or self.situation_because)


@dataclass(frozen=True, slots=True)
class Picture:
    """A person's observations at a moment, as known at a moment, and what follows."""

    at: datetime
    known_at: datetime
    held: Mapping[str, Held]
    pathways: tuple[PathwayResult, ...]

    def state(self, concept: str) -> State:
        """What is held of a concept; "not known" when nothing is."""
        held = self.held.get(concept)
        return held.state if held else State.NOT_KNOWN

    def by_state(self, *states: PathwayState) -> list[PathwayResult]:
        """Pathways in any of these states that something seen points to, worst first.

        One harm ends many pathways: those that it alone opens are left out while another explains it.
        """
        explained = {p.pathway.harm for p in self.pathways if p.suffered and p.touched}
        return [
            p
            for p in self.pathways
            if p.state in states and (p.touched or (p.suffered and p.pathway.harm not in explained))
        ]


@dataclass(frozen=True, slots=True)
class WatchItem:
    """A pathway that only controls with an end still guard. ``ends_on`` is when the last of them goes."""

    result: PathwayResult
    controls: tuple[str, ...]
    ends_on: date


@dataclass(frozen=True, slots=True)
class _Compiled:
    pathway: Pathway
    person: Evaluate
    situation: Evaluate
    person_mask: int
    situation_mask: int
    severity: int


class _Programme:
    """A catalogue's pathways made ready to evaluate."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.bits = {c.id: n for n, c in enumerate(catalogue.concepts.values())}
        self.names = list(self.bits)
        self.compiled = [self._compile(p, catalogue) for p in catalogue.pathways.values() if not p.retired]

    def _compile(self, pathway: Pathway, catalogue: Catalogue) -> _Compiled:
        def mask(names: Iterable[str]) -> int:
            return sum(1 << self.bits[n] for n in names)

        return _Compiled(
            pathway,
            compile_expression(pathway.person, self.bits),
            compile_expression(pathway.situation, self.bits),
            mask(pathway.person.concepts()),
            mask(pathway.situation.concepts()),
            catalogue.concepts[pathway.harm].severity,
        )

    def named(self, mask: int) -> tuple[str, ...]:
        found = []
        while mask:
            low = mask & -mask
            found.append(self.names[low.bit_length() - 1])
            mask ^= low
        return tuple(found)


_PROGRAMMES: dict[tuple[str, str], _Programme] = {}


def programme(catalogue: Catalogue) -> _Programme:
    """The compiled pathways of a catalogue, compiled once for each version and content hash."""
    key = (catalogue.version, catalogue.hash)
    if key not in _PROGRAMMES:
        if len(_PROGRAMMES) >= 16:
            _PROGRAMMES.clear()
        _PROGRAMMES[key] = _Programme(catalogue)
    return _PROGRAMMES[key]


def draw(
    catalogue: Catalogue,
    observations: Iterable[Observation],
    *,
    at: datetime,
    known_at: datetime | None = None,
) -> Picture:
    """The picture of one person. Pure: the same input always gives the same picture."""
    held = fold(catalogue, observations, at=at, known_at=known_at)
    return Picture(at, known_at or at, held, evaluate(catalogue, held))


def evaluate(catalogue: Catalogue, held: Mapping[str, Held]) -> tuple[PathwayResult, ...]:
    """Every pathway of the catalogue, worst and most certain first."""
    compiled = programme(catalogue)
    present = absent = 0
    for name, item in held.items():
        if item.state is State.PRESENT:
            present |= 1 << compiled.bits[name]
        elif item.state is State.ABSENT:
            absent |= 1 << compiled.bits[name]
    results = [_result(compiled, c, held, present, absent) for c in compiled.compiled]
    results.sort(
        key=lambda r: (
            ORDER.index(r.state),
            not r.touched,
            -r.severity,
            -len(r.situation_because) - len(r.person_because),
            r.pathway.id,
        )
    )
    return tuple(results)


def _result(
    compiled: _Programme, item: _Compiled, held: Mapping[str, Held], present: int, absent: int
) -> PathwayResult:
    pathway = item.pathway
    person, situation = item.person(present, absent), item.situation(present, absent)
    guards = tuple((g, held[g].state if g in held else State.NOT_KNOWN) for g in pathway.guards)
    guard = guard_of([s for _, s in guards])
    harm = held.get(pathway.harm)
    person_because = compiled.named(item.person_mask & present)
    situation_because = compiled.named(item.situation_mask & present)
    suffered = harm is not None and harm.state is State.SUFFERED
    raised = tuple(r for r in pathway.raises if r in held and held[r].state is State.PRESENT)
    state = PathwayState.OPEN if suffered else pathway_state(person, situation, guard)
    return PathwayResult(
        pathway,
        state,
        guard,
        person,
        situation,
        person_because,
        situation_because,
        guards,
        raised,
        item.severity,
        suffered,
    )


def guard_of(states: Iterable[State]) -> Guard:
    """Holding if any holds; unknown if none holds and one is not known; else down."""
    listed = list(states)
    if State.HOLDING in listed:
        return Guard.HOLDING
    return Guard.UNKNOWN if State.NOT_KNOWN in listed else Guard.DOWN


def pathway_state(person: Truth, situation: Truth, guard: Guard) -> PathwayState:
    """The table of shared/design.md."""
    if Truth.FALSE in (person, situation):
        return PathwayState.CLOSED
    if Truth.UNKNOWN in (person, situation):
        return PathwayState.POSSIBLE
    return {
        Guard.DOWN: PathwayState.OPEN,
        Guard.UNKNOWN: PathwayState.UNGUARDED,
        Guard.HOLDING: PathwayState.GUARDED,
    }[guard]


def watch(picture: Picture, *, within_days: int) -> list[WatchItem]:
    """Pathways guarded only by controls that end within so many days: worst harm first, then soonest."""
    limit = picture.at.date() + timedelta(days=within_days)
    found: list[WatchItem] = []
    for result in picture.pathways:
        if result.state is not PathwayState.GUARDED:
            continue
        ends = [(g, picture.held[g].basis.ends_on) for g, s in result.guards if s is State.HOLDING]
        dated = [(g, e) for g, e in ends if e is not None]
        if len(dated) == len(ends) and all(e <= limit for _, e in dated):
            found.append(WatchItem(result, tuple(g for g, _ in dated), max(e for _, e in dated)))
    return sorted(found, key=lambda w: (-w.result.severity, w.ends_on, w.result.pathway.id))


def actions_for(catalogue: Catalogue, picture: Picture) -> list[tuple[str, tuple[str, ...]]]:
    """Actions that would close open pathways or restore their failed controls, with the pathways each is for; most urgent first."""
    wanted: dict[str, list[str]] = {}
    first: dict[str, tuple[int, int, int]] = {}
    for rank, result in enumerate(picture.by_state(PathwayState.OPEN, PathwayState.UNGUARDED)):
        failed = [
            a
            for g, s in result.guards
            if s in (State.FAILED, State.WEAKENING)
            for a in catalogue.concepts[g].restore
        ]
        for place, action in enumerate(dict.fromkeys([*result.pathway.actions, *failed])):
            if catalogue.concepts[action].retired:
                continue
            wanted.setdefault(action, []).append(result.pathway.id)
            first.setdefault(action, (ORDER.index(result.state), -result.severity, rank * 10 + place))
    urgency = {
        "now": 0,
        "before leaving": 1,
        "before interview": 2,
        "before bail ends": 2,
        "this shift": 3,
        "before release": 3,
        "before 08:30": 3,
        "same day": 4,
    }
    ordered = sorted(
        wanted, key=lambda a: (urgency.get(catalogue.concepts[a].within, 6), -len(wanted[a]), first[a])
    )
    return [(a, tuple(wanted[a])) for a in ordered]


def concepts_of(catalogue: Catalogue, picture: Picture, kind: Kind) -> list[Held]:
    """What is held of one kind, in the catalogue's order."""
    return [picture.held[c.id] for c in catalogue.of_kind(kind) if c.id in picture.held]
