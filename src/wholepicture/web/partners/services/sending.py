"""The sender's side: a draft made from the picture, checked, sent exactly as it was seen, recalled or taken back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from wholepicture.core.partners.lifecycle import Step, Urgency
from wholepicture.core.partners.routes import in_force, shipped_routes
from wholepicture.core.partners.sharing import digest_of
from wholepicture.core.practice import Nation
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.models import Outgoing, User
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners import access
from wholepicture.web.partners.models import Need, Referral, Service, Slipped
from wholepicture.web.partners.selectors.drafting import assemble
from wholepicture.web.partners.services.lacking import missing
from wholepicture.web.partners.services.links import end_links
from wholepicture.web.partners.services.steps import (
    CLOCK,
    Told,
    append,
    locked,
    officer,
    route_of,
    set_due,
    tell_partner,
    workers_of,
)

TO_CHECK = "a second officer to check it"
CHECKED = "checked: it can go now"
_HOURS = {
    "now": 1,
    "before leaving": 1,
    "before interview": 8,
    "before bail ends": 24,
    "before release": 8,
    "this shift": 8,
    "same day": 24,
    "before 08:30": 14,
    "next school day": 24,
    "1 working day": 24,
}


def needed_by(within: str, now: datetime) -> datetime:
    """When an action of the catalogue is to be done by."""
    if within in _HOURS:
        return now + timedelta(hours=_HOURS[within])
    number, _, unit = within.partition(" ")
    days = int(number) / (24 if unit.startswith("hour") else 1) if number.isdigit() else 7
    return now + timedelta(days=days)


def urgency_of(actions: Sequence[str]) -> Urgency:
    """How urgent it is to do these, by the soonest of them."""
    concepts = default_recogniser().catalogue.concepts
    hours = min(
        ((needed_by(concepts[a].within, datetime.min) - datetime.min) for a in actions if a in concepts),
        default=timedelta(days=7),
    )
    if hours <= timedelta(hours=1):
        return Urgency.NOW
    return Urgency.TODAY if hours <= timedelta(hours=24) else Urgency.DAYS


@transaction.atomic
def begin(
    *,
    person: EncounterPerson,
    route: str,
    actions: Sequence[str],
    pathways: Sequence[str],
    once: uuid.UUID,
    by: User,
    previous: Referral | None = None,
) -> Referral:
    """Begin a referral from the picture. The same one-time key gives the same one back.

    Raises:
        CannotDoError: there is no such route here, or nothing is asked.
    """
    if not access.people_in_sight(by).filter(pk=person.pk).exists():
        raise PermissionDenied
    held = Referral.objects.filter(once=once, by=by).first()
    if held:
        return held
    catalogue = default_recogniser().catalogue
    found = shipped_routes(catalogue).routes.get(route)
    nation = Nation(person.encounter.force.nation)
    if found is None or not in_force(found, catalogue=catalogue, on=timezone.localdate(), nation=nation):
        raise CannotDoError("Choose a way of asking from the list.")
    asked = [a for a in dict.fromkeys(actions) if a in catalogue.concepts]
    if not asked:
        raise CannotDoError("Choose at least one thing that you ask for.")
    now = timezone.now()
    try:
        with transaction.atomic():
            made = Referral.objects.create(
                once=once,
                force_id=by.force_id,
                person=person,
                by=by,
                route=route,
                urgency=urgency_of(asked),
                pathways=[p for p in pathways if p in catalogue.pathways],
                previous=previous,
                draft=dict(previous.draft, answers={}) if previous else {},
            )
    except IntegrityError:
        return Referral.objects.get(once=once, by=by)
    Need.objects.bulk_create(
        Need(
            referral=made,
            action=a,
            text=catalogue.concepts[a].name,
            by_when=needed_by(catalogue.concepts[a].within, now),
        )
        for a in asked
    )
    append(made, Step.BEGIN, officer(by))
    return made


@transaction.atomic
def fill(
    *, referral: Referral, version: int, part: Mapping[str, Any], by: User, service: Service | None = None
) -> Referral:
    """Keep one part of a draft. A draft that was checked is to be checked again.

    Raises:
        CannotDoError: somebody kept a later version, or it was sent.
    """
    referral = _own(referral, by)
    if referral.version != version:
        raise CannotDoError(
            "Somebody else changed this referral while you wrote. What you wrote is below; send it again to keep yours."
        )
    append(referral, Step.CHANGE, officer(by))
    referral.draft = {**referral.draft, **part}
    referral.draft.pop("checked", None)
    referral.version += 1
    if "urgency" in part:
        referral.urgency = Urgency(part["urgency"])
    if service is not None:
        if service.force_id != referral.force_id or service.status != "active":
            raise CannotDoError("Choose a service that is open.")
        referral.service, referral.organisation = service, service.organisation
    referral.save()
    return referral


def _own(referral: Referral, by: User) -> Referral:
    referral = locked(referral)
    if not access.may_write(by, referral):
        raise PermissionDenied
    return referral


@transaction.atomic
def ask_check(*, referral: Referral, by: User) -> Referral:
    """Have a second officer look at it: it comes up on the first page of those who may.

    Raises:
        CannotDoError: something is missing still.
    """
    referral = _own(referral, by)
    left = missing(referral)
    if left:
        raise CannotDoError(left[0].said)
    if referral.sent_at or not needs_second(referral):
        raise CannotDoError("It needs no second officer.")
    referral.attention, referral.attention_since = TO_CHECK, timezone.now()
    referral.save(update_fields=["attention", "attention_since"])
    return referral


@transaction.atomic
def check(*, referral: Referral, digest: str, by: User) -> Referral:
    """A second officer has looked at exactly what will go.

    Raises:
        CannotDoError: something is missing, or it changed while they looked.
    """
    referral = locked(referral)
    if not access.may_check(by, referral) or by.force_id != referral.force_id:
        raise PermissionDenied
    _whole(referral, digest)
    append(referral, Step.CHECK, officer(by))
    referral.draft = {**referral.draft, "checked": digest}
    referral.attention, referral.attention_since = CHECKED, timezone.now()
    referral.save()
    return referral


def _whole(referral: Referral, digest: str) -> dict[str, Any]:
    left = missing(referral)
    if left:
        raise CannotDoError(left[0].said)
    document = assemble(referral)
    if digest_of(document) != digest:
        raise CannotDoError(
            "It has changed since you looked. Look once more at what will be shared, then send it."
        )
    return document


def needs_second(referral: Referral) -> bool:
    """Whether a second officer looks first: as the route says, but never where somebody must act at once."""
    return route_of(referral).second_check and referral.urgency != Urgency.NOW


@transaction.atomic
def send(*, referral: Referral, digest: str, by: User) -> Referral:
    """Send exactly what was seen. Sent twice, it is sent once.

    Raises:
        CannotDoError: something is missing, it changed since it was looked at, or a second officer has still to look.
    """
    referral = _own(referral, by)
    if referral.sent_at and referral.digest == digest:
        return referral
    document = _whole(referral, digest)
    if needs_second(referral) and referral.draft.get("checked") != digest:
        raise CannotDoError(
            "A second officer looks at this kind of referral before it goes. It waits for one."
        )
    assert referral.organisation
    referral.document, referral.digest, referral.sent_at = document, digest, timezone.now()
    append(referral, Step.SEND, officer(by))
    Slipped.objects.filter(person=referral.person, closed_at=None).update(
        closed_at=referral.sent_at, closed_by=by, closed_why=f"{referral.number} was sent."
    )
    _hand_over(referral)
    set_due(referral)
    referral.save()
    return referral


def _hand_over(referral: Referral) -> None:
    """Put it where the partner finds it: in their system, their inbox here, or by a mail that says that something waits."""
    organisation = referral.organisation
    assert organisation
    if organisation.system_id:
        Outgoing.objects.create(
            kind=Outgoing.Kind.REFERRAL,
            force_id=referral.force_id,
            webhook_id=organisation.system_id,
            about=f"referral:{referral.pk}",
            body={"referral": str(referral.pk)},
        )
        return
    if any(True for _ in workers_of(organisation)):
        append(referral, Step.DELIVER, CLOCK)
        tell_partner(
            organisation,
            about=f"referral:{referral.pk}",
            subject=f"A request waits for you: {referral.number}",
            text="A police force asks you to act for somebody. Sign in to Wholepicture to read it and to answer.",
        )
    elif organisation.email and settings.MAIL_HOST:
        Outgoing.objects.create(
            kind=Outgoing.Kind.MAIL,
            force_id=referral.force_id,
            to=organisation.email,
            about=f"referral:{referral.pk}",
            body={
                "subject": f"A police request is on its way: {referral.number}",
                "text": "A police force asks you to act for somebody. The officer will send you a link, and give you a code for it another way. Nothing about anybody is in this message.",
            },
        )


@transaction.atomic
def recall(*, referral: Referral, why: str, by: User) -> Referral:
    """Recall what was sent, before it is accepted. What waits to go is not sent; links lead nowhere."""
    referral = _own(referral, by)
    append(referral, Step.RECALL, officer(by), Told(why=why))
    Outgoing.objects.filter(
        about=f"referral:{referral.pk}", kind=Outgoing.Kind.REFERRAL, state=Outgoing.State.WAITING
    ).update(state=Outgoing.State.GIVEN_UP, problem="It was recalled.")
    end_links(referral, "It was recalled.")
    if referral.organisation:
        tell_partner(
            referral.organisation,
            about=f"referral:{referral.pk}",
            subject=f"{referral.number} has been recalled",
            text=f"{referral.number} has been recalled: you need not act on it.",
        )
    return referral


@transaction.atomic
def take_back(*, referral: Referral, why: str, by: User) -> Referral:
    """Say what is done instead of a draft, or after a partner declined: a declined one never ends by itself."""
    referral = _own(referral, by)
    append(referral, Step.TAKE_BACK, officer(by), Told(why=why))
    end_links(referral, "It was taken back.")
    return referral


@transaction.atomic
def say(*, referral: Referral, step: Step, why: str, by: User) -> Referral:
    """Ask the partner something, answer them, or escalate."""
    if step not in (Step.ASK, Step.ANSWER, Step.ESCALATE):
        raise PermissionDenied
    referral = _own(referral, by)
    append(referral, step, officer(by), Told(why=why))
    if referral.organisation:
        tell_partner(
            referral.organisation,
            about=f"referral:{referral.pk}",
            subject=f"{referral.number}: a message waits for you",
            text=f"There is a message about {referral.number}. Sign in to Wholepicture to read it.",
        )
    return referral


@transaction.atomic
def close(*, referral: Referral, by: User) -> Referral:
    """Close it once every need has an outcome."""
    referral = _own(referral, by)
    append(referral, Step.CLOSE, officer(by))
    end_links(referral, "It was closed.")
    return referral
