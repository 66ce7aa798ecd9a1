"""The partner's side: acknowledge, ask, accept, decline, redirect, work, say what came of each need, put controls in place, close."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from wholepicture.core.partners.lifecycle import Step
from wholepicture.core.partners.sharing import canonical
from wholepicture.core.practice import Kind, State
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.services import observe
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners import access
from wholepicture.web.partners.models import Link, Need, Received, Referral, ReferralEvent
from wholepicture.web.partners.services.links import end_links, who_of
from wholepicture.web.partners.services.steps import Told, Who, append, locked
from wholepicture.web.partners.services.watching import refresh_person

STEPS = frozenset(
    {
        Step.OPEN,
        Step.ACKNOWLEDGE,
        Step.ACCEPT,
        Step.DECLINE,
        Step.REDIRECT,
        Step.WORK,
        Step.ASK,
        Step.ANSWER,
        Step.CLOSE,
    }
)


def worker(user: User) -> Who:
    """Somebody who signs in for a partner."""
    if not access.may_answer(user):
        raise PermissionDenied
    member = user.works_for
    return Who(f"{user}, {member.post}" if member.post else str(user), user, member.organisation)


def guest(link: Link) -> Who:
    """Somebody who came by a link and is still let in."""
    if link.accepted_at is None or not link.open_at(timezone.now()):
        raise PermissionDenied
    return who_of(link, link.referral)


def _theirs(referral: Referral, who: Who) -> Referral:
    referral = locked(referral)
    if (
        who.organisation is None
        or referral.organisation_id != who.organisation.pk
        or referral.sent_at is None
    ):
        raise PermissionDenied
    return referral


@transaction.atomic
def take(*, referral: Referral, step: Step, why: str, who: Who) -> ReferralEvent:
    """One step of the partner's.

    Raises:
        CannotDoError: it may not be taken now, or no reason is given.
    """
    if step not in STEPS:
        raise PermissionDenied
    referral = _theirs(referral, who)
    made = append(referral, step, who, Told(why=why))
    if step in (Step.DECLINE, Step.REDIRECT, Step.CLOSE):
        end_links(referral, "It has been answered.")
    return made


@transaction.atomic
def opened(*, referral: Referral, who: Who) -> None:
    """They have opened it. Told once."""
    referral = _theirs(referral, who)
    if referral.standing.value in ("sent", "delivered"):
        append(referral, Step.OPEN, who)


@transaction.atomic
def outcome(*, referral: Referral, need: Need, said: str, words: str, who: Who) -> Need:
    """Say what came of one need. Said again, the later stands; what was said before stays among the events.

    Raises:
        CannotDoError: nothing was chosen, or not said why where it was not done.
    """
    referral = _theirs(referral, who)
    if need.referral_id != referral.pk:
        raise PermissionDenied
    if said not in Need.Outcome.values:
        raise CannotDoError("Choose what came of it.")
    if said != Need.Outcome.MET and not words.strip():
        raise CannotDoError("Say what was done, and why not all of it.")
    need.outcome, need.said, need.outcome_at = said, words.strip(), timezone.now()
    need.told_by = f"{who.name}, {who.organisation}"[:250]
    need.save()
    append(
        referral,
        Step.OUTCOME,
        who,
        Told(why=f"{need.text}: {Need.Outcome(said).label.lower()}. {words.strip()}".strip()),
    )
    return need


def controls_for(referral: Referral) -> list[str]:
    """Controls that a partner can say are in place: those that guard what it was asked about first, then every other."""
    catalogue = default_recogniser().catalogue
    first = [g for p in referral.pathways if p in catalogue.pathways for g in catalogue.pathways[p].guards]
    return list(dict.fromkeys([*first, *(c.id for c in catalogue.of_kind(Kind.CONTROL))]))


@transaction.atomic
def put_in_place(
    *, referral: Referral, control: str, holder: str, ends_on: date | None, words: str, who: Who
) -> ReferralEvent:
    """A control is in place: who holds it and until when. It is an observation of the person from now on, and is watched.

    Raises:
        CannotDoError: no such control, nobody named, or its end has passed.
    """
    referral = _theirs(referral, who)
    if control not in controls_for(referral):
        raise CannotDoError("Choose what was put in place.")
    if not holder.strip():
        raise CannotDoError("Say who holds it: a person or a team that can be asked.")
    if ends_on and ends_on < timezone.localdate():
        raise CannotDoError("Its last day has passed. Give one that is to come, or leave it open.")
    name = default_recogniser().catalogue.concepts[control].name
    told = observe(
        person=referral.person,
        concept=control,
        state=State.HOLDING,
        words=words.strip() or f"{name}, held by {holder.strip()}",
        told_by=f"{who.name}, {who.organisation}",
        rule="told by a partner",
        by=who.user or referral.by,
        ends_on=ends_on,
    )
    made = append(
        referral,
        Step.CONTROL,
        who,
        Told(why=words, control=control, holder=holder.strip(), ends_on=ends_on, observation=told),
    )
    refresh_person(referral.person)
    return made


def receive(*, referral: Referral, message: str, body: Mapping[str, Any], by: User) -> dict[str, Any]:
    """Take a message of a partner's system. The same message is answered as it was the first time; one out of order changes nothing.

    Raises:
        CannotDoError: it cannot be done, or the same id was used for something else.
    """
    who = worker(by)
    digest = hashlib.sha256(canonical(body)).hexdigest()
    held = Received.objects.filter(referral=referral, message=message).first()
    if held is None:
        try:
            with transaction.atomic():
                answer = _received(referral, body, who)
                Received.objects.create(referral=referral, message=message, digest=digest, answer=answer)
                return answer
        except IntegrityError:
            held = Received.objects.get(referral=referral, message=message)
    if held.digest != digest:
        raise CannotDoError("That message id was used for something else. Give each message its own.")
    return dict(held.answer)


def _received(referral: Referral, body: Mapping[str, Any], who: Who) -> dict[str, Any]:
    late = False
    if body.get("need") is not None:
        need = referral.needs.filter(pk=body["need"]).first()
        if need is None:
            raise CannotDoError("There is no such need in this referral.")
        outcome(
            referral=referral, need=need, said=body.get("outcome") or "", words=body.get("why") or "", who=who
        )
    elif body.get("control") is not None:
        put_in_place(
            referral=referral,
            control=body["control"],
            holder=body.get("holder") or "",
            ends_on=date.fromisoformat(body["ends_on"]) if body.get("ends_on") else None,
            words=body.get("why") or "",
            who=who,
        )
    else:
        late = take(referral=referral, step=Step(body["step"]), why=body.get("why") or "", who=who).late
    referral.refresh_from_db()
    return {"number": referral.number, "state": referral.state, "late": late}
