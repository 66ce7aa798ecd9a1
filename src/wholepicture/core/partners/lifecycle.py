"""A referral from draft to outcome: an explicit table of steps, forward only, and clocks that are never stopped by silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a referral stands."""

    DRAFT = "draft"
    CHECKED = "checked"
    SENT = "sent"
    DELIVERED = "delivered"
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    WORKING = "working"
    DECLINED = "declined"
    REDIRECTED = "redirected"
    CLOSED = "closed"
    RECALLED = "recalled"
    TAKEN_BACK = "taken back"


class Actor(StrEnum):
    """Who takes a step."""

    SENDER = "the officer who sends it"
    CHECKER = "a second officer"
    PARTNER = "the partner"
    CLOCK = "the clock"
    EITHER = "the officer or the partner"


class Step(StrEnum):
    """What can happen to a referral."""

    BEGIN = "begin"
    CHANGE = "change"
    CHECK = "check"
    SEND = "send"
    DELIVER = "deliver"
    OPEN = "open"
    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    DECLINE = "decline"
    REDIRECT = "redirect"
    WORK = "work"
    OUTCOME = "outcome"
    CONTROL = "control"
    ASK = "ask"
    ANSWER = "answer"
    REMIND = "remind"
    ESCALATE = "escalate"
    RECALL = "recall"
    TAKE_BACK = "take-back"
    CLOSE = "close"


class Urgency(StrEnum):
    """How soon somebody must act."""

    NOW = "now"
    TODAY = "today"
    DAYS = "days"


# States that a partner holds, in the order in which they follow each other.
WAY = (State.SENT, State.DELIVERED, State.OPENED, State.ACKNOWLEDGED, State.ACCEPTED, State.WORKING)
WITH_PARTNER = frozenset(WAY)
WITH_SENDER = frozenset({State.DRAFT, State.CHECKED, State.DECLINED, State.REDIRECTED})
ENDED = frozenset({State.CLOSED, State.RECALLED, State.TAKEN_BACK})


@dataclass(frozen=True, slots=True)
class Move:
    """One step: from where, to where (None: stays), by whom, whether reasons must be given."""

    step: Step
    says: str
    before: frozenset[State]
    after: State | None
    by: Actor
    reasons: bool = False


def _until(state: State) -> frozenset[State]:
    """Where a partner's step may come from: anything sent that is not further on yet."""
    return frozenset(WAY[: WAY.index(state)])


_BEFORE_DECISION = _until(State.ACCEPTED)
MOVES = (
    Move(Step.CHANGE, "changed it", frozenset({State.DRAFT, State.CHECKED}), State.DRAFT, Actor.SENDER),
    Move(Step.CHECK, "checked it", frozenset({State.DRAFT}), State.CHECKED, Actor.CHECKER),
    Move(Step.SEND, "sent it", frozenset({State.DRAFT, State.CHECKED}), State.SENT, Actor.SENDER),
    Move(Step.DELIVER, "delivered it", _until(State.DELIVERED), State.DELIVERED, Actor.CLOCK),
    Move(Step.OPEN, "opened it", _until(State.OPENED), State.OPENED, Actor.PARTNER),
    Move(Step.ACKNOWLEDGE, "acknowledged it", _until(State.ACKNOWLEDGED), State.ACKNOWLEDGED, Actor.PARTNER),
    Move(Step.ACCEPT, "accepted it", _BEFORE_DECISION, State.ACCEPTED, Actor.PARTNER),
    Move(
        Step.DECLINE,
        "declined it",
        _BEFORE_DECISION | {State.ACCEPTED, State.WORKING},
        State.DECLINED,
        Actor.PARTNER,
        True,
    ),
    Move(
        Step.REDIRECT,
        "said that somebody else should have it",
        _BEFORE_DECISION,
        State.REDIRECTED,
        Actor.PARTNER,
        True,
    ),
    Move(Step.WORK, "began to work on it", _until(State.WORKING), State.WORKING, Actor.PARTNER),
    Move(Step.OUTCOME, "said what came of a need", WITH_PARTNER, None, Actor.PARTNER),
    Move(Step.CONTROL, "put a control in place", WITH_PARTNER, None, Actor.PARTNER),
    Move(Step.ASK, "asked", WITH_PARTNER, None, Actor.EITHER, True),
    Move(Step.ANSWER, "answered", WITH_PARTNER, None, Actor.EITHER, True),
    Move(Step.REMIND, "reminded the partner", WITH_PARTNER, None, Actor.CLOCK),
    Move(
        Step.ESCALATE, "took it to somebody senior", WITH_PARTNER | {State.DECLINED}, None, Actor.EITHER, True
    ),
    Move(
        Step.RECALL,
        "recalled it",
        WITH_PARTNER - {State.ACCEPTED, State.WORKING},
        State.RECALLED,
        Actor.SENDER,
        True,
    ),
    Move(
        Step.TAKE_BACK,
        "took it back, saying what is done instead",
        frozenset({State.DRAFT, State.CHECKED, State.DECLINED, State.REDIRECTED}),
        State.TAKEN_BACK,
        Actor.SENDER,
        True,
    ),
    Move(
        Step.CLOSE,
        "closed it",
        frozenset({State.ACCEPTED, State.WORKING}),
        State.CLOSED,
        Actor.EITHER,
    ),
)
MOVE = {m.step: m for m in MOVES}


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a step may be taken. ``late``: something later is known already, so that it changes nothing and is no fault."""

    ok: bool
    why: str = ""
    late: bool = False


def may_step(state: State, step: Step, *, why: str = "", open_needs: int = 0) -> Answer:
    """Whether a step may be taken from a state. ``open_needs``: how many needs have no outcome yet.

    A referral is never closed while a need has no outcome: silence closes nothing.
    """
    move = MOVE[step]
    if move.reasons and not why.strip():
        return Answer(False, "Say why.")
    if state not in move.before:
        overtaken = move.after in WAY and state in WAY and WAY.index(state) >= WAY.index(move.after)
        if overtaken:
            return Answer(False, f"It is {state} already.", late=True)
        return Answer(False, f"It is {state}: that cannot be done now.")
    if step is Step.CLOSE and open_needs:
        needs = "a need has" if open_needs == 1 else f"{open_needs} needs have"
        return Answer(False, f"It cannot be closed: {needs} no outcome yet. Say what came of each.")
    return Answer(True)


@dataclass(frozen=True, slots=True)
class Waits:
    """How long may pass, from sending, until it is acknowledged and decided on."""

    acknowledge: timedelta
    decide: timedelta


# Practice judgement; a route may set its own for a decision.
WAITS = {
    Urgency.NOW: Waits(timedelta(hours=1), timedelta(hours=4)),
    Urgency.TODAY: Waits(timedelta(hours=4), timedelta(hours=24)),
    Urgency.DAYS: Waits(timedelta(hours=24), timedelta(hours=72)),
}


@dataclass(frozen=True, slots=True)
class Due:
    """What is awaited of whom, and by when."""

    what: str
    at: datetime

    def escalates_at(self, began: datetime) -> datetime:
        """When it goes to a named person: half as long again after it was due."""
        return self.at + (self.at - began) / 2


def due(
    state: State,
    *,
    sent_at: datetime,
    urgency: Urgency,
    decide_hours: int = 0,
    next_need: datetime | None = None,
) -> Due | None:
    """What is awaited now; None when nothing is. ``next_need``: when the first need without an outcome is to be met."""
    waits = WAITS[urgency]
    if state in (State.SENT, State.DELIVERED, State.OPENED):
        return Due("acknowledgement", sent_at + waits.acknowledge)
    if state is State.ACKNOWLEDGED:
        decide = min(waits.decide, timedelta(hours=decide_hours)) if decide_hours else waits.decide
        return Due("a decision", sent_at + decide)
    if state in (State.ACCEPTED, State.WORKING) and next_need:
        return Due("an outcome", next_need)
    return None
