"""A portfolio as its learner fills it: evidence, witnesses, handing in and withdrawing."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.programmes.portfolio import Standing
from wholepicture.core.programmes.specification import Method
from wholepicture.core.uploads import UploadError, examine
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.programmes.models import Document, Evidence, HandedIn, Place
from wholepicture.web.programmes.selectors import portfolio

OF_LEARNER = (Method.PORTFOLIO, Method.WITNESS, Method.SCENARIO)
OF_ASSESSOR = (Method.OBSERVATION, Method.DISCUSSION)


@dataclass(frozen=True, slots=True)
class Given:
    """A piece of evidence as it is given. ``upload``: the name and content of a file."""

    kind: Method
    title: str
    text: str
    happened_on: date
    criteria: tuple[str, ...]
    witness: User | None = None
    upload: tuple[str, bytes] | None = None


def locked(pk: int) -> Place:
    """A place, locked until the transaction ends."""
    return (
        Place.objects.select_for_update(of=("self",))
        .select_related("cohort__version__programme", "learner", "assessor")
        .get(pk=pk)
    )


def open_place(place: Place) -> None:
    """Refuse changes to a portfolio that is not open.

    Raises:
        CannotDoError: the learner has not joined, or the result is out.
    """
    if hasattr(place, "result"):
        raise CannotDoError("The result has been released. The portfolio is closed.")
    if place.state != Place.State.JOINED:
        raise CannotDoError("The portfolio opens when the learner has joined the cohort.")


def keep_file(name: str, content: bytes, by: User) -> Document:
    """Keep an uploaded file.

    Raises:
        CannotDoError: it cannot be taken.
    """
    try:
        found = examine(name, content)
    except UploadError as error:
        raise CannotDoError(str(error)) from None
    return Document.objects.create(
        name=found.name,
        kind=found.kind,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        by=by,
    )


@transaction.atomic
def add_evidence(*, place: Place, given: Given, by: User, once: uuid.UUID) -> Evidence:
    """Put evidence into a portfolio: the learner's own, or what their assessor saw or heard. Sent twice, it is one.

    Raises:
        CannotDoError: no criterion, one that cannot be shown that way, a day to come, a witness missing, or a file not taken.
    """
    place = locked(place.pk)
    if by.pk == place.learner_id:
        may_give: tuple[Method, ...] = OF_LEARNER
    elif by.pk == place.assessor_id:
        may_give = OF_ASSESSOR
    else:
        raise PermissionDenied
    before = Evidence.objects.filter(once=once, place=place).first()
    if before:
        return before
    open_place(place)
    if given.kind not in may_give:
        raise PermissionDenied
    _check(place, given)
    document = keep_file(*given.upload, by) if given.upload else None
    made = Evidence.objects.create(
        place=place,
        kind=given.kind.value,
        title=given.title,
        text=given.text,
        happened_on=given.happened_on,
        criteria=list(given.criteria),
        document=document,
        witness=given.witness,
        by=by,
        once=once,
    )
    if given.witness:
        tell_people(
            [given.witness],
            about=f"evidence:{made.pk}",
            subject=f"{place.learner} asks what you saw",
            text=f"{place.learner} asks you to say in your own words what you saw of their work. Open Today in Wholepicture to answer.",
        )
    record(
        by=by,
        what="evidence.added",
        about=f"place:{place.pk}",
        why=f"{given.kind}: {', '.join(given.criteria)}",
    )
    return made


def _check(place: Place, given: Given) -> None:
    if not given.criteria:
        raise CannotDoError("Choose at least one criterion that it shows.")
    for ident in given.criteria:
        criterion = place.cohort.content.criterion(ident)
        if criterion is None:
            raise CannotDoError(f"There is no criterion {ident} in this programme.")
        if given.kind not in criterion.methods:
            raise CannotDoError(
                f"{ident} cannot be shown by {given.kind.value}, but by {', '.join(m.value for m in criterion.methods)}."
            )
    if given.happened_on > timezone.localdate():
        raise CannotDoError("The day is yet to come. Give the day on which it happened.")
    if (given.kind is Method.WITNESS) != (given.witness is not None):
        raise CannotDoError("Choose who saw it.")
    if given.witness and given.witness.pk in (place.learner_id, place.assessor_id):
        raise CannotDoError("A witness must be neither the learner nor their assessor. Choose another.")
    if given.witness and given.witness.force_id != place.learner.force_id:
        raise PermissionDenied


@transaction.atomic
def answer_as_witness(*, evidence: Evidence, words: str, by: User, declined: bool) -> Evidence:
    """A witness says what they saw, and signs; or says that they cannot.

    Raises:
        CannotDoError: nothing is said, or it was signed, declined or withdrawn before.
    """
    evidence = (
        Evidence.objects.select_for_update(of=("self",)).select_related("place__learner").get(pk=evidence.pk)
    )
    if evidence.witness_id != by.pk:
        raise PermissionDenied
    if evidence.signed_at or evidence.declined_at:
        raise CannotDoError("You have answered already. What you signed cannot be changed.")
    if evidence.withdrawn_at:
        raise CannotDoError("The learner has withdrawn this. There is nothing to sign any more.")
    if not declined and not words.strip():
        raise CannotDoError("Say in your own words what you saw.")
    evidence.testimony = words.strip()
    if declined:
        evidence.declined_at = timezone.now()
    else:
        evidence.signed_at = timezone.now()
    evidence.save(update_fields=["testimony", "signed_at", "declined_at"])
    record(
        by=by, what="evidence.declined" if declined else "evidence.signed", about=f"place:{evidence.place_id}"
    )
    tell_people(
        [evidence.place.learner],
        about=f"evidence:{evidence.pk}",
        subject=f"{by} has answered",
        text=f"{by} has {'said that they cannot be a witness' if declined else 'signed what they saw'}: {evidence.title}",
    )
    return evidence


@transaction.atomic
def hand_in(*, place: Place, criteria: list[str], by: User) -> list[HandedIn]:
    """Hand criteria in to be judged: all of them, or none.

    Raises:
        CannotDoError: one has no evidence that counts, is with the assessor or met already, or its day is past.
    """
    place = locked(place.pk)
    if by.pk != place.learner_id:
        raise PermissionDenied
    open_place(place)
    if not criteria:
        raise CannotDoError("Choose at least one criterion to hand in.")
    rows = {r.criterion.id: r for r in portfolio.rows_of(place)}
    problems = [p for c in criteria if (p := _cannot(place, rows.get(c), c))]
    if problems:
        raise CannotDoError(" ".join(problems))
    made = [HandedIn.objects.create(place=place, criterion=c, by=by) for c in criteria]
    record(by=by, what="criterion.handed-in", about=f"place:{place.pk}", why=", ".join(criteria))
    return made


def _cannot(place: Place, row: portfolio.Row | None, ident: str) -> str:
    if row is None:
        return f"There is no criterion {ident} in this programme."
    if row.where.standing in (Standing.WAITING, Standing.MET, Standing.DIFFERS):
        return f"{ident} is {row.where.standing.value} already."
    if not any(e.counts for e in row.evidence):
        return f"{ident} has no evidence yet. Add some first; a witness must have signed."
    last = row.ruling
    due = max(place.due, last.again_by) if last and last.again_by else place.due
    if timezone.localdate() > due:
        return f"{ident} was due by {due:%-d %B %Y}. Ask whoever runs the cohort for another day."
    return ""


@transaction.atomic
def withdraw(*, evidence: Evidence, why: str, by: User) -> Evidence:
    """Withdraw evidence. Who must may still read it; a criterion that was met on it goes back to the assessor.

    Raises:
        CannotDoError: no reason, withdrawn before, or the result is out.
    """
    place = locked(evidence.place_id)
    evidence = Evidence.objects.select_for_update().get(pk=evidence.pk)
    if by.pk != evidence.by_id:
        raise PermissionDenied
    open_place(place)
    if evidence.kind == Method.TEST:
        raise CannotDoError("The result of the test cannot be withdrawn.")
    if evidence.withdrawn_at:
        raise CannotDoError("It has been withdrawn already.")
    if not why.strip():
        raise CannotDoError("Say why. A line is enough.")
    evidence.withdrawn_at, evidence.withdrawn_why = timezone.now(), why.strip()[:300]
    evidence.save(update_fields=["withdrawn_at", "withdrawn_why"])
    rested = sorted({d.criterion for d in place.decisions.all() if str(evidence.pk) in d.evidence})
    if rested and place.assessor:
        tell_people(
            [place.assessor],
            about=f"evidence:{evidence.pk}",
            subject="Evidence was withdrawn",
            text=f"{place.learner} has withdrawn “{evidence.title}”, on which you decided {', '.join(rested)}. Look at it again.",
        )
    record(by=by, what="evidence.withdrawn", about=f"place:{place.pk}", why=why)
    return evidence
