"""What was sent to a partner, for the partner's own system: read it, and answer it. Told twice or out of order, nothing is doubled."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Header, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from wholepicture.web.accounts.models import User
from wholepicture.web.audit.services import record
from wholepicture.web.encounters.api import REFUSALS
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners import access
from wholepicture.web.partners.models import Referral
from wholepicture.web.partners.services import answering

router = Router(tags=["referrals"])


class ReferralOut(Schema):
    """A request, as it was sent. ``digest``: SHA-256 of the document's canonical JSON."""

    id: UUID
    number: str
    state: str
    due: str | None
    digest: str
    document: dict[str, Any]


class ReferralsOut(Schema):
    """Requests that wait, those due first."""

    referrals: list[ReferralOut]


class AnswerIn(Schema):
    """One thing told: a step; or what came of a need; or a control that is in place."""

    step: (
        Literal["open", "acknowledge", "accept", "decline", "redirect", "work", "ask", "answer", "close"]
        | None
    ) = None
    why: str = Field("", max_length=4_000)
    need: int | None = Field(None, ge=0, le=2**53)
    outcome: Literal["met", "partly", "not-met", "not-wanted"] | None = None
    control: str | None = Field(None, max_length=80)
    holder: str = Field("", max_length=200)
    ends_on: date | None = None


class AnswerOut(Schema):
    """Where it stands. ``late``: something later was known already, so that this changed nothing."""

    number: str
    state: str
    late: bool


def _partner(request: HttpRequest) -> User:
    user: User = request.auth  # type: ignore[attr-defined]
    if not access.may_answer(user):
        raise HttpError(403, "This token's owner answers for no partner.")
    return user


def _out(referral: Referral) -> ReferralOut:
    return ReferralOut(
        id=referral.pk,
        number=referral.number,
        state=referral.state,
        due=referral.due.isoformat() if referral.due else None,
        digest=referral.digest,
        document=referral.document if referral.state != "recalled" and referral.document else {},
    )


@router.get(
    "/referrals", response=ReferralsOut, summary="What was sent to your organisation", openapi_extra=REFUSALS
)
def referrals(request: HttpRequest) -> ReferralsOut:
    """The latest two hundred, recalled ones without what they said."""
    user = _partner(request)
    record(by=user, what="referral.listed", about=f"organisation:{user.works_for.organisation_id}")
    return ReferralsOut(referrals=[_out(r) for r in access.inbox_of(user).order_by("-sent_at")[:200]])


@router.post(
    "/referrals/{referral}/answers", response=AnswerOut, summary="Answer a request", openapi_extra=REFUSALS
)
def answer(
    request: HttpRequest,
    referral: UUID,
    body: AnswerIn,
    message: str = Header(
        ..., alias="Idempotency-Key", min_length=8, max_length=120, pattern=r"^[\x21-\x7e]+$"
    ),
) -> AnswerOut:
    """Tell a step, an outcome or a control. The same Idempotency-Key is answered as it was the first time."""
    user = _partner(request)
    found = access.inbox_of(user).filter(pk=referral).first()
    if found is None:
        raise HttpError(404, "No such referral was sent to your organisation.")
    given = body.model_dump(mode="json", exclude_none=True)
    if (body.step is not None) + (body.need is not None) + (body.control is not None) != 1:
        raise HttpError(422, "Tell one thing: a step, what came of a need, or a control.")
    if any("\0" in v for v in given.values() if isinstance(v, str)):
        raise HttpError(422, "It must not hold a NUL character: take it out.")
    try:
        told = answering.receive(referral=found, message=message, body=given, by=user)
    except CannotDoError as error:
        raise HttpError(409, str(error)) from None
    return AnswerOut(**told)
