"""What of insight waits for somebody, for the first page."""

from __future__ import annotations

from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone

from wholepicture.core.practice import load_default
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.accounts.trays import Tray, Waiting
from wholepicture.web.insight import access
from wholepicture.web.insight.models import Proposal
from wholepicture.web.insight.selectors.figures import Asked, shown
from wholepicture.web.insight.selectors.steps import what_to_do


def of(user: User) -> list[Tray]:
    """Proposals for who teaches, a health check to answer, one's own actions."""
    trays = []
    if access.may_see(user) and user.force:
        trays.append(_next_steps(user, user.force))
    if access.may_give(user):
        names = load_default().concepts
        waiting = tuple(
            Waiting(
                names[p.concept].name if p.concept in names else p.concept,
                f"missed {p.missed} times of {p.seen} in dip samples",
                reverse("insight:proposal", args=[p.pk]),
                p.at,
            )
            for p in access.proposals_of(user).filter(state=Proposal.State.OPEN).order_by("at")
        )
        trays.append(
            Tray(
                "Training that practice asks for",
                waiting,
                "Nothing is proposed. Look at what practice misses.",
                reverse("insight:needs"),
            )
        )
    items = [*_to_answer(user), *_to_do(user)]
    if items:
        trays.append(Tray("Health check", tuple(items), "", reverse("insight:health")))
    return trays


def _next_steps(user: User, force: Force) -> Tray:
    """What presses by the force's own figures of a year."""
    asked = Asked(force, 12, timezone.now(), None, access.may_see_wellbeing(user))
    steps = what_to_do(asked, shown(asked).figures)
    waiting = tuple(Waiting(s.what, s.why, s.address, None) for s in steps)
    return Tray("What to do next in the force", waiting, "Nothing presses.", reverse("insight:home"))


def _to_answer(user: User) -> list[Waiting]:
    if not access.may_answer(user):
        return []
    found = access.checks_of(user).filter(closed_at=None).exclude(answers__by=user)
    return [
        Waiting(
            "Say how the force stands",
            f"until {c.closes_on:%-d %B}",
            reverse("insight:health-area", args=[c.pk, c.questions.content.areas[0].id]),
            c.opened_at,
        )
        for c in found.select_related("questions")
    ]


def _to_do(user: User) -> list[Waiting]:
    zone = timezone.get_current_timezone()
    return [
        Waiting(
            a.what,
            f"due {a.due_on:%-d %B %Y}",
            reverse("insight:health-check", args=[a.check_of_id]) + "#actions",
            datetime.combine(a.due_on, time(), zone),
        )
        for a in user.health_actions.filter(done_at=None)
    ]
