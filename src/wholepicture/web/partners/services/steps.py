"""One step of a referral: locked, asked of the table of steps, recorded, with clocks and queues brought into line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from wholepicture.core.partners import lifecycle
from wholepicture.core.partners.lifecycle import Step, Urgency
from wholepicture.core.partners.routes import Route, shipped_routes
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.encounters.models import RecordedObservation
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners.models import Organisation, Referral, ReferralEvent


@dataclass(frozen=True, slots=True)
class Who:
    """Who takes a step. ``organisation``: of a partner; None for the force. ``user``: None for a link, or for the clock."""

    name: str
    user: User | None = None
    organisation: Organisation | None = None

    @property
    def partner(self) -> bool:
        """Whether it is the partner."""
        return self.organisation is not None


CLOCK = Who("Wholepicture")


def officer(user: User) -> Who:
    """Somebody of the force."""
    return Who(str(user), user)


@dataclass(frozen=True, slots=True)
class Told:
    """What comes with a step."""

    why: str = ""
    control: str = ""
    holder: str = ""
    ends_on: date | None = None
    observation: RecordedObservation | None = None


def route_of(referral: Referral) -> Route:
    """The way by which a partner is asked."""
    return shipped_routes(default_recogniser().catalogue).routes[referral.route]


def locked(referral: Referral) -> Referral:
    """A referral, locked until the transaction ends."""
    return (
        Referral.objects.select_for_update(of=("self",))
        .select_related("person__encounter", "by", "organisation", "service", "force")
        .get(pk=referral.pk)
    )


_QUIET = (Step.BEGIN, Step.CHANGE, Step.REMIND)
# What a partner's step leaves for the sender to do.
_ATTENTION = {
    Step.DECLINE: "declined: the way to harm is open again",
    Step.REDIRECT: "to be sent to somebody else",
    Step.ASK: "a question to answer",
}
_MOVES_ON = (
    Step.ACKNOWLEDGE,
    Step.ACCEPT,
    Step.WORK,
    Step.DECLINE,
    Step.REDIRECT,
    Step.CLOSE,
    Step.RECALL,
    Step.TAKE_BACK,
    Step.SEND,
)


def append(
    referral: Referral, step: Step, who: Who, told: Told | None = None, at: datetime | None = None
) -> ReferralEvent:
    """Record a step of a locked referral. Called in a transaction.

    Raises:
        CannotDoError: it may not be taken. One that something later has overtaken is recorded as late and changes nothing.
    """
    told, now = told or Told(), at or timezone.now()
    needs = list(referral.needs.all())
    left = [n for n in needs if not n.outcome]
    answer = (
        lifecycle.Answer(True)
        if step is Step.BEGIN
        else lifecycle.may_step(referral.standing, step, why=told.why, open_needs=len(left))
    )
    if not answer.ok and not answer.late:
        raise CannotDoError(answer.why)
    made = ReferralEvent.objects.create(
        referral=referral,
        number=referral.events.count(),
        step=step,
        at=now,
        by=who.user,
        who=_named(who),
        partner=who.partner,
        why=told.why.strip().replace("\0", ""),
        control=told.control,
        holder=told.holder[:200],
        ends_on=told.ends_on,
        observation=told.observation,
        late=answer.late,
    )
    if answer.ok:
        _follow(referral, step, who, now)
    record(by=who.user, what=f"referral.{step}", about=f"referral:{referral.pk}", why=told.why)
    if who.partner and step not in _QUIET and not answer.late:
        tell_people(
            [referral.by],
            about=f"referral:{referral.pk}",
            subject=f"{referral.number}: a partner has answered",
            text=f"Something came of {referral.number}. Open Wholepicture to see what.",
        )
    return made


def _named(who: Who) -> str:
    return (f"{who.name}, {who.organisation}" if who.organisation else who.name)[:250]


def _follow(referral: Referral, step: Step, who: Who, now: datetime) -> None:
    """State, clocks and queues after a step."""
    if step is not Step.BEGIN:
        after = lifecycle.MOVE[step].after
        if after and after != referral.standing:
            referral.state, referral.since = after, now
    if step in _MOVES_ON:
        referral.reminded_at = referral.escalated_at = referral.escalated_to = None
    if who.partner:
        referral.news_at = now
        if step in _ATTENTION:
            referral.attention, referral.attention_since = _ATTENTION[step], now
    elif step in (Step.SEND, Step.ANSWER, Step.TAKE_BACK, Step.CLOSE, Step.RECALL):
        referral.attention, referral.attention_since = "", None
    set_due(referral)
    referral.save()


def set_due(referral: Referral) -> None:
    """What is awaited now, and by when."""
    found = None
    if referral.sent_at:
        upcoming = referral.needs.filter(outcome="").order_by("by_when").first()
        found = lifecycle.due(
            referral.standing,
            sent_at=referral.sent_at,
            urgency=Urgency(referral.urgency),
            decide_hours=route_of(referral).decide_hours,
            next_need=upcoming.by_when if upcoming else None,
        )
    referral.due = found.at if found else None
    referral.due_what = found.what if found else ""


def tell_partner(organisation: Organisation, *, about: str, subject: str, text: str) -> None:
    """Mail the people of a partner who have accounts. Nothing personal is in it."""
    tell_people(workers_of(organisation), about=about, subject=subject, text=text)


def workers_of(organisation: Organisation) -> Iterable[User]:
    """Who of a partner signs in here."""
    return User.objects.filter(works_for__organisation=organisation, is_active=True)


@transaction.atomic
def seen(referral: Referral, by: User) -> None:
    """The sender has looked: what came of it is news no more."""
    if (
        referral.by_id == by.pk
        and referral.news_at
        and (referral.seen_at is None or referral.seen_at < referral.news_at)
    ):
        Referral.objects.filter(pk=referral.pk).update(seen_at=timezone.now())
