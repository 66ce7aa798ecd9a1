"""Reads of assessments, of what waits for whom, and of what to sample."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from wholepicture.core.picture import PathwayState
from wholepicture.core.practice import Catalogue
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.trays import Tray, Waiting, registered
from wholepicture.web.encounters import access
from wholepicture.web.encounters.models import Assessment, AssessmentReview, Encounter, EncounterPerson
from wholepicture.web.encounters.selectors.retention import to_review_retention
from wholepicture.web.people import access as people_access
from wholepicture.web.people.models import Opening, Person

SAMPLE_DAYS = 90
CHANGED_DAYS = 14
MOST_DEALT_WITH = 2000
NEW_TITLE, NEW_EMPTY = "New about people you have dealt with", "Nothing new in the last two weeks."
_OPEN = (PathwayState.OPEN.value, PathwayState.UNGUARDED.value)


def to_review(user: User) -> QuerySet[Assessment]:
    """Assessments that wait for a review by somebody else, worst first, then oldest."""
    if not access.may_review_any(user):
        return Assessment.objects.none()
    return (
        Assessment.objects.filter(force_id=user.force_id, waiting=True)
        .filter(access.in_sight(user, "person__encounter__"))
        .exclude(by=user)
        .select_related("person__encounter", "by")
        .order_by("-worst", "at")
    )


def returned_to(user: User) -> QuerySet[Assessment]:
    """Somebody's own assessments that came back and have not been answered."""
    return (
        Assessment.objects.filter(
            by=user, followed_by=None, review__outcome=AssessmentReview.Outcome.RETURNED
        )
        .select_related("person__encounter", "review__by")
        .order_by("review__at")
    )


def next_to_check(user: User) -> Encounter | None:
    """An account drawn by lot from those of others, confirmed lately and not yet sampled."""
    since = timezone.now() - timedelta(days=SAMPLE_DAYS)
    return (
        access.visible_to(user)
        .filter(confirmed_at__gte=since, quality_check=None)
        .exclude(started_by=user)
        .order_by("?")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between an assessment and the one before it."""

    grade_before: str
    opened: tuple[str, ...]
    closed: tuple[str, ...]


def change_of(assessment: Assessment) -> Change | None:
    """What changed since the assessment before, or None for a first one."""
    before = assessment.previous
    if before is None:
        return None
    catalogue = default_recogniser().catalogue
    then = {p for p, state in before.pathways.items() if state in _OPEN}
    now = {p for p, state in assessment.pathways.items() if state in _OPEN}
    return Change(before.grade, _names(catalogue, now - then), _names(catalogue, then - now))


def _names(catalogue: Catalogue, pathways: set[str]) -> tuple[str, ...]:
    return tuple(sorted(catalogue.pathways[p].name for p in pathways if p in catalogue.pathways))


def desk(user: User) -> list[Tray]:
    """What needs somebody today, by what their role carries."""
    trays: list[Tray] = []
    if access.may_record(user):
        trays += [_drafts(user), _to_check(user), _returned(user)]
    if access.may_review_any(user):
        trays.append(_reviews(user))
    if people_access.may_settle_matches(user):
        trays.append(_matches(user))
    if people_access.may_review_openings(user):
        trays.append(_openings(user))
    if access.may_review_retention(user):
        trays.append(_retention(user))
    if access.may_record(user):
        trays.append(_changed(user))
    trays += registered(user)
    return sorted(trays, key=lambda tray: not tray.items)


def _first_up(label: str) -> str:
    return label[:1].upper() + label[1:]


def _drafts(user: User) -> Tray:
    items = tuple(
        Waiting(
            draft.text.strip()[:60] or "An empty draft",
            "not handed in",
            f"{reverse('encounters:start')}?draft={draft.once}",
            draft.kept_at,
        )
        for draft in user.drafts.order_by("kept_at")[:20]
    )
    return Tray("Drafts", items, "No draft waits. What you type is kept as you go.")


def _to_check(user: User) -> Tray:
    own = Encounter.objects.filter(started_by=user, confirmed_at=None).order_by("started_at")[:20]
    items = tuple(
        Waiting(
            e.source,
            "recognised, not yet confirmed",
            reverse("encounters:findings", args=[e.pk]),
            e.started_at,
        )
        for e in own
    )
    return Tray("To confirm", items, "Every account of yours is confirmed.")


def _returned(user: User) -> Tray:
    items = tuple(
        Waiting(
            f"{_first_up(a.person.label)}: {a.get_grade_display()}",
            f"{a.review.by}: {a.review.comment}",
            reverse("encounters:assessment", args=[a.pk]),
            a.review.at,
        )
        for a in returned_to(user)[:20]
    )
    return Tray("Came back to you", items, "No assessment has come back.")


def _reviews(user: User) -> Tray:
    waiting = to_review(user)
    items = tuple(
        Waiting(
            f"{_first_up(a.person.label)}: {a.get_grade_display()}",
            f"{a.by}" + (", grade and picture differ" if a.differs else ""),
            reverse("encounters:assessment", args=[a.pk]),
            a.at,
        )
        for a in waiting[:10]
    )
    return Tray(
        "Assessments to review, worst first",
        items,
        "Nothing waits for review.",
        reverse("encounters:reviews"),
    )


def _matches(user: User) -> Tray:
    left = (
        EncounterPerson.objects.filter(left_open_at__isnull=False, encounter__in=access.visible_to(user))
        .select_related("encounter")
        .order_by("left_open_at")[:10]
    )
    items = tuple(
        Waiting(
            f"{p.given or p.label} {p.family}".strip(),
            p.encounter.source,
            reverse("encounters:who", args=[p.encounter_id, p.code]),
            p.left_open_at,
        )
        for p in left
        if p.left_open_at
    )
    return Tray("Matches to settle", items, "No match waits.", reverse("encounters:queue"))


def openings_to_review(user: User) -> QuerySet[Opening]:
    """Broken glass of the force that nobody has reviewed, oldest first; never one's own."""
    if not people_access.may_review_openings(user):
        return Opening.objects.none()
    return (
        Opening.objects.filter(broke_glass=True, reviewed_at=None, person__force_id=user.force_id)
        .exclude(user=user)
        .select_related("user", "person")
        .order_by("at")
    )


def _openings(user: User) -> Tray:
    items = tuple(
        Waiting(str(o.user), o.why, reverse("encounters:openings"), o.at)
        for o in openings_to_review(user)[:10]
    )
    return Tray(
        "Restricted records opened",
        items,
        "Nobody has opened a restricted record unreviewed.",
        reverse("encounters:openings"),
    )


def _retention(user: User) -> Tray:
    items = tuple(
        Waiting(
            "Disposal proposed" if r.proposed_by else "Review due",
            f"by {r.proposed_by}"
            if r.proposed_by
            else (f"group {r.group}" if r.group else "not grouped yet"),
            reverse("encounters:retention-review", args=[r.person_id]),
            r.proposed_at or timezone.make_aware(datetime.combine(r.due, time.min)),
        )
        for r in to_review_retention(user)[:10]
    )
    return Tray(
        "Records to keep or let go", items, "No record is due for review.", reverse("encounters:retention")
    )


def _changed(user: User) -> Tray:
    """New accounts by others about people in somebody's own accounts."""
    mine = EncounterPerson.objects.filter(encounter__started_by=user, identity__isnull=False)
    # Read first, so that a database need not guess where to begin.
    own = list(mine.order_by("-id").values_list("identity_id", flat=True)[:MOST_DEALT_WITH])
    if not own:
        return Tray(NEW_TITLE, (), NEW_EMPTY)
    records = own + list(Person.objects.filter(into__in=own).values_list("pk", flat=True))
    since = timezone.now() - timedelta(days=CHANGED_DAYS)
    seen = (
        EncounterPerson.objects.filter(
            access.in_sight(user, "encounter__"), identity__in=records, encounter__confirmed_at__gte=since
        )
        .exclude(encounter__started_by=user)
        .select_related("encounter__started_by", "identity")
        .order_by("-encounter__confirmed_at")[:10]
    )
    items = tuple(
        Waiting(
            _first_up(p.label),
            f"{p.encounter.source}, by {p.encounter.started_by}",
            reverse("encounters:person", args=[p.identity.into_id or p.identity_id]),
            p.encounter.confirmed_at,
        )
        for p in seen
        if p.identity and p.encounter.confirmed_at
    )
    return Tray(NEW_TITLE, items, NEW_EMPTY)
