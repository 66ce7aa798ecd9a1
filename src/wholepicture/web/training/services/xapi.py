"""Telling a learning record store what was done (xAPI 1.0.3): only if one is set up, queued, and sent again under the same id.

The actor is an account with a number that says nothing by itself; never a name or an e-mail address.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.parse
import urllib.request
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from wholepicture.web.accounts.models import Outgoing, User
from wholepicture.web.accounts.services.outgoing import OPENER
from wholepicture.web.training.models import Attempt, Enrolment

VERSION = "1.0.3"
VERBS = {
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "passed": "http://adlnet.gov/expapi/verbs/passed",
    "failed": "http://adlnet.gov/expapi/verbs/failed",
}
COURSE, ASSESSMENT = (
    "http://adlnet.gov/expapi/activities/course",
    "http://adlnet.gov/expapi/activities/assessment",
)
PATIENCE_SECONDS = 10


def actor_of(user: User) -> dict[str, Any]:
    """Who did it, as a number of this site's own."""
    number = hmac.new(settings.SECRET_KEY.encode(), f"xapi:{user.pk}".encode(), hashlib.sha256).hexdigest()[
        :32
    ]
    return {"objectType": "Agent", "account": {"homePage": settings.ADDRESS, "name": number}}


def tell_handed_in(attempt: Attempt) -> None:
    """A scenario was handed in. Call it in the transaction in which it is."""
    result = attempt.result or {}
    verb = "passed" if result["passed"] else "failed"
    seen = result["sensitivity"]
    outcome: dict[str, Any] = {
        "success": result["passed"],
        "completion": True,
        "duration": _duration((attempt.handed_in_at or timezone.now()) - attempt.began_at),
    }
    if seen is not None:
        outcome["score"] = {"scaled": round(seen, 4)}
    about = f"{attempt.version.course.slug}/{attempt.item}"
    _put_down(attempt.learner, verb, about, attempt.scenario.title, ASSESSMENT, outcome)


def tell_completed(enrolment: Enrolment) -> None:
    """A course was completed."""
    _put_down(
        enrolment.learner,
        "completed",
        enrolment.course.slug,
        enrolment.version.content.title,
        COURSE,
        {"completion": True},
    )


def _put_down(user: User, verb: str, about: str, name: str, kind: str, result: dict[str, Any]) -> None:
    if not settings.XAPI_URL:
        return
    made = Outgoing(kind=Outgoing.Kind.XAPI, force_id=user.force_id, about=f"training:{about}"[:120], body={})
    made.body = {
        "id": str(made.pk),
        "actor": actor_of(user),
        "verb": {"id": VERBS[verb], "display": {"en-GB": verb}},
        "object": {
            "objectType": "Activity",
            "id": f"{settings.ADDRESS.rstrip('/')}/activities/{about}",
            "definition": {"type": kind, "name": {"en-GB": name}},
        },
        "result": result,
        "timestamp": timezone.now().isoformat(),
    }
    made.save()


def deliver_statement(item: Outgoing) -> str:
    """Send one statement; what went wrong, or nothing. Sent twice, the store keeps it once: its id is the same."""
    if not settings.XAPI_URL:
        return "No learning record store is set up any more."
    query = urllib.parse.urlencode({"statementId": item.body["id"]})
    pair = base64.b64encode(f"{settings.XAPI_KEY}:{settings.XAPI_SECRET}".encode()).decode()
    request = urllib.request.Request(
        f"{settings.XAPI_URL.rstrip('/')}/statements?{query}",
        data=json.dumps(item.body).encode(),
        method="PUT",
        headers={
            "Content-Type": "application/json",
            "X-Experience-API-Version": VERSION,
            "Authorization": f"Basic {pair}",
            "User-Agent": "Wholepicture",
        },
    )
    try:
        with OPENER.open(request, timeout=PATIENCE_SECONDS) as answer:
            return "" if 200 <= answer.status < 300 else f"It answered {answer.status}."
    except urllib.error.HTTPError as error:
        return "" if error.code == 409 else f"It answered {error.code}."
    except OSError as error:
        return f"It could not be reached: {error}"[:300]


def _duration(span: timedelta) -> str:
    """A span as xAPI writes it (ISO 8601), to the second."""
    return f"PT{max(0, int(span.total_seconds()))}S"
