"""The API: the same record as the shell's --json. Errors are application/problem+json (RFC 9457)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import Field

from wholepicture import __doc__ as _about
from wholepicture.core.contract import look
from wholepicture.core.documents import MOST_CHARACTERS
from wholepicture.core.practice import Nation
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.selectors import user_of_token
from wholepicture.web.audit.services import record


class TokenAuth(HttpBearer):
    """``Authorization: Bearer <token>``."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return user_of_token(token)


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
    openapi_extra={"responses": dict.fromkeys((400, 401, 403, 422), PROBLEM)},
)
def look_at(request: HttpRequest, narrative: Narrative) -> HttpResponse:
    """Recognise what an account says and draw the picture of every person in it. Nothing is kept but the fact of asking."""
    user: User = request.auth  # type: ignore[attr-defined]
    if not may(user, Permission.USE_API):
        raise HttpError(403, "This token's owner may not look at accounts.")
    record(by=user, what="api.looked", about=f"source:{narrative.source}"[:120])
    nation = Nation(user.force.nation) if user.force else Nation.ENGLAND
    return JsonResponse(look(default_recogniser(), narrative.text, source=narrative.source, nation=nation))


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
    titles = {400: "That request cannot be read", 403: "Not allowed", 422: "That text cannot be used"}
    return _problem(error.status_code, titles.get(error.status_code, "Not done"), str(error))
