"""What to do next, and why: a few sentences that follow from the figures by rules that are written here, worst first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from wholepicture.web.encounters.selectors import counting
from wholepicture.web.insight.models import HealthAction, HealthCheck, Proposal
from wholepicture.web.insight.selectors.figures import Asked, Figure
from wholepicture.web.insight.selectors.needs import needs_of
from wholepicture.web.partners.models import Watched

MOST = 5
LONG_DAYS = 7


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: what, why, and where."""

    what: str
    why: str
    address: str


def what_to_do(asked: Asked, figures: Sequence[Figure]) -> list[Step]:
    """The most pressing few."""
    found = [*_controls(asked), *_waiting(asked), *_missed(asked), *_capability(figures), *_health(asked)]
    return found[:MOST]


def _controls(asked: Asked) -> list[Step]:
    alone = Watched.objects.filter(force=asked.force, kind=Watched.Kind.FAILED, picked_up_at=None).count()
    if not alone:
        return []
    return [
        Step(
            "Ask who looks after protections that have failed",
            f"{alone} ways to harm stand open because a control failed, and nobody has said what they do about it.",
            reverse("insight:figure", args=["controls"]),
        )
    ]


def _waiting(asked: Asked) -> list[Step]:
    waiting = counting.waiting(asked.scope)
    late = [w for w in waiting if (asked.until - w).days >= LONG_DAYS]
    if not late:
        return []
    return [
        Step(
            "Have the oldest assessments reviewed",
            f"{len(late)} have waited for a week or more, the oldest for {(asked.until - late[0]).days} days.",
            reverse("insight:figure", args=["timeliness"]),
        )
    ]


def _missed(asked: Asked) -> list[Step]:
    needs = needs_of(asked.force, asked.scope)
    proposed = set(
        Proposal.objects.filter(force=asked.force, at__gt=asked.scope.since).values_list("concept", flat=True)
    )
    worst = next((n for n in needs.concepts if n.share and n.concept not in proposed), None)
    if worst:
        return [
            Step(
                f"Have people trained in seeing: {worst.name.lower()}",
                f"Dip samples found it missed in {worst.missed} of {worst.of}, and no training for it was proposed.",
                reverse("insight:needs") + f"#{worst.concept}",
            )
        ]
    if needs.accounts < 20:
        return [
            Step(
                "Have more accounts looked at in dip samples",
                f"{needs.accounts} were looked at in this period: too few to say what practice misses.",
                reverse("insight:figure", args=["missed"]),
            )
        ]
    return []


def _capability(figures: Sequence[Figure]) -> list[Step]:
    found = next((f for f in figures if f.id == "capability"), None)
    without = [r[0] for r in found.rows if r[1] == "0" and r[4] not in ("0", "not known")] if found else []
    return [
        Step(
            f"License people under: {title}",
            "Accounts come in that need somebody licensed, and nobody is.",
            reverse("insight:figure", args=["capability"]),
        )
        for title in without[:1]
    ]


def _health(asked: Asked) -> list[Step]:
    late = HealthAction.objects.filter(
        check_of__force=asked.force, done_at=None, due_on__lt=timezone.localdate()
    ).count()
    if late:
        return [
            Step(
                "Take up actions of the health check that are late",
                f"{late} should have been done by now.",
                reverse("insight:health"),
            )
        ]
    if not HealthCheck.objects.filter(force=asked.force).exists():
        return [
            Step(
                "Look at where the force stands as a whole",
                "No health check was made yet. Several people answer; the figures here go in by themselves.",
                reverse("insight:health"),
            )
        ]
    return []
