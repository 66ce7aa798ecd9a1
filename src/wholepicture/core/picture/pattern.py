"""What many small reports say together: how often, what again and again, and what no report alone would show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wholepicture.core.picture.draw import PathwayResult, PathwayState, Picture, draw
from wholepicture.core.picture.observe import Observation
from wholepicture.core.practice import Catalogue, State

YEAR = timedelta(days=365)
# The marks of repetition that MARAC and the statutory reviews give: three contacts in a year; twice is repeated.
CONTACTS_IN_A_YEAR = 3
CONTACTS, REPEATED, WORSENING = "three-contacts", "repeat-victim", "escalating"
_SEEN = (State.PRESENT, State.SUFFERED, State.THREATENED, State.FAILED)
_SHOWING = (PathwayState.OPEN, PathwayState.UNGUARDED)


@dataclass(frozen=True, slots=True)
class Report:
    """One account in which somebody appears: when it happened, when we were told, what was observed of them.

    ``harmed``: they were its victim, caller or a child in it, not its suspect.
    """

    id: str
    happened_at: datetime
    recorded_at: datetime
    observations: tuple[Observation, ...]
    harmed: bool = True


@dataclass(frozen=True, slots=True)
class Pattern:
    """Reports read together. ``again``: concepts in two or more reports, with in how many, commonest first."""

    reports: int
    in_last_year: int
    in_year_before: int
    first: date | None
    last: date | None
    again: tuple[tuple[str, int], ...]
    only_together: tuple[PathwayResult, ...]


def read_together(
    catalogue: Catalogue, reports: Iterable[Report], *, at: datetime, known_at: datetime | None = None
) -> tuple[Picture, Pattern]:
    """The cumulative picture of somebody at a moment, as known at a moment, and the pattern of their reports.

    What repetition itself shows (three contacts in a year; harmed again; more often than the year before) is observed from
    the reports, each with the rule that says so.
    """
    limit = known_at or at
    told = sorted(
        (r for r in reports if r.recorded_at <= limit and r.happened_at <= at),
        key=lambda r: (r.happened_at, r.id),
    )
    own = [o for r in told for o in r.observations]
    picture = draw(catalogue, [*own, *_from_repetition(catalogue, told)], at=at, known_at=known_at)
    together = _only_together(catalogue, told, picture.by_state(*_SHOWING)) if len(told) > 1 else ()
    counts = Counter(name for r in told for name in {o.concept for o in r.observations if o.state in _SEEN})
    # Of those in as many reports, by name: the same reports always give the same order.
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    again = tuple((name, n) for name, n in ordered if n > 1 and name in catalogue.concepts)
    return picture, Pattern(
        len(told),
        _within(told, at - YEAR, at),
        _within(told, at - 2 * YEAR, at - YEAR),
        told[0].happened_at.date() if told else None,
        told[-1].happened_at.date() if told else None,
        again,
        together,
    )


def _only_together(
    catalogue: Catalogue, told: Sequence[Report], showing: Sequence[PathwayResult]
) -> tuple[PathwayResult, ...]:
    """Of the pathways that show, those that show in no report by itself. Reports are drawn only as long as any is left."""
    left = {r.pathway.id for r in showing}
    for report in told:
        if not left:
            break
        alone = draw(catalogue, report.observations, at=max(report.happened_at, report.recorded_at))
        left -= {r.pathway.id for r in alone.by_state(*_SHOWING)}
    return tuple(r for r in showing if r.pathway.id in left)


def _within(reports: Sequence[Report], after: datetime, until: datetime) -> int:
    return sum(after < r.happened_at <= until for r in reports)


def _from_repetition(catalogue: Catalogue, told: Sequence[Report]) -> Iterable[Observation]:
    """What the reports show by being many. Each holds from the report that completes it, once that was recorded."""
    for index, report in enumerate(told):
        year = [r for r in told[: index + 1] if r.happened_at > report.happened_at - YEAR]
        before = [
            r
            for r in told[:index]
            if report.happened_at - 2 * YEAR < r.happened_at <= report.happened_at - YEAR
        ]
        if len(year) >= CONTACTS_IN_A_YEAR:
            yield from _observed(catalogue, CONTACTS, report, year, f"{len(year)} reports in twelve months")
        harmed = [r for r in year if r.harmed and any(o.state in _SEEN for o in r.observations)]
        if len(harmed) > 1:
            yield from _observed(
                catalogue, REPEATED, report, harmed, f"{len(harmed)} reports in twelve months"
            )
        if before and len(year) >= CONTACTS_IN_A_YEAR and len(year) >= 2 * len(before):
            words = f"{len(year)} reports in twelve months, {len(before)} in the twelve before"
            yield from _observed(catalogue, WORSENING, report, [*before, *year], words)


def _observed(
    catalogue: Catalogue, concept: str, last: Report, rests_on: Sequence[Report], words: str
) -> Iterable[Observation]:
    if concept in catalogue.concepts and not catalogue.concepts[concept].retired:
        yield Observation(
            id=f"{concept}:{last.id}",
            person="",
            concept=concept,
            state=State.PRESENT,
            observed_at=last.happened_at,
            recorded_at=max(r.recorded_at for r in rests_on),
            evidence=words,
            rule=f"pattern.{concept}",
        )


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was not yet known at an earlier moment: concepts seen since, and pathways that have opened since."""

    concepts: tuple[str, ...]
    pathways: tuple[PathwayResult, ...]


def learnt_since(earlier: Picture, now: Picture) -> Learnt:
    """What the later picture shows that the earlier did not."""
    then = {name for name, held in earlier.held.items() if held.state in _SEEN}
    open_then = {r.pathway.id for r in earlier.by_state(*_SHOWING)}
    return Learnt(
        tuple(name for name, held in now.held.items() if held.state in _SEEN and name not in then),
        tuple(r for r in now.by_state(*_SHOWING) if r.pathway.id not in open_then),
    )
