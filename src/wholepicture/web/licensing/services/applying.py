"""What an applicant, their manager and units do: apply, show, declare, give evidence."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.days import months_after
from wholepicture.core.licensing import (
    OPEN_APPLICATION,
    Shown,
    State,
    Step,
    read_scheme,
    shipped_scheme_text,
    shipped_schemes,
)
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.audit.services import record
from wholepicture.web.licensing import selectors
from wholepicture.web.licensing.access import may_apply, may_declare_as_manager, may_run
from wholepicture.web.licensing.models import Declaration, Licence, LicenceEvent, LicenceEvidence, Scheme
from wholepicture.web.programmes.services import CannotDoError
from wholepicture.web.programmes.services.evidencing import keep_file


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def install_shipped(force: Force) -> None:
    """Give a force the schemes that come with the product, and newer versions of those it has made nothing of its own of."""
    for name in shipped_schemes():
        text = shipped_scheme_text(name)
        held = Scheme.objects.filter(force=force, slug=name).order_by("-number")
        if held.exclude(by=None).exists() or held.filter(digest=_digest(text)).exists():
            continue
        Scheme.objects.create(
            force=force,
            slug=name,
            number=held[0].number + 1 if held else 1,
            text=text,
            digest=_digest(text),
            note="As it comes with the product",
        )


@transaction.atomic
def publish_scheme(*, text: str, note: str, by: User) -> Scheme:
    """Publish a scheme, or a new version of one. Applications and licences keep the version they were begun on.

    Raises:
        ContentError: the text is no scheme.
        CannotDoError: nothing differs.
    """
    if not may_run(by) or by.force is None:
        raise PermissionDenied
    text = text.replace("\r\n", "\n").replace("\0", "")
    found = read_scheme(text)
    Force.objects.select_for_update().get(pk=by.force_id)
    latest = Scheme.objects.filter(force=by.force, slug=found.id).order_by("-number").first()
    if latest and latest.digest == _digest(text):
        raise CannotDoError(f"Nothing differs from version {latest.number}.")
    made = Scheme.objects.create(
        force=by.force,
        slug=found.id,
        number=latest.number + 1 if latest else 1,
        text=text,
        digest=_digest(text),
        note=note,
        by=by,
    )
    record(by=by, what="licence.scheme-published", about=f"scheme:{made.pk}", why=note)
    return made


@transaction.atomic
def apply(*, scheme: Scheme, by: User) -> Licence:
    """Begin an application, or go on with the one that is open.

    Raises:
        CannotDoError: they hold this licence, or may not apply again yet.
    """
    if not may_apply(by) or scheme.force_id != by.force_id:
        raise PermissionDenied
    User.objects.select_for_update().get(pk=by.pk)
    today = timezone.localdate()
    latest = Scheme.objects.filter(force_id=by.force_id, slug=scheme.slug).order_by("-number")[0]
    for held in Licence.objects.filter(holder=by, scheme__slug=scheme.slug).select_related("scheme"):
        s = held.standing(today)
        if s.state in OPEN_APPLICATION:
            return held
        if s.state in (State.REFUSED, State.WITHDRAWN, State.LAPSED, State.SURRENDERED):
            continue
        if s.state is State.REVOKED:
            again = months_after(s.since, held.scheme.content.rules.bar_months)
            if today < again:
                raise CannotDoError(f"It was revoked. You may apply again from {again:%-d %B %Y}.")
            continue
        raise CannotDoError(f"You hold this licence: it is {s.state.value}. Renew it instead.")
    made = Licence.objects.create(scheme=latest, holder=by)
    LicenceEvent.objects.create(
        licence=made, number=0, step=Step.BEGIN, on=today, by=[by.username], names=[str(by)]
    )
    record(by=by, what="licence.begun", about=f"licence:{made.pk}", why=str(latest))
    return made


@transaction.atomic
def declare(*, licence: Licence, requirement: str, on: date, said: str, by: User) -> Declaration:
    """Declare a requirement met: the applicant their own, a supervisor as line manager, the licensing lead what a unit has told.

    Raises:
        CannotDoError: there is no such declaration, or its day is yet to come.
    """
    found = next(
        (r for r in licence.scheme.content.requirements if r.id == requirement and r.shown is Shown.DECLARED),
        None,
    )
    if found is None:
        raise CannotDoError("There is nothing of that kind to declare.")
    if found.by == "applicant":
        allowed = by.pk == licence.holder_id
    elif found.by == "line manager":
        allowed = may_declare_as_manager(by, licence)
    else:
        allowed = may_run(by) and by.force_id == licence.scheme.force_id and by.pk != licence.holder_id
    if not allowed:
        raise PermissionDenied
    if on > timezone.localdate():
        raise CannotDoError("The day is yet to come.")
    made = Declaration.objects.create(
        licence=licence, requirement=requirement, on=on, said=said.strip()[:300], by=by
    )
    record(by=by, what="licence.declared", about=f"licence:{licence.pk}", why=requirement)
    return made


@dataclass(frozen=True, slots=True)
class Shows:
    """Evidence as it is given."""

    title: str
    text: str
    happened_on: date
    standards: tuple[str, ...]
    case: bool = False
    upload: tuple[str, bytes] | None = None


@transaction.atomic
def add_evidence(*, licence: Licence, shows: Shows, by: User, once: uuid.UUID) -> LicenceEvidence:
    """Give evidence. Sent twice, it is one.

    Raises:
        CannotDoError: it is too late or too early, names no standard, is a duplicate, or the file is not taken.
    """
    licence = Licence.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=licence.pk)
    if by.pk != licence.holder_id:
        raise PermissionDenied
    before = LicenceEvidence.objects.filter(once=once, licence=licence).first()
    if before:
        return before
    known = {s.id for s in licence.scheme.content.standards}
    if not shows.standards or not set(shows.standards) <= known:
        raise CannotDoError("Choose at least one standard that it shows.")
    if shows.happened_on > timezone.localdate():
        raise CannotDoError("The day is yet to come. Give the day on which it happened.")
    if shows.happened_on < months_after(timezone.localdate(), -60):
        raise CannotDoError("It is more than five years ago. Give something that shows what you can do now.")
    document = keep_file(*shows.upload, by) if shows.upload else None
    if document and licence.evidence.filter(document__digest=document.digest, withdrawn_at=None).exists():
        raise CannotDoError(
            "You have given this file already. Name the standards on the first one, or choose another."
        )
    made = LicenceEvidence.objects.create(
        licence=licence,
        title=shows.title,
        text=shows.text,
        happened_on=shows.happened_on,
        standards=list(shows.standards),
        case=shows.case,
        document=document,
        once=once,
    )
    record(
        by=by, what="licence.evidence-added", about=f"licence:{licence.pk}", why=", ".join(shows.standards)
    )
    return made


@transaction.atomic
def bring_evidence(*, licence: Licence, evidence: LicenceEvidence, by: User) -> LicenceEvidence:
    """Bring evidence from an earlier application. That one keeps its own; brought twice, it is one.

    Raises:
        CannotDoError: it cannot be used here: withdrawn, too old, or it shows none of these standards.
    """
    licence = Licence.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=licence.pk)
    if by.pk != licence.holder_id or evidence.licence.holder_id != by.pk:
        raise PermissionDenied
    before = licence.evidence.filter(brought=evidence).first()
    if before:
        return before
    if evidence not in selectors.to_bring(licence):
        raise CannotDoError(
            "It cannot be brought: it was withdrawn, is too old, or shows none of these standards."
        )
    known = [s.id for s in licence.scheme.content.standards]
    made = LicenceEvidence.objects.create(
        licence=licence,
        title=evidence.title,
        text=evidence.text,
        happened_on=evidence.happened_on,
        standards=[s for s in known if s in evidence.standards],
        case=evidence.case,
        document=evidence.document,
        brought=evidence,
    )
    record(by=by, what="licence.evidence-brought", about=f"licence:{licence.pk}", why=str(evidence.pk))
    return made


@transaction.atomic
def withdraw_evidence(*, evidence: LicenceEvidence, why: str, by: User) -> LicenceEvidence:
    """Withdraw evidence. It stays to be read by who must.

    Raises:
        CannotDoError: it was withdrawn, no reason is given, or the application is before the panel.
    """
    if evidence.licence.holder_id != by.pk:
        raise PermissionDenied
    if evidence.withdrawn_at:
        raise CannotDoError("It has been withdrawn already.")
    if evidence.licence.standing().state in (State.ASSESSED, State.PANEL):
        raise CannotDoError(
            "It has been assessed. Ask the licensing lead to send the application back to you first."
        )
    if not why.strip():
        raise CannotDoError("Say why. A line is enough.")
    evidence.withdrawn_at, evidence.withdrawn_why = timezone.now(), why.strip()[:300]
    evidence.save(update_fields=["withdrawn_at", "withdrawn_why"])
    record(by=by, what="licence.evidence-withdrawn", about=f"licence:{evidence.licence_id}", why=why)
    return evidence
