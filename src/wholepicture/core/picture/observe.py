"""Observations, and the fold of a person's observations at a moment, as known at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from wholepicture.core.practice import Catalogue, Kind, State


class Why(StrEnum):
    """Why a state is not known. None of these is ever a "no"."""

    NOT_ASKED = "not asked"
    COULD_NOT_ASK = "could not ask"
    ASKED_NOT_KNOWN = "asked, and not known"
    DECLINED = "declined to say"
    DENIED = "denied"
    UNSURE = "not sure"
    FADED = "was so before; ask again"
    ENDED = "has ended"


@dataclass(frozen=True, slots=True)
class Observation:
    """The atom of record. ``observed_at``: when true in the world; ``recorded_at``: when we knew.

    ``evidence`` is the words it came from; ``ends_on`` a control's last day, where it has one;
    ``corrects`` the id of an earlier observation that this one takes the place of.
    """

    id: str
    person: str
    concept: str
    state: State
    observed_at: datetime
    recorded_at: datetime
    evidence: str = ""
    observer: str = ""
    rule: str = ""
    why: Why | None = None
    ends_on: date | None = None
    corrects: str | None = None


class Held(NamedTuple):
    """What is held about one concept: the state now, and the observation it rests on."""

    concept: str
    state: State
    basis: Observation
    why: Why | None = None
    others: tuple[Observation, ...] = ()


def fold(
    catalogue: Catalogue,
    observations: Iterable[Observation],
    *,
    at: datetime,
    known_at: datetime | None = None,
) -> dict[str, Held]:
    """What is held about each concept at ``at``, from what had been recorded by ``known_at`` (default: ``at``).

    The latest that says something settles each concept; "not known" never takes away what is known. Observations may come
    in any order. A passing state fades to "not known" after two of its half-lives; a control past its end has failed.
    """
    limit = known_at or at
    known = [
        o
        for o in observations
        if o.recorded_at <= limit and o.observed_at <= at and o.concept in catalogue.concepts
    ]
    corrected = {o.corrects for o in known if o.corrects}
    by_concept: dict[str, list[Observation]] = {}
    for observation in known:
        if observation.id not in corrected:
            by_concept.setdefault(observation.concept, []).append(observation)
    return {name: _settle(catalogue, items, at) for name, items in by_concept.items()}


def _settle(catalogue: Catalogue, items: list[Observation], at: datetime) -> Held:
    if len(items) > 1:
        items.sort(key=_says_last)
    basis = items[-1]
    others = tuple(items[-2::-1])
    concept = catalogue.concepts[basis.concept]
    state, why = basis.state, basis.why
    if state is _NOT_KNOWN:
        why = why or Why.NOT_ASKED
    elif concept.kind is _CONTROL:
        if basis.ends_on and state in _STANDING and at.date() > basis.ends_on:
            state, why = State.FAILED, Why.ENDED
    elif state is _PRESENT and _faded(concept.half_life_days, at - basis.observed_at):
        state, why = _NOT_KNOWN, Why.FADED
    return Held(concept.id, state, basis, why, others)


def _faded(half_life_days: int, age: timedelta) -> bool:
    """Whether a passing state, seen so long ago, can no longer be taken to hold."""
    return half_life_days > 0 and age > timedelta(days=2 * half_life_days)


def _says_last(o: Observation) -> tuple[bool, datetime, datetime, int, str]:
    """Of two things observed at one moment, the one that leaves the person less safe is shown."""
    return o.state is not _NOT_KNOWN, o.observed_at, o.recorded_at, _WEIGHT.get(o.state, 0), o.id


_CONTROL, _NOT_KNOWN, _PRESENT = Kind.CONTROL, State.NOT_KNOWN, State.PRESENT
_STANDING = (State.HOLDING, State.WEAKENING)
_WEIGHT = {
    State.PRESENT: 3,
    State.SUFFERED: 3,
    State.FAILED: 3,
    State.THREATENED: 2,
    State.WEAKENING: 2,
    State.ABSENT: 1,
    State.HOLDING: 0,
}
