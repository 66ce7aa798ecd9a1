"""A referral's steps, held as a machine: sent is never unsent, silence closes nothing, declined is never the end by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from wholepicture.core.partners.lifecycle import (
    ENDED,
    MOVE,
    MOVES,
    WAITS,
    WITH_PARTNER,
    Actor,
    State,
    Step,
    Urgency,
    due,
    may_step,
)

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)


class Life(RuleBasedStateMachine):
    """Any steps in any order, with needs that get their outcomes one by one."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State.DRAFT
        self.open_needs = 2
        self.taken: list[Step] = []

    @rule(step=st.sampled_from([m.step for m in MOVES]), why=st.sampled_from(["", "  ", "a reason"]))
    def take(self, step: Step, why: str) -> None:
        before = self.state
        answer = may_step(before, step, why=why, open_needs=self.open_needs)
        move = MOVE[step]
        if not answer.ok:
            assert answer.why
            return
        assert not answer.late
        assert before not in ENDED
        assert why.strip() or not move.reasons
        if step is Step.CLOSE:
            assert self.open_needs == 0
            assert before in (State.ACCEPTED, State.WORKING)
        if before in (State.DECLINED, State.REDIRECTED) and move.after:
            assert step is Step.TAKE_BACK
        if move.by is Actor.PARTNER:
            assert before in WITH_PARTNER
        self.state = move.after or before
        self.taken.append(step)

    @rule()
    def an_outcome(self) -> None:
        if self.state in WITH_PARTNER and self.open_needs:
            self.open_needs -= 1

    @invariant()
    def sent_once_and_never_unsent(self) -> None:
        assert self.taken.count(Step.SEND) <= 1
        if Step.SEND in self.taken:
            assert self.state not in (State.DRAFT, State.CHECKED)
            assert Step.CHANGE not in self.taken[self.taken.index(Step.SEND) :]

    @invariant()
    def what_is_with_a_partner_is_waited_for(self) -> None:
        next_need = AT + timedelta(hours=1) if self.open_needs else None
        found = due(self.state, sent_at=AT, urgency=Urgency.TODAY, next_need=next_need)
        waited = self.state in WITH_PARTNER and not (
            self.state in (State.ACCEPTED, State.WORKING) and next_need is None
        )
        assert (found is not None) == waited


TestLife = Life.TestCase


@given(state=st.sampled_from(State), step=st.sampled_from([m.step for m in MOVES]))
def test_only_something_overtaken_is_late(state: State, step: Step) -> None:
    answer = may_step(state, step, why="x")
    if answer.late:
        assert not answer.ok
        assert state in WITH_PARTNER
        assert MOVE[step].after in WITH_PARTNER


@pytest.mark.parametrize(
    ("state", "step", "said"),
    [
        (State.WORKING, Step.ACKNOWLEDGE, "It is working already."),
        (State.DRAFT, Step.ACCEPT, "It is draft: that cannot be done now."),
        (State.CLOSED, Step.RECALL, "It is closed: that cannot be done now."),
    ],
)
def test_why_not_is_said(state: State, step: Step, said: str) -> None:
    assert may_step(state, step, why="x").why == said


def test_a_close_says_how_many_needs_are_left() -> None:
    assert "a need has no outcome" in may_step(State.WORKING, Step.CLOSE, open_needs=1).why
    assert "3 needs have no outcome" in may_step(State.WORKING, Step.CLOSE, open_needs=3).why


@pytest.mark.parametrize(
    ("state", "urgency", "hours", "what"),
    [
        (State.SENT, Urgency.NOW, 1, "acknowledgement"),
        (State.OPENED, Urgency.TODAY, 4, "acknowledgement"),
        (State.ACKNOWLEDGED, Urgency.DAYS, 48, "a decision"),
    ],
)
def test_what_is_due_when(state: State, urgency: Urgency, hours: int, what: str) -> None:
    found = due(state, sent_at=AT, urgency=urgency, decide_hours=48)
    assert found
    assert (found.what, found.at) == (what, AT + timedelta(hours=hours))
    assert found.escalates_at(AT) == AT + timedelta(hours=hours * 1.5)


def test_a_route_never_makes_a_decision_wait_longer_than_its_urgency() -> None:
    for urgency, waits in WAITS.items():
        found = due(State.ACKNOWLEDGED, sent_at=AT, urgency=urgency, decide_hours=10_000)
        assert found
        assert found.at == AT + waits.decide
