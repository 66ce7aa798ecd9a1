"""Why a step cannot be taken: who may, which days, and what must come before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from wholepicture.core.days import months_after
from wholepicture.core.licensing.lifecycle import (
    APPEALED,
    DECISIONS,
    MOVE,
    Actor,
    Event,
    Move,
    Rules,
    Standing,
    Step,
    standing_on,
)


def cannot(events: Sequence[Event], new: Event, rules: Rules, *, holder: str) -> str:
    """Why a step cannot be taken, in words; "" when it can. Reasons, days and who may are all asked here."""
    if new.step is Step.BEGIN:
        return "" if not events else "It has begun already."
    if not events:
        return "Nothing has begun yet."
    if new.on < events[-1].on:
        return f"Something was recorded on {events[-1].on:%-d %B %Y}. A step cannot come before it."
    s = standing_on(events, new.on, rules)
    move = MOVE[new.step]
    if s is None or s.state not in move.before:
        return f"It is {s.state.value if s else 'not begun'}. That cannot be done now."
    if move.reasons and not new.why.strip():
        return "Say why."
    return _who(events, new, move, holder) or _when(s, new, rules) or _order(events, s, new, rules)


def _who(events: Sequence[Event], new: Event, move: Move, holder: str) -> str:
    """Separation of duties: nobody decides of themselves, of what they proposed or assessed, nor hears an appeal from themselves."""
    if not new.by:
        return "Say who does it."
    if move.by is Actor.HOLDER:
        return "" if new.by == (holder,) else "Only the applicant or holder can do that."
    if holder in new.by:
        return "Nobody takes part in a decision on themselves."
    if move.by in (Actor.PANEL, Actor.APPEAL):
        earlier = _took_part(events, appeal=move.by is Actor.APPEAL)
        both = sorted(earlier & set(new.by))
        if both:
            return f"{', '.join(both)} had a part in it before. Somebody else must decide."
    return ""


def _took_part(events: Sequence[Event], *, appeal: bool) -> set[str]:
    """Those who may not decide: who assessed, or gave the notice; for an appeal everybody who decided anything too."""
    barred = {Step.ASSESS, Step.PROPOSE, Step.INTERIM}
    if appeal:
        barred |= DECISIONS | APPEALED | {Step.REINSTATE, Step.LIFT_CONDITIONS, Step.RENEW, Step.ACCEPT}
    return {name for e in events if e.step in barred for name in e.by}


def _when(s: Standing, new: Event, rules: Rules) -> str:
    """Days that have an end, and no more than a scheme allows."""
    longest = {
        Step.INTERIM: (rules.interim_months, "A suspension meanwhile"),
        Step.SUSPEND: (rules.suspension_months, "A suspension"),
    }
    if new.step in longest:
        months, name = longest[new.step]
        if new.until is None or new.until <= new.on:
            return "Give the day to which it holds, after today."
        if new.until > months_after(new.on, months):
            return f"{name} may hold for {months} months at the most. Choose an earlier day."
    if new.step in (Step.GRANT_CONDITIONS, Step.SET_CONDITIONS, Step.VARY) and not new.conditions:
        return "Say at least one condition."
    if new.conditions:
        last = months_after(new.on, rules.conditions_months)
        if any(not new.on < c.until <= last for c in new.conditions):
            return f"A condition must end after today, within {rules.conditions_months} months."
    if new.step is Step.RESUME and s.paused_on and not new.conditions:
        long = new.on > months_after(s.paused_on, rules.return_months)
        if long:
            return f"Away for over {rules.return_months} months: say at least one condition, the plan for coming back."
    if new.step is Step.EXTEND and (
        new.until is None or s.until is None or new.until <= s.until + timedelta(rules.grace_days)
    ):
        return "Give a day later than the grace there is already."
    if new.step is Step.RENEW and s.until and new.on < s.until - timedelta(rules.renewal_days):
        return f"It can be renewed from {s.until - timedelta(rules.renewal_days):%-d %B %Y} on."
    return ""


def _order(events: Sequence[Event], s: Standing, new: Event, rules: Rules) -> str:
    """Notice before an adverse decision, an appeal in time, nothing given up to escape a decision."""
    move = MOVE[new.step]
    if new.step is Step.PROPOSE and s.proposed_on:
        return "Notice of a proposal is open already."
    if new.step is Step.REPRESENT and (s.proposed_on is None or s.answered):
        return "There is no notice to answer."
    if move.after_notice:
        if s.proposed_on is None:
            return "Give notice of what is proposed first."
        ends = s.proposed_on + timedelta(rules.notice_days)
        if not s.answered and new.on < ends:
            return f"The holder has until {ends:%-d %B %Y} to answer."
    if new.step is Step.SURRENDER and s.proposed_on:
        return "It cannot be given up while notice of a proposal is open."
    if new.step is Step.APPEAL:
        if s.appealed is not None:
            return "An appeal is open already."
        if s.ruled is None or s.ruled_on is None:
            return "There is no decision to appeal against."
        last = s.ruled_on + timedelta(rules.appeal_days)
        if new.on > last:
            return f"An appeal had to be made by {last:%-d %B %Y}."
    if new.step in APPEALED and s.appealed is None:
        return "No appeal is open."
    if new.step in (Step.RENEW, Step.LIFT_CONDITIONS, Step.REINSTATE) and s.proposed_on:
        return "Notice of a proposal is open. Decide on it first."
    return ""
