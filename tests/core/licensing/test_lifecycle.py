"""The life of a licence: a way through it, tables, and a machine that takes every step it may while the invariants are watched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from wholepicture.core.days import months_after
from wholepicture.core.licensing import (
    APPEALED,
    IN_FORCE,
    MOVE,
    MOVES,
    Actor,
    Condition,
    Event,
    Rules,
    Standing,
    State,
    Step,
    cannot,
    diagram,
    standing_on,
)

RULES = Rules()
T = date(2026, 3, 1)
HOLDER = "nia"
DAY = timedelta(days=1)
BY = {
    Actor.HOLDER: (HOLDER,),
    Actor.REGISTRAR: ("rob",),
    Actor.ASSESSOR: ("ffion",),
    Actor.PANEL: ("a", "b", "c"),
    Actor.APPEAL: ("x", "y", "z"),
}


def condition(until: date) -> Condition:
    return Condition("Is supervised weekly", "The supervisor's notes", "Priya Nair", until)


def event(step: Step, on: date, **more: object) -> Event:
    by = (HOLDER,) if step is Step.BEGIN else BY[MOVE[step].by]
    return replace(Event(step, on, by, "because"), **more)  # type: ignore[arg-type]


def way(*steps: tuple[Step, int] | tuple[Step, int, dict[str, object]]) -> list[Event]:
    """Events so many days after the first, each of which must be allowed."""
    found: list[Event] = []
    for step, days, *more in steps:
        new = event(step, T + days * DAY, **(more[0] if more else {}))
        assert cannot(found, new, RULES, holder=HOLDER) == "", (step, days)
        found.append(new)
    return found


GRANTED = (
    (Step.BEGIN, 0),
    (Step.SUBMIT, 1),
    (Step.ACCEPT, 2),
    (Step.ASSESS, 10),
    (Step.FORWARD, 11),
    (Step.GRANT, 20),
)


def stands(events: list[Event], days: int) -> Standing:
    found = standing_on(events, T + days * DAY, RULES)
    assert found is not None
    return found


def test_from_application_to_suspension_appeal_restoration_and_renewal() -> None:
    to = T + 400 * DAY
    events = way(
        *GRANTED,
        (Step.INTERIM, 100, {"until": T + 200 * DAY}),
        (Step.PROPOSE, 110),
        (Step.REPRESENT, 115),
        (Step.SUSPEND, 120, {"until": to}),
        (Step.APPEAL, 130),
        (Step.OVERTURN, 160),
    )
    assert [stands(events, d).state for d in (0, 5, 15, 25, 105, 125, 140, 170)] == [
        State.DRAFT,
        State.ASSESSING,
        State.PANEL,
        State.ACTIVE,
        State.INTERIM,
        State.SUSPENDED,
        State.SUSPENDED,
        State.ACTIVE,
    ]
    granted = stands(events, 25).until
    assert granted == months_after(T + 20 * DAY, 36) - DAY
    # Overturned: the term it had, with no gap in it.
    assert stands(events, 170).terms == stands(events, 25).terms
    early = event(Step.RENEW, granted - 91 * DAY)
    assert "can be renewed from" in cannot(events, early, RULES, holder=HOLDER)
    renewed = [*events, event(Step.RENEW, granted - 90 * DAY)]
    found = standing_on(renewed, granted - 90 * DAY, RULES)
    assert found is not None
    assert found.terms == (
        (T + 20 * DAY, granted),
        (granted + DAY, months_after(granted + DAY, 36) - DAY),
    )


def test_a_term_ends_then_grace_then_it_lapses() -> None:
    events = way(*GRANTED)
    end = stands(events, 25).until
    assert end is not None
    states = [
        standing_on(events, end + n * DAY, RULES).state  # type: ignore[union-attr]
        for n in (0, 1, 28, 29)
    ]
    assert states == [State.ACTIVE, State.GRACE, State.GRACE, State.LAPSED]
    grace = standing_on(events, end + DAY, RULES)
    assert grace is not None
    assert not grace.may_work
    extended = [*events, event(Step.EXTEND, end + DAY, until=end + 60 * DAY)]
    assert standing_on(extended, end + 60 * DAY, RULES).state is State.GRACE  # type: ignore[union-attr]
    assert standing_on(extended, end + 61 * DAY, RULES).state is State.LAPSED  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("granted", "last"),
    [
        (
            date(2028, 2, 29),
            date(2029, 2, 27),
        ),  # a leap day: the term ends on the day before the same day, or the last there is
        (date(2027, 3, 1), date(2028, 2, 29)),
        (date(2026, 3, 29), date(2027, 3, 28)),  # the day on which clocks change
    ],
)
def test_the_last_day_of_a_term(granted: date, last: date) -> None:
    rules = replace(RULES, validity_months=12)
    events = [replace(e, on=granted) for e in way(*GRANTED)]
    found = standing_on(events, granted, rules)
    assert found is not None
    assert found.until == last


def test_an_interim_suspension_ends_by_itself_and_a_decided_one_does_not() -> None:
    events = way(*GRANTED, (Step.INTERIM, 100, {"until": T + 150 * DAY}))
    assert stands(events, 150).state is State.INTERIM
    assert stands(events, 151).state is State.ACTIVE
    decided = way(*GRANTED, (Step.PROPOSE, 30), (Step.SUSPEND, 60, {"until": T + 90 * DAY}))
    assert stands(decided, 200).state is State.SUSPENDED
    again = [*decided, event(Step.REINSTATE, T + 201 * DAY)]
    assert stands(again, 201).state is State.ACTIVE


def test_away_and_back() -> None:
    away = way(*GRANTED, (Step.PAUSE, 50), (Step.RESUME, 100))
    assert [stands(away, d).state for d in (49, 50, 99, 100)] == [
        State.ACTIVE,
        State.PAUSED,
        State.PAUSED,
        State.ACTIVE,
    ]
    assert not stands(away, 60).may_work
    assert stands(away, 100).terms == stands(away, 49).terms
    # Away for long: no coming back without a plan.
    long = event(Step.RESUME, T + 300 * DAY)
    assert "the plan" in cannot(away[:-1], long, RULES, holder=HOLDER)
    planned = replace(long, conditions=(condition(T + 400 * DAY),))
    assert cannot(away[:-1], planned, RULES, holder=HOLDER) == ""
    assert stands([*away[:-1], planned], 300).state is State.CONDITIONS


def test_a_scheme_may_add_the_days_away() -> None:
    adds = replace(RULES, pause_adds=1)
    away = way(*GRANTED, (Step.PAUSE, 50))
    term = stands(away, 50).terms
    last = term[0][1]
    assert standing_on(away, last + 9 * DAY, adds).state is State.PAUSED  # type: ignore[union-attr]
    assert standing_on(away, last + 29 * DAY, RULES).state is State.LAPSED  # type: ignore[union-attr]
    back = [*away, event(Step.RESUME, T + 80 * DAY)]
    found = standing_on(back, T + 80 * DAY, adds)
    assert found is not None
    assert found.terms == (*term, (last + DAY, last + 30 * DAY))


HELD = way(*GRANTED)
NOTICED = way(*GRANTED, (Step.PROPOSE, 30))
SUSPENDED = way(
    *GRANTED, (Step.PROPOSE, 30), (Step.REPRESENT, 31), (Step.SUSPEND, 40, {"until": T + 90 * DAY})
)
REFUSED = way(*GRANTED[:5], (Step.REFUSE, 20))


@pytest.mark.parametrize(
    ("events", "new", "said"),
    [
        (HELD, event(Step.GRANT, T + 30 * DAY), "It is active"),
        (HELD, event(Step.RENEW, T + 10 * DAY), "cannot come before it"),
        (HELD, event(Step.INTERIM, T + 30 * DAY, why=" ", until=T + 40 * DAY), "Say why"),
        (HELD, event(Step.INTERIM, T + 30 * DAY), "Give the day"),
        (HELD, event(Step.INTERIM, T + 30 * DAY, until=T + 400 * DAY), "6 months at the most"),
        (HELD, event(Step.REVOKE, T + 30 * DAY), "Give notice"),
        (HELD, event(Step.REPRESENT, T + 30 * DAY), "no notice to answer"),
        (HELD, event(Step.APPEAL, T + 30 * DAY), "It is active"),
        (NOTICED, event(Step.PROPOSE, T + 31 * DAY), "open already"),
        (NOTICED, event(Step.REVOKE, T + 40 * DAY), "has until"),
        (NOTICED, event(Step.REVOKE, T + 60 * DAY, by=("a", "rob")), "rob had a part in it"),
        (NOTICED, event(Step.REVOKE, T + 60 * DAY, by=("a", "ffion")), "ffion had a part in it"),
        (NOTICED, event(Step.REVOKE, T + 60 * DAY, by=(HOLDER, "a")), "decision on themselves"),
        (NOTICED, event(Step.SET_CONDITIONS, T + 60 * DAY), "at least one condition"),
        (
            NOTICED,
            event(Step.SET_CONDITIONS, T + 60 * DAY, conditions=(condition(T + 9999 * DAY),)),
            "within 36 months",
        ),
        (NOTICED, event(Step.SURRENDER, T + 40 * DAY), "cannot be given up"),
        (SUSPENDED, event(Step.APPEAL, T + 69 * DAY), "had to be made by"),
        (SUSPENDED, event(Step.APPEAL, T + 50 * DAY, by=("rob",)), "Only the applicant or holder"),
        (SUSPENDED, event(Step.OVERTURN, T + 50 * DAY), "No appeal is open"),
        (SUSPENDED, event(Step.RENEW, T + 50 * DAY), "It is suspended"),
        (
            [*SUSPENDED, event(Step.APPEAL, T + 50 * DAY)],
            event(Step.UPHOLD, T + 60 * DAY, by=("a", "x")),
            "a had a part",
        ),
        ([], event(Step.SUBMIT, T), "Nothing has begun"),
    ],
)
def test_what_cannot_be_done_is_said(events: list[Event], new: Event, said: str) -> None:
    assert said in cannot(events, new, RULES, holder=HOLDER)


def test_a_refusal_overturned_grants_a_term() -> None:
    events = [*REFUSED, event(Step.APPEAL, T + 30 * DAY), event(Step.OVERTURN, T + 50 * DAY)]
    found = stands(events, 50)
    assert found.state is State.ACTIVE
    assert found.terms[0][0] == T + 50 * DAY


def test_the_published_diagram_is_the_machine() -> None:
    root = Path(__file__).parents[3]
    assert f"```mermaid\n{diagram()}```" in (root / "docs/licensing.md").read_text("utf-8")
    assert all(m.step in MOVE for m in MOVES)


class Life(RuleBasedStateMachine):
    """Takes any step on any later day; refused ones change nothing."""

    scheme_rules = RULES

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.past: list[tuple[date, Standing]] = []
        self.today = T

    @initialize()
    def begin(self) -> None:
        self.events.append(event(Step.BEGIN, self.today))

    @rule(days=st.integers(0, 500))
    def time_passes(self, days: int) -> None:
        self.today += days * DAY

    @precondition(lambda self: self.events)
    @rule(
        step=st.sampled_from([m.step for m in MOVES]),
        days=st.integers(1, 700),
        conditions=st.booleans(),
        rob=st.booleans(),
    )
    def take(self, step: Step, days: int, conditions: bool, rob: bool) -> None:
        until = self.today + days * DAY
        new = event(step, self.today, until=until, conditions=(condition(until),) if conditions else ())
        if rob:
            new = replace(new, by=(*new.by, "rob"))
        before = standing_on(self.events, self.today, self.scheme_rules)
        assert before is not None
        if cannot(self.events, new, self.scheme_rules, holder=HOLDER):
            return
        self.past.append((self.today, before))
        self.events.append(new)
        after = standing_on(self.events, self.today, self.scheme_rules)
        assert after is not None
        # Terms are only ever added to.
        assert after.terms[: len(before.terms)] == before.terms
        if after.state in (State.SUSPENDED, State.REVOKED) and after.state is not before.state:
            assert before.proposed_on is not None
            assert new.why
        if step in APPEALED:
            decided = {
                n
                for e in self.events[:-1]
                if MOVE.get(e.step) and MOVE[e.step].by is Actor.PANEL
                for n in e.by
            }
            assert not decided & set(new.by)
        if MOVE[step].by is not Actor.HOLDER:
            assert HOLDER not in new.by

    @invariant()
    def work_only_with_a_licence_in_force(self) -> None:
        found = standing_on(self.events, self.today, self.scheme_rules)
        if found is None:
            return
        if found.may_work:
            assert found.until is not None
            assert found.until >= self.today
            assert found.state in IN_FORCE
        if found.state is State.CONDITIONS:
            assert found.conditions
        if found.state is State.ACTIVE:
            assert not found.conditions
        if found.proposed_on:
            assert found.state not in (State.DRAFT, State.REFUSED)

    @invariant()
    def the_past_stays_as_it_was(self) -> None:
        for day, was in self.past[:-1]:
            told = [e for e in self.events if e.on < day]
            earlier = standing_on(told, day - DAY, self.scheme_rules)
            assert earlier == standing_on(self.events, day - DAY, self.scheme_rules)
            assert was is not None


class LifeThatStopsTheClock(Life):
    """The same, in a scheme that adds the days away."""

    scheme_rules = replace(RULES, pause_adds=1)


TestLifeThatStopsTheClock = LifeThatStopsTheClock.TestCase
TestLifeThatStopsTheClock.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
Life.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestLife = Life.TestCase
