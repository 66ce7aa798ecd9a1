"""The force's own figures, for senior officers to ask their people about. Counts only: no person served, no officer is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from wholepicture.core.insight.together import few
from wholepicture.core.partners.lifecycle import WITH_PARTNER
from wholepicture.core.practice import load_default
from wholepicture.web.accounts.models import Force
from wholepicture.web.encounters.models import Assessment, AssessmentReview, RecordedObservation
from wholepicture.web.partners.models import Need, Referral, Watched
from wholepicture.web.partners.selectors.figures import declined_open
from wholepicture.web.training.models import Outcome

STRANDS = {"child-sexual-exploitation", "child-abuse", "online-child-abuse"}
LEAST = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is, what it says now, how to read it, and where it comes from: a page ("" where there is none), or the figures behind it."""

    id: str
    title: str
    value: str
    note: str
    address: str = ""
    behind: tuple[tuple[str, str], ...] = ()


_SOURCES: list[Callable[[Force], list[Figure]]] = []


def register(source: Callable[[Force], list[Figure]]) -> None:
    """Have the briefing ask an app above for its figures too."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def figures_of(force: Force) -> list[Figure]:
    """Every figure there is of a force."""
    found = [
        _demand(force),
        _timeliness(force),
        _reviews(force),
        _referrals(force),
        _controls(force),
        _training(force),
    ]
    return [*found, *(f for source in _SOURCES for f in source(force))]


def _demand(force: Force) -> Figure:
    concepts = [c.id for c in load_default().concepts.values() if STRANDS & set(c.strands)]
    now = timezone.now()

    def count(start: int, end: int) -> int:
        return (
            RecordedObservation.objects.filter(
                person__encounter__force=force,
                concept__in=concepts,
                state__in=("present", "suffered", "threatened"),
                recorded_at__gt=now - timedelta(days=start),
                recorded_at__lte=now - timedelta(days=end),
            )
            .values("person__encounter")
            .distinct()
            .count()
        )

    return Figure(
        "demand",
        "Accounts in which the abuse or exploitation of a child was recorded",
        f"{count(365, 0)} in twelve months",
        f"{count(730, 365)} in the twelve before. It counts what was recorded, not what happened.",
        behind=tuple(
            (
                f"{now - timedelta(days=30 * n + 30):%-d %B} to {now - timedelta(days=30 * n):%-d %B %Y}",
                few(count(30 * n + 30, 30 * n)),
            )
            for n in range(12)
        ),
    )


def _timeliness(force: Force) -> Figure:
    waiting = Assessment.objects.filter(force=force, review=None)
    oldest = waiting.aggregate(at=Min("at"))["at"]
    reviewed = AssessmentReview.objects.filter(assessment__force=force).select_related("assessment")
    days = [(r.at - r.assessment.at).total_seconds() / 86_400 for r in reviewed.order_by("-at")[:500]]
    said = (
        f"Half of the last {len(days)} were reviewed within {median(days):.1f} days."
        if days
        else "None reviewed yet."
    )
    value = f"{waiting.count()} wait for review"
    if oldest:
        value += f", the oldest {(timezone.now() - oldest).days} days"
    now = timezone.now()
    spans = ((0, 2), (2, 7), (7, 14), (14, 30), (30, 3_650))
    behind = tuple(
        (
            f"Waiting {begins} to {ends} days" if ends < 3_650 else f"Waiting more than {begins} days",
            few(
                waiting.filter(
                    at__lte=now - timedelta(days=begins), at__gt=now - timedelta(days=ends)
                ).count()
            ),
        )
        for begins, ends in spans
    )
    return Figure("timeliness", "Assessments that wait for a supervisor", value, said, behind=behind)


def _reviews(force: Force) -> Figure:
    found = AssessmentReview.objects.filter(assessment__force=force)
    whole, back = found.count(), found.filter(~Q(outcome="agreed")).count()
    return Figure(
        "reviews",
        "Assessments sent back by a supervisor",
        f"{back} of {whole}" if whole else "none reviewed yet",
        "None sent back at all may mean that nobody looks." if whole and not back else "",
        behind=tuple(
            (str(label), few(found.filter(outcome=value).count()))
            for value, label in AssessmentReview.Outcome.choices
        ),
    )


def _referrals(force: Force) -> Figure:
    asked = Referral.objects.filter(force=force)
    waiting = asked.filter(state__in=[s.value for s in WITH_PARTNER])
    oldest = waiting.aggregate(at=Min("sent_at"))["at"]
    value = f"{waiting.count()} are with a partner"
    if oldest:
        value += f", the oldest since {timezone.localtime(oldest):%-d %B}"
    declined = declined_open(asked)
    needs = Need.objects.filter(referral__in=asked.filter(sent_at__isnull=False))
    return Figure(
        "referrals",
        "What was asked of partners and has no outcome yet",
        value,
        f"{waiting.filter(due__lt=timezone.now()).count()} are late. {declined} stand declined or passed on, and nobody has said what is done instead.",
        reverse("partners:figures"),
        tuple(
            (f"What came of each thing asked: {label.lower()}", few(needs.filter(outcome=value).count()))
            for value, label in (*Need.Outcome.choices, ("", "no outcome yet"))
        ),
    )


def _controls(force: Force) -> Figure:
    rows = Watched.objects.filter(force=force)
    soon = timezone.localdate() + timedelta(days=30)
    ends = rows.filter(kind=Watched.Kind.ENDS, ends_on__lte=soon).count()
    down = rows.filter(kind=Watched.Kind.FAILED)
    return Figure(
        "controls",
        "Ways to harm held shut only by something that ends within a month",
        str(ends),
        f"{down.count()} stand open because a control has failed; for {down.filter(picked_up_at=None).count()} of them nobody has said what they do about it.",
        behind=tuple(
            (holder or "not said", few(n))
            for holder, n in rows.filter(kind=Watched.Kind.ENDS, ends_on__lte=soon)
            .values_list("holder")
            .annotate(n=Count("pk"))
            .order_by("-n", "holder")[:15]
        ),
    )


def _training(force: Force) -> Figure:
    missed: Counter[str] = Counter()
    there: Counter[str] = Counter()
    rows = Outcome.objects.filter(attempt__learner__force=force, attempt__first=True)
    for concept, noticed in rows.values_list("concept", "noticed"):
        there[concept] += 1
        missed[concept] += not noticed
    concepts = load_default().concepts
    worst = sorted(
        (c for c in there if there[c] >= LEAST and c in concepts), key=lambda c: -missed[c] / there[c]
    )[:3]
    said = "; ".join(f"{concepts[c].name} ({missed[c]} of {there[c]})" for c in worst)
    return Figure(
        "training",
        "What people miss most when they first try a scenario",
        said or "too few have tried to say",
        "Learners are not named, here or anywhere else.",
        behind=tuple(
            (concepts[c].name, f"missed {missed[c]} of {there[c]} times")
            for c in sorted(there, key=lambda c: -missed[c] / there[c])
            if there[c] >= LEAST and c in concepts
        )[:15],
    )
