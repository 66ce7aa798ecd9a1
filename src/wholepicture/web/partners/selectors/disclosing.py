"""What was shared of somebody with partners, and what came of it, for the copy that is given to them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from wholepicture.web.encounters.beyond import Held
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.partners.models import Plan, Referral


def held_of(person: EncounterPerson) -> list[Held]:
    """Requests that were sent, with all they said, and joint plans."""
    sent = Referral.objects.filter(person=person, sent_at__isnull=False).select_related("organisation")
    found = [
        Held(timezone.localdate(r.sent_at), f"Shared with {r.organisation}", " ".join(_words(r)))
        for r in sent.order_by("sent_at")
    ]
    for plan in Plan.objects.filter(person=person):
        told = [f"{a.text}. {a.came_of_it}".strip() for a in plan.actions.all()]
        told += [m.text for meeting in plan.meetings.all() for m in meeting.minutes.all()]
        found.append(
            Held(timezone.localdate(plan.made_at), "A joint plan", " ".join([f"{plan.aim}.", *told]))
        )
    return found


def _words(referral: Referral) -> Iterable[str]:
    document = referral.document or {}
    for need in referral.needs.all():
        yield f"Asked: {need.text}. {need.get_outcome_display()} {need.said}".strip() + "."
    for known in document.get("known", []):
        yield f"{known['what']}: “{known['evidence']}”." if known["evidence"] else f"{known['what']}."
    for answer in document.get("answers", []):
        yield f"{answer['question']} {answer['answer']}"
    for key in ("wishes", "safe_contact", "opinion"):
        if document.get(key):
            yield str(document[key])
    for event in referral.events.exclude(why=""):
        yield f"{event.who} {event.says}: {event.why}"
