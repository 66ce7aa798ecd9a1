"""From what is held to the picture: pathways, the investigative lens and the control watch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from wholepicture.core.picture.logic import Evaluate, Truth, compile_expression
from wholepicture.core.picture.observe import Held, Observation, fold
from wholepicture.core.practice import Catalogue, Kind, Nation, Pathway, State


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


_THROUGH = {
    Guard.DOWN: PathwayState.OPEN,
    Guard.UNKNOWN: PathwayState.UNGUARDED,
    Guard.HOLDING: PathwayState.GUARDED,
}
_PRESENT, _ABSENT, _SUFFERED = State.PRESENT, State.ABSENT, State.SUFFERED
_HOLDING, _WEAKENING, _FAILED, _NOT_KNOWN = State.HOLDING, State.WEAKENING, State.FAILED, State.NOT_KNOWN
_RANK = {state: rank for rank, state in enumerate(PathwayState)}


class PathwayResult(NamedTuple):
    """One pathway for one person. ``because`` are the concepts present on each side; ``touched`` if any is.

    A named tuple, for a picture has one for each pathway of the catalogue.
    """

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

    @property
    def complete(self) -> bool:
        """Whether both sides are known to be so, and something seen says it."""
        return self.touched and self.person is Truth.TRUE and self.situation is Truth.TRUE


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

        One harm ends many pathways. Of those that a harm suffered opens, the ones that hold by themselves are given; if
        none does, the ones that something seen points to; and if none of those is there, all.
        """
        suffered = [p for p in self.pathways if p.suffered]
        explained = {p.pathway.harm for p in suffered if p.complete}
        touched = {p.pathway.harm for p in suffered if p.touched}

        def told(p: PathwayResult) -> bool:
            if p.suffered and p.pathway.harm in explained:
                return p.complete
            return p.touched or (p.suffered and p.pathway.harm not in touched)

        return [p for p in self.pathways if p.state in states and told(p)]


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
    guard_mask: int
    severity: int
    # Every concept that has a part in it: where none is held, it is as it is with nothing held at all.
    touches: int


# How many different sets of states are kept with what they gave: some ten kilobytes each.
KEPT = 2_000


class _Programme:
    """A catalogue's pathways made ready to evaluate."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.bits = {c.id: n for n, c in enumerate(catalogue.concepts.values())}
        self.names = list(self.bits)
        self.compiled = [self._compile(p, catalogue) for p in catalogue.pathways.values() if not p.retired]
        self.kept: dict[frozenset[tuple[str, State]], tuple[PathwayResult, ...]] = {}
        nothing = dict.fromkeys(State, 0)
        self.untouched = [_result(self, c, {}, nothing) for c in self.compiled]

    def _compile(self, pathway: Pathway, catalogue: Catalogue) -> _Compiled:
        def mask(names: Iterable[str]) -> int:
            return sum(1 << self.bits[n] for n in names)

        return _Compiled(
            pathway,
            compile_expression(pathway.person, self.bits),
            compile_expression(pathway.situation, self.bits),
            mask(pathway.person.concepts()),
            mask(pathway.situation.concepts()),
            mask(pathway.guards),
            catalogue.concepts[pathway.harm].severity,
            mask(
                {
                    *pathway.person.concepts(),
                    *pathway.situation.concepts(),
                    *pathway.guards,
                    *pathway.raises,
                    pathway.harm,
                }
            ),
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
    states = {name: item.state for name, item in held.items()}
    # Pathways follow from the states alone: what the same states gave is given again. A whole force has many alike.
    key = frozenset(states.items())
    kept = compiled.kept.get(key)
    if kept is not None:
        return kept
    seen = dict.fromkeys(State, 0)
    for name, item in held.items():
        seen[item.state] |= 1 << compiled.bits[name]
    any_of = 0
    for mask in seen.values():
        any_of |= mask
    results = [
        _result(compiled, c, states, seen) if c.touches & any_of else untouched
        for c, untouched in zip(compiled.compiled, compiled.untouched, strict=True)
    ]
    results.sort(key=_place)
    if len(compiled.kept) >= KEPT:
        compiled.kept.clear()
    made = compiled.kept[key] = tuple(results)
    return made


def _place(result: PathwayResult) -> tuple[int, bool, int, int, str]:
    because = len(result.person_because) + len(result.situation_because)
    return _RANK[result.state], not because, -result.severity, -because, result.pathway.id


def _result(
    compiled: _Programme, item: _Compiled, states: Mapping[str, State], seen: Mapping[State, int]
) -> PathwayResult:
    """One pathway. ``seen``: for each state, the mask of the concepts in it."""
    pathway = item.pathway
    present, absent = seen[_PRESENT], seen[_ABSENT]
    person, situation = item.person(present, absent), item.situation(present, absent)
    guard = _guard(item.guard_mask, seen)
    suffered = states.get(pathway.harm) is _SUFFERED
    on_person, on_situation = item.person_mask & present, item.situation_mask & present
    return PathwayResult(
        pathway,
        PathwayState.OPEN if suffered else pathway_state(person, situation, guard),
        guard,
        person,
        situation,
        compiled.named(on_person) if on_person else (),
        compiled.named(on_situation) if on_situation else (),
        tuple([(name, states.get(name, _NOT_KNOWN)) for name in pathway.guards]),
        tuple([name for name in pathway.raises if states.get(name) is _PRESENT]),
        item.severity,
        suffered,
    )


def _guard(guards: int, seen: Mapping[State, int]) -> Guard:
    """Holding if any holds; unknown if none holds and one is not known; else down."""
    if guards & seen[_HOLDING]:
        return Guard.HOLDING
    down = seen[_WEAKENING] | seen[_FAILED] | seen[_ABSENT]
    return Guard.UNKNOWN if guards & ~down else Guard.DOWN


def pathway_state(person: Truth, situation: Truth, guard: Guard) -> PathwayState:
    """The table of shared/design.md."""
    if person is Truth.FALSE or situation is Truth.FALSE:
        return PathwayState.CLOSED
    if person is Truth.UNKNOWN or situation is Truth.UNKNOWN:
        return PathwayState.POSSIBLE
    return _THROUGH[guard]


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


def actions_for(
    catalogue: Catalogue, picture: Picture, *, on: date | None = None, nation: Nation = Nation.ENGLAND
) -> list[tuple[str, tuple[str, ...]]]:
    """Actions that would close open pathways or restore their failed controls, with the pathways each is for; most urgent first.

    Only those whose law, if they rest on any, is in force ``on`` a date (default: the picture's) in ``nation``.
    """
    on = on or picture.at.date()
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
            if not catalogue.may_be_offered(action, on=on, nation=nation):
                continue
            wanted.setdefault(action, []).append(result.pathway.id)
            first.setdefault(action, (_RANK[result.state], -result.severity, rank * 10 + place))
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
