"""Observations, and the fold of a person's observations at a moment, as known at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Held:
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
    items.sort(key=lambda o: (o.state is not State.NOT_KNOWN, o.observed_at, o.recorded_at, _weight(o), o.id))
    basis = items[-1]
    others = tuple(reversed(items[:-1]))
    concept = catalogue.concepts[basis.concept]
    state, why = basis.state, basis.why
    if (
        concept.kind is Kind.CONTROL
        and state in (State.HOLDING, State.WEAKENING)
        and basis.ends_on
        and at.date() > basis.ends_on
    ):
        return Held(concept.id, State.FAILED, basis, Why.ENDED, others)
    if (
        state is State.PRESENT
        and concept.half_life_days
        and at - basis.observed_at > timedelta(days=2 * concept.half_life_days)
    ):
        return Held(concept.id, State.NOT_KNOWN, basis, Why.FADED, others)
    if state is State.NOT_KNOWN and why is None:
        why = Why.NOT_ASKED
    return Held(concept.id, state, basis, why, others)


_WEIGHT = {
    State.PRESENT: 3,
    State.SUFFERED: 3,
    State.FAILED: 3,
    State.THREATENED: 2,
    State.WEAKENING: 2,
    State.ABSENT: 1,
    State.HOLDING: 0,
}


def _weight(observation: Observation) -> int:
    """Of two things observed at one moment, the one that leaves the person less safe is shown."""
    return _WEIGHT.get(observation.state, 0)
