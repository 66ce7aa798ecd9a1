"""The API: the same record as the shell's --json. Errors are application/problem+json (RFC 9457)."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Header, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import Field, field_validator

from wholepicture import __doc__ as _about
from wholepicture.core.contract import look, picture_record
from wholepicture.core.documents import MOST_CHARACTERS, UnreadableError, usable
from wholepicture.core.practice import Nation
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.limits import TooOftenError, spend
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.selectors import user_of_token
from wholepicture.web.audit.services import record
from wholepicture.web.encounters import selectors, services
from wholepicture.web.encounters.access import Seeing, may_record, seeing, visible_to
from wholepicture.web.encounters.models import Encounter
from wholepicture.web.encounters.services.recording import Circumstances
from wholepicture.web.people.access import known_in_force
from wholepicture.web.people.selectors import root_of


class TokenAuth(HttpBearer):
    """``Authorization: Bearer <token>``."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = user_of_token(token)
        if user:
            spend(user, "api")
        return user


api = NinjaAPI(
    title="Wholepicture",
    version="1",
    description=f"{_about} Ask an administrator for a token.",
    auth=TokenAuth(),
    openapi_extra={"info": {"license": {"name": "Apache-2.0"}}},
)


class Narrative(Schema):
    """One account to look at."""

    text: str = Field(min_length=1, max_length=MOST_CHARACTERS, description="The account, as written")
    source: str = Field("", max_length=200, description="Your own reference for it; given back unchanged")


# RFC 9457 problem details, as every refusal here is given.
PROBLEM = {
    "description": "A problem, said plainly",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                },
            }
        }
    },
}


class Participant(Schema):
    id: str
    label: str
    role: str
    mentions: list[tuple[int, int]]


class FindingOut(Schema):
    concept: str
    name: str
    kind: str
    strands: list[str]
    start: int
    end: int
    text: str
    polarity: str
    time: str
    experiencer: str | None
    state: str
    rule: str
    cues: list[str]


class Look(Schema):
    """The public record; schema 1. core/look-1.schema.json describes it in full."""

    schema_: int = Field(alias="schema")
    catalogue: dict[str, str]
    source: str
    participants: list[Participant]
    findings: list[FindingOut]
    pictures: list[dict[str, Any]]


@api.post(
    "/look",
    response={200: Look},
    by_alias=True,
    summary="Look at one account",
    openapi_extra={"responses": dict.fromkeys((400, 401, 403, 422, 429), PROBLEM)},
)
def look_at(request: HttpRequest, narrative: Narrative) -> HttpResponse:
    """Recognise what an account says and draw the picture of every person in it. Nothing is kept but the fact of asking."""
    user: User = request.auth  # type: ignore[attr-defined]
    if not may(user, Permission.USE_API):
        raise HttpError(403, "This token's owner may not look at accounts.")
    record(by=user, what="api.looked", about=f"source:{narrative.source}"[:120])
    nation = Nation(user.force.nation) if user.force else Nation.ENGLAND
    return JsonResponse(look(default_recogniser(), narrative.text, source=narrative.source, nation=nation))


class Pushed(Schema):
    """An account that a records system hands over. Nothing is recorded of anybody until a person has confirmed it."""

    text: str = Field(min_length=1, max_length=MOST_CHARACTERS, description="The account, as written")
    source: str = Field(min_length=1, max_length=200, description="The records system's own reference")
    happened_at: datetime | None = Field(None, description="When it happened, with its offset; left out: now")
    place: str = Field("", max_length=250)
    how: Literal["call", "visit", "custody", "report", "other"] = "report"

    @field_validator("source", "place")
    @classmethod
    def _without_nul(cls, text: str) -> str:
        if "\0" in text:
            raise ValueError("It must not hold a NUL character: take it out.")
        return text


class EncounterOut(Schema):
    """An account that is held, and how far it has come."""

    id: UUID
    source: str
    started_at: datetime
    confirmed: bool
    address: str
    people: list[dict[str, Any]]


NAMESPACE = uuid.UUID("2b6f1c1e-7f0e-4a55-9d2e-0b7f7a1d9c34")
REFUSALS = {"responses": dict.fromkeys((400, 401, 403, 404, 409, 422, 429), PROBLEM)}


@api.post(
    "/encounters", response={201: EncounterOut}, summary="Hand over one account", openapi_extra=REFUSALS
)
def push(
    request: HttpRequest,
    account: Pushed,
    key: str = Header(..., alias="Idempotency-Key", min_length=1, max_length=200),
) -> HttpResponse:
    """Keep an account for its officer to check and confirm. The same key gives the same answer, however often it is sent.

    The same key with another account is refused (422).
    """
    user: User = request.auth  # type: ignore[attr-defined]
    if not (may(user, Permission.USE_API) and may_record(user)):
        raise HttpError(403, "This token's owner may not record accounts.")
    happened_at = _moment(account.happened_at)
    once = uuid.uuid5(NAMESPACE, f"{user.pk}:{key}")
    try:
        encounter = services.start_encounter(
            narrative=account.text,
            source=account.source,
            once=once,
            by=user,
            circumstances=Circumstances(account.how, happened_at, account.place),
        )
    except UnreadableError as error:
        raise HttpError(422, str(error)) from error
    same = (encounter.narrative, encounter.source, encounter.place, encounter.how)
    if same != (usable(account.text).replace("\r\n", "\n"), account.source, account.place, account.how):
        raise HttpError(422, "This Idempotency-Key was used for another account. Send a new key.")
    return JsonResponse(_told(request, encounter), status=201)


def _moment(given: datetime | None) -> datetime | None:
    """When it happened, in UTC: an offset such as +17:37 is valid, and PostgreSQL does not take it."""
    if given is None:
        return None
    if given.tzinfo is None or given.year < 1900 or given > timezone.now():
        raise HttpError(
            422, "happened_at: give a moment with its offset, from 1900 on and not in the future."
        )
    return given.astimezone(UTC)


@api.get("/encounters/{pk}", response=EncounterOut, summary="One account", openapi_extra=REFUSALS)
def pull(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An account, and the picture of each person in it once it is confirmed."""
    user: User = request.auth  # type: ignore[attr-defined]
    if not may(user, Permission.USE_API):
        raise HttpError(403, "This token's owner may not use the API.")
    encounter = visible_to(user).filter(pk=pk).first()
    if encounter is None:
        raise HttpError(404, "There is no such account, or it is not yours to see.")
    record(by=user, what="encounter.disclosed", about=f"encounter:{encounter.pk}", why="api")
    return JsonResponse(_told(request, encounter))


@api.get(
    "/people/{pk}/picture",
    response=dict[str, Any],
    summary="The picture of one person",
    openapi_extra=REFUSALS,
)
def pull_picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The cumulative picture of somebody known, as known now."""
    user: User = request.auth  # type: ignore[attr-defined]
    if not may(user, Permission.USE_API):
        raise HttpError(403, "This token's owner may not use the API.")
    found = known_in_force(user).select_related("into", "force").filter(pk=pk).first()
    person = root_of(found) if found else None
    if person is None or seeing(user, person) is not Seeing.OPEN:
        raise HttpError(404, "There is nobody like that, or their record is not yours to see.")
    history = selectors.history_of(person, user=user)
    record(by=user, what="person.disclosed", about=f"person:{person.pk}", why="api")
    drawn = picture_record(
        default_recogniser().catalogue, history.picture, timezone.localdate(), Nation(person.force.nation)
    )
    return JsonResponse({"id": str(person.pk), "reports": len(history.appearances), "picture": drawn})


def _told(request: HttpRequest, encounter: Encounter) -> dict[str, Any]:
    catalogue, nation = default_recogniser().catalogue, Nation(encounter.force.nation)
    people = []
    for person in encounter.people.select_related("identity"):
        known = person.identity and (person.identity.into_id or person.identity_id)
        told: dict[str, Any] = {
            "id": person.code,
            "label": person.label,
            "role": person.role,
            "known": str(known) if known else None,
        }
        if encounter.confirmed_at:
            told["picture"] = picture_record(
                catalogue, selectors.picture_of(person), timezone.localdate(), nation
            )
        people.append(told)
    return {
        "id": str(encounter.pk),
        "source": encounter.source,
        "started_at": encounter.started_at.isoformat(),
        "confirmed": encounter.confirmed_at is not None,
        "address": request.build_absolute_uri(reverse("encounters:findings", args=[encounter.pk])),
        "people": people,
    }


def _problem(status: int, title: str, detail: str) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    response = JsonResponse(body, status=status, content_type="application/problem+json")
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(AuthenticationError)
def _not_known(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _problem(401, "Not signed in", "Send 'Authorization: Bearer <token>' with a token that stands.")


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    detail = "; ".join(f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors)
    return _problem(422, "That request does not fit", detail[:2000])


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    user = getattr(request, "auth", None)
    if error.status_code in (403, 404) and user:
        record(by=user, what="access.refused", about=f"page:{request.path}"[:120], why=request.method or "")
    titles = {
        400: "That request cannot be read",
        403: "Not allowed",
        404: "Not found",
        422: "That text cannot be used",
    }
    return _problem(error.status_code, titles.get(error.status_code, "Not done"), str(error))


@api.exception_handler(TooOftenError)
def _too_often(request: HttpRequest, error: TooOftenError) -> HttpResponse:
    response = _problem(429, "Too many requests", "Wait a minute, then go on.")
    response["Retry-After"] = "60"
    return response
