"""Whether somebody may lead a case today, for systems that give work out."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.api import REFUSALS
from wholepicture.web.licensing import access
from wholepicture.web.licensing.models import Scheme
from wholepicture.web.licensing.services import registering

router = Router(tags=["licences"])


class AnswerOut(Schema):
    """Yes or no, and why. Why a licence is not in force is never told."""

    yes: bool
    why: str
    conditions: list[str]


@router.get(
    "/licences/check",
    response=AnswerOut,
    summary="May this person lead this case today?",
    openapi_extra=REFUSALS,
)
def check(
    request: HttpRequest,
    username: str = Query(..., min_length=1, max_length=150),
    scheme: str = Query(..., min_length=1, max_length=60),
    why: str = Query("", max_length=200, description="The person sees it"),
) -> AnswerOut:
    """The answer that a supervisor gets on the page. Each licence of that kind shows its holder that it was asked."""
    user: User = request.auth  # type: ignore[attr-defined]
    if not access.may_check(user):
        raise HttpError(403, "This token's owner may not ask who may lead cases.")
    if "\0" in username + scheme + why:
        raise HttpError(422, "It must not hold a NUL character: take it out.")
    person = User.objects.filter(force_id=user.force_id, username=username, is_active=True).first()
    if person is None or not Scheme.objects.filter(force_id=user.force_id, slug=scheme).exists():
        raise HttpError(404, "There is no such person or scheme in your force.")
    answer = registering.check(person=person, slug=scheme, why=why, by=user)
    return AnswerOut(yes=answer.yes, why=answer.why, conditions=list(answer.conditions))
