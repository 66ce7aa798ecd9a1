"""A licence from application to its end: an explicit machine of states and steps, and a fold of dated events.

The state is never typed in: it follows from what was recorded and from the day. Times in days and months come from the scheme.
Modelled on published practice of other registers (nursing, health professions, private security, medicine): practice judgement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from wholepicture.core.days import months_after


class State(StrEnum):
    """Where an application, and then a licence, stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ASSESSING = "being assessed"
    ASSESSED = "assessed"
    PANEL = "before the panel"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ACTIVE = "active"
    CONDITIONS = "active with conditions"
    GRACE = "in grace"
    PAUSED = "paused"
    INTERIM = "suspended meanwhile"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"
    REVOKED = "revoked"
    SURRENDERED = "surrendered"


class Actor(StrEnum):
    """Who takes a step."""

    HOLDER = "the applicant or holder"
    REGISTRAR = "the licensing lead"
    ASSESSOR = "an assessor"
    PANEL = "the panel"
    APPEAL = "another panel"


class Step(StrEnum):
    """What can happen."""

    BEGIN = "begin"
    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"
    ASSESS = "assess"
    FORWARD = "forward"
    GRANT = "grant"
    GRANT_CONDITIONS = "grant-conditions"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    RENEW = "renew"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    INTERIM = "interim"
    END_INTERIM = "end-interim"
    PROPOSE = "propose"
    REPRESENT = "represent"
    NO_ACTION = "no-action"
    SET_CONDITIONS = "set-conditions"
    LIFT_CONDITIONS = "lift-conditions"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REVOKE = "revoke"
    SURRENDER = "surrender"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    VARY = "vary"
    OVERTURN = "overturn"


IN_FORCE = frozenset({State.ACTIVE, State.CONDITIONS, State.GRACE})
OPEN_APPLICATION = frozenset(
    {State.DRAFT, State.SUBMITTED, State.RETURNED, State.ASSESSING, State.ASSESSED, State.PANEL}
)
ADVERSE = frozenset({State.REFUSED, State.CONDITIONS, State.SUSPENDED, State.REVOKED})
_HELD = IN_FORCE | {State.PAUSED, State.INTERIM, State.SUSPENDED}


@dataclass(frozen=True, slots=True)
class Move:
    """One step of the machine: from where, to where (None: stays), by whom, and what must come with it."""

    step: Step
    says: str
    before: frozenset[State]
    after: State | None
    by: Actor
    reasons: bool = True
    after_notice: bool = False

    @property
    def places(self) -> tuple[State, ...]:
        """From where, in the order in which states are listed."""
        return tuple(s for s in State if s in self.before)


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


MOVES: tuple[Move, ...] = (
    Move(
        Step.SUBMIT,
        "hands the application in",
        _from(State.DRAFT, State.RETURNED),
        State.SUBMITTED,
        Actor.HOLDER,
        False,
    ),
    Move(
        Step.RETURN,
        "sends it back, saying what is missing",
        _from(State.SUBMITTED, State.ASSESSING),
        State.RETURNED,
        Actor.REGISTRAR,
    ),
    Move(
        Step.ACCEPT,
        "finds the requirements met and names an assessor",
        _from(State.SUBMITTED),
        State.ASSESSING,
        Actor.REGISTRAR,
        False,
    ),
    Move(Step.ASSESS, "decides on each standard", _from(State.ASSESSING), State.ASSESSED, Actor.ASSESSOR),
    Move(
        Step.FORWARD, "puts it before the panel", _from(State.ASSESSED), State.PANEL, Actor.REGISTRAR, False
    ),
    Move(Step.GRANT, "grants the licence", _from(State.PANEL), State.ACTIVE, Actor.PANEL),
    Move(
        Step.GRANT_CONDITIONS, "grants it with conditions", _from(State.PANEL), State.CONDITIONS, Actor.PANEL
    ),
    Move(Step.REFUSE, "refuses it", _from(State.PANEL), State.REFUSED, Actor.PANEL),
    Move(Step.WITHDRAW, "withdraws the application", OPEN_APPLICATION, State.WITHDRAWN, Actor.HOLDER, False),
    Move(Step.RENEW, "renews it for another term", IN_FORCE, None, Actor.REGISTRAR),
    Move(
        Step.EXTEND,
        "gives more days of grace",
        _from(State.ACTIVE, State.CONDITIONS, State.GRACE),
        None,
        Actor.REGISTRAR,
    ),
    Move(
        Step.PAUSE,
        "pauses it while the holder is away",
        _from(State.ACTIVE, State.CONDITIONS),
        State.PAUSED,
        Actor.REGISTRAR,
    ),
    Move(Step.RESUME, "has it go on", _from(State.PAUSED), State.ACTIVE, Actor.REGISTRAR),
    Move(Step.INTERIM, "suspends it meanwhile, to a day", IN_FORCE, State.INTERIM, Actor.REGISTRAR),
    Move(
        Step.END_INTERIM, "ends the suspension meanwhile", _from(State.INTERIM), State.ACTIVE, Actor.REGISTRAR
    ),
    Move(Step.PROPOSE, "gives notice of what is proposed", _HELD, None, Actor.REGISTRAR),
    Move(Step.REPRESENT, "answers the notice", _HELD, None, Actor.HOLDER),
    Move(Step.NO_ACTION, "does nothing about it", _HELD, None, Actor.PANEL, after_notice=True),
    Move(
        Step.SET_CONDITIONS,
        "sets or varies conditions",
        _HELD,
        State.CONDITIONS,
        Actor.PANEL,
        after_notice=True,
    ),
    Move(Step.LIFT_CONDITIONS, "lifts the conditions", _from(State.CONDITIONS), State.ACTIVE, Actor.PANEL),
    Move(Step.SUSPEND, "suspends it, to a day", _HELD, State.SUSPENDED, Actor.PANEL, after_notice=True),
    Move(Step.REINSTATE, "restores it after suspension", _from(State.SUSPENDED), State.ACTIVE, Actor.PANEL),
    Move(Step.REVOKE, "revokes it", _HELD, State.REVOKED, Actor.PANEL, after_notice=True),
    Move(Step.SURRENDER, "gives it up", IN_FORCE, State.SURRENDERED, Actor.HOLDER),
    Move(Step.APPEAL, "appeals", ADVERSE, None, Actor.HOLDER),
    Move(Step.UPHOLD, "lets the decision stand", ADVERSE | {State.LAPSED}, None, Actor.APPEAL),
    Move(Step.VARY, "puts conditions in its place", ADVERSE | {State.LAPSED}, State.CONDITIONS, Actor.APPEAL),
    Move(
        Step.OVERTURN,
        "overturns it: the licence stands as if it had not been made",
        ADVERSE | {State.LAPSED},
        State.ACTIVE,
        Actor.APPEAL,
    ),
)
MOVE: dict[Step, Move] = {m.step: m for m in MOVES}
APPEALED = frozenset({Step.UPHOLD, Step.VARY, Step.OVERTURN})
DECISIONS = frozenset(
    {
        Step.GRANT,
        Step.GRANT_CONDITIONS,
        Step.REFUSE,
        Step.NO_ACTION,
        Step.SET_CONDITIONS,
        Step.SUSPEND,
        Step.REVOKE,
    }
)
APPEALABLE = frozenset({Step.GRANT_CONDITIONS, Step.REFUSE, Step.SET_CONDITIONS, Step.SUSPEND, Step.REVOKE})


@dataclass(frozen=True, slots=True)
class Condition:
    """What a holder must do or not do, how it is measured, who sees to it and until when. It does not end by itself."""

    text: str
    measure: str
    seen_to_by: str
    until: date


@dataclass(frozen=True, slots=True)
class Rules:
    """The times a scheme sets. ``pause_adds``: 1 if days away are added to the term; ``return_months``: away longer, a plan is needed."""

    validity_months: int = 36
    grace_days: int = 28
    renewal_days: int = 90
    notice_days: int = 21
    appeal_days: int = 28
    interim_months: int = 6
    suspension_months: int = 12
    conditions_months: int = 36
    bar_months: int = 12
    return_months: int = 6
    pause_adds: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, on a day, by whom. ``until``: of a suspension, grace or term."""

    step: Step
    on: date
    by: tuple[str, ...]
    why: str = ""
    until: date | None = None
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands on a day.

    ``terms``: every term, from and to, oldest first; none is ever changed. ``proposed_on``: notice of a proposal is open.
    ``appealed``: an appeal is open against the event of that number. ``paused_on``: away since then.
    """

    state: State
    since: date
    terms: tuple[tuple[date, date], ...] = ()
    conditions: tuple[Condition, ...] = ()
    interim_until: date | None = None
    suspended_until: date | None = None
    grace_until: date | None = None
    proposed_on: date | None = None
    answered: bool = False
    appealed: int | None = None
    before: State | None = None
    ruled: int | None = None
    ruled_on: date | None = None
    paused_on: date | None = None

    @property
    def until(self) -> date | None:
        """When the present term ends."""
        return self.terms[-1][1] if self.terms else None

    @property
    def may_work(self) -> bool:
        """Whether work may be given to them. In grace what they have goes on, and nothing new is given."""
        return self.state in (State.ACTIVE, State.CONDITIONS)


@dataclass(frozen=True, slots=True)
class _Fold:
    standing: Standing
    number: int = 0
    prior: Standing | None = field(default=None)


def standing_on(events: Sequence[Event], on: date, rules: Rules) -> Standing | None:
    """Where somebody stands on a day, from what had happened by then; None before anything did."""
    told = [e for e in events if e.on <= on]
    if not told or told[0].step is not Step.BEGIN:
        return None
    fold = _Fold(Standing(State.DRAFT, told[0].on))
    for number, event in enumerate(told[1:], 1):
        fold = _told(_Fold(_aged(fold.standing, event.on, rules), number, fold.prior), event, rules)
    return _aged(fold.standing, on, rules)


def _aged(s: Standing, on: date, rules: Rules) -> Standing:
    """What a day alone has changed: an interim suspension that has run out, grace, and a term that has ended."""
    if s.state is State.INTERIM and s.interim_until and on > s.interim_until:
        s = replace(
            s, state=s.before or State.ACTIVE, since=s.interim_until + timedelta(1), interim_until=None
        )
    end = s.until
    if end is None or on <= end or s.state not in _HELD or (s.state is State.PAUSED and rules.pause_adds):
        return s
    grace = s.grace_until or end + timedelta(rules.grace_days)
    if s.state in IN_FORCE and on <= grace:
        return s if s.state is State.GRACE else replace(s, state=State.GRACE, since=end + timedelta(1))
    lapsed = grace if s.state in IN_FORCE else end
    return replace(s, state=State.LAPSED, since=lapsed + timedelta(1))


def _told(fold: _Fold, e: Event, rules: Rules) -> _Fold:
    s, move = fold.standing, MOVE[e.step]
    state = move.after or s.state
    made = replace(s, state=state, since=e.on if state is not s.state else s.since)
    prior = fold.prior
    if e.step in APPEALABLE:
        prior = s
        made = replace(made, ruled=fold.number, ruled_on=e.on)
    if e.step in (Step.GRANT, Step.GRANT_CONDITIONS):
        made = replace(made, terms=((e.on, _end(e.on, rules)),), conditions=e.conditions)
    elif e.step is Step.RENEW and s.until:
        begins = max(s.until + timedelta(1), e.on) if s.state is State.GRACE else s.until + timedelta(1)
        state = State.CONDITIONS if s.conditions else State.ACTIVE
        made = replace(made, state=state, terms=(*s.terms, (begins, _end(begins, rules))), grace_until=None)
    elif e.step is Step.EXTEND:
        made = replace(made, grace_until=e.until)
    elif e.step is Step.INTERIM:
        before = State.CONDITIONS if s.conditions else State.ACTIVE
        made = replace(made, interim_until=e.until, before=before)
    elif e.step in (Step.END_INTERIM, Step.REINSTATE, Step.RESUME):
        state = State.CONDITIONS if (e.conditions or s.conditions) else State.ACTIVE
        made = replace(
            made,
            state=state,
            interim_until=None,
            suspended_until=None,
            conditions=e.conditions or s.conditions,
        )
    elif e.step is Step.PROPOSE:
        made = replace(made, proposed_on=e.on, answered=False)
    elif e.step is Step.REPRESENT:
        made = replace(made, answered=True)
    elif e.step is Step.SET_CONDITIONS:
        made = replace(made, conditions=e.conditions, interim_until=None, suspended_until=None)
    elif e.step is Step.LIFT_CONDITIONS:
        made = replace(made, conditions=())
    elif e.step is Step.SUSPEND:
        made = replace(made, suspended_until=e.until, interim_until=None)
    elif e.step is Step.REVOKE:
        made = replace(made, interim_until=None, suspended_until=None)
    elif e.step is Step.APPEAL:
        made = replace(made, appealed=s.ruled)
    elif e.step in APPEALED:
        made = _appealed(made, s, prior, e, rules)
    if e.step in (Step.NO_ACTION, Step.SET_CONDITIONS, Step.SUSPEND, Step.REVOKE):
        made = replace(made, proposed_on=None, answered=False)
    made = _paused(s, made, e, rules)
    return _Fold(made, fold.number, prior)


def _paused(s: Standing, made: Standing, e: Event, rules: Rules) -> Standing:
    """When a pause begins and ends. A scheme that stops the clock adds the days away as a term of their own: none is rewritten."""
    if made.state is State.PAUSED:
        return made if s.state is State.PAUSED else replace(made, paused_on=e.on)
    if s.paused_on is None:
        return made
    away = e.on - s.paused_on
    if rules.pause_adds and made.terms and away:
        last = made.terms[-1][1]
        made = replace(made, terms=(*made.terms, (last + timedelta(1), last + away)))
    return replace(made, paused_on=None)


def _appealed(made: Standing, s: Standing, prior: Standing | None, e: Event, rules: Rules) -> Standing:
    """What an appeal leaves: the decision, conditions in its place, or what was there before, with the term it had."""
    made = replace(made, appealed=None, ruled=None)
    if e.step is Step.UPHOLD:
        return made
    terms = s.terms or ((e.on, _end(e.on, rules)),)
    conditions = e.conditions if e.step is Step.VARY else (prior.conditions if prior else ())
    state = State.CONDITIONS if conditions else State.ACTIVE
    return replace(
        made, state=state, terms=terms, conditions=conditions, suspended_until=None, interim_until=None
    )


def _end(begins: date, rules: Rules) -> date:
    """The last day of a term: a licence of a year from 1 March holds to the last of February."""
    return months_after(begins, rules.validity_months) - timedelta(1)
