"""Many small reports read together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.picture import Observation, PathwayState, Report, learnt_since, read_together
from wholepicture.core.practice import State, load_default

CATALOGUE = load_default()
START = datetime(2016, 1, 4, 12, tzinfo=UTC)


def report(number: int, day: int, *concepts: str, told: int | None = None, harmed: bool = True) -> Report:
    happened = START + timedelta(days=day)
    recorded = START + timedelta(days=day if told is None else told)
    items = tuple(Observation(f"{number}{c}", "p", c, State.PRESENT, happened, recorded, c) for c in concepts)
    return Report(str(number), happened, recorded, items, harmed)


def at(day: int) -> datetime:
    return START + timedelta(days=day)


def test_the_third_in_a_year_shows_and_two_do_not() -> None:
    reports = [report(1, 0, "afraid"), report(2, 100, "afraid"), report(3, 200, "afraid")]
    before, _ = read_together(CATALOGUE, reports[:2], at=at(200))
    after, pattern = read_together(CATALOGUE, reports, at=at(200))
    assert before.state("three-contacts") is State.NOT_KNOWN
    assert after.state("three-contacts") is State.PRESENT
    assert after.held["three-contacts"].basis.evidence == "3 reports in twelve months"
    assert pattern.again == (("afraid", 3),)


def test_three_in_three_years_are_not_three_in_a_year() -> None:
    reports = [report(n, n * 370, "afraid") for n in range(3)]
    picture, pattern = read_together(CATALOGUE, reports, at=at(800))
    assert picture.state("three-contacts") is State.NOT_KNOWN
    assert (pattern.reports, pattern.in_last_year) == (3, 1)


def test_a_suspect_is_not_a_repeat_victim() -> None:
    reports = [report(n, n, "afraid", harmed=False) for n in range(2)]
    assert read_together(CATALOGUE, reports, at=at(5))[0].state("repeat-victim") is State.NOT_KNOWN


def test_more_often_than_the_year_before_is_getting_worse() -> None:
    reports = [report(0, 0), *(report(n, 380 + n) for n in range(1, 4))]
    picture, _ = read_together(CATALOGUE, reports, at=at(390))
    assert picture.held["escalating"].basis.evidence == "3 reports in twelve months, 1 in the twelve before"


def test_what_no_report_alone_shows() -> None:
    pathway = next(p for p in CATALOGUE.pathways.values() if p.person.op == "any" and p.situation.op == "any")
    person, situation = pathway.person.concepts()[0], pathway.situation.concepts()[0]
    _, pattern = read_together(CATALOGUE, [report(1, 0, person), report(2, 1, situation)], at=at(1))
    assert pathway.id in {r.pathway.id for r in pattern.only_together}
    _, pattern = read_together(CATALOGUE, [report(1, 0, person, situation)], at=at(1))
    assert pattern.only_together == ()


def test_what_was_told_later_was_not_known_then() -> None:
    reports = [report(1, 0, "afraid"), report(2, 10, "strangulation", told=50)]
    then, pattern = read_together(CATALOGUE, reports, at=at(20))
    now, _ = read_together(CATALOGUE, reports, at=at(60))
    assert pattern.reports == 1
    learnt = learnt_since(then, now)
    assert "strangulation" in learnt.concepts
    assert {r.state for r in learnt.pathways} <= {PathwayState.OPEN, PathwayState.UNGUARDED}
    assert learnt.pathways


@given(st.permutations([report(n, n * 60, "afraid", "isolated") for n in range(6)]))
def test_the_order_told_in_changes_nothing(reports: list[Report]) -> None:
    picture, pattern = read_together(CATALOGUE, reports, at=at(300))
    assert (pattern.reports, pattern.in_last_year) == (6, 6)
    assert picture.held["three-contacts"].basis.evidence == "6 reports in twelve months"


def test_nobody_has_no_pattern() -> None:
    picture, pattern = read_together(CATALOGUE, [], at=START)
    assert picture.held == {}
    assert (pattern.reports, pattern.first) == (0, None)
