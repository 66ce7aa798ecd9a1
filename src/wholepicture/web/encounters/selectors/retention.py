"""Reads of how long records are kept, and of what waits for a review."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from wholepicture.core.identity import Details
from wholepicture.core.retention import Rules, earliest_disposal, load
from wholepicture.web.accounts.models import User
from wholepicture.web.encounters import access
from wholepicture.web.encounters.models import Disposal, EncounterPerson, Retention, RetentionDecision
from wholepicture.web.people import access as people_access
from wholepicture.web.people import selectors as people
from wholepicture.web.people.models import Person

SOON_DAYS = 90


def rules() -> Rules:
    """The rules in force here."""
    return load(settings.RETENTION_RULES)


def appearances_of(person: Person) -> QuerySet[EncounterPerson]:
    """Every appearance of a person, or of a record joined to theirs, in an account."""
    return EncounterPerson.objects.filter(Q(identity=person) | Q(identity__into=person)).select_related(
        "encounter"
    )


def last_contact(person: Person) -> date:
    """The day of the latest account that a person is in; of the record's making, if there is none."""
    latest = appearances_of(person).aggregate(at=Max("encounter__happened_at"))["at"]
    return timezone.localdate(latest or person.made_at)


def may_go_from(person: Person, group: str) -> date | None:
    """The day from which the rules let a record go; None where the age it is kept to cannot be told."""
    born = people.details_of([person])[person.pk].born
    return earliest_disposal(
        rules().of(group), last_contact=last_contact(person), born=born[0] if born else None
    )


def to_review_retention(user: User) -> QuerySet[Retention]:
    """Records whose review is due or that somebody proposed to dispose of: proposals first, then oldest due first."""
    if not access.may_review_retention(user):
        return Retention.objects.none()
    return (
        Retention.objects.filter(force_id=user.force_id)
        .filter(Q(due__lte=timezone.localdate()) | Q(proposed_at__isnull=False))
        .exclude(person__in=people_access.closed_to(user))
        .select_related("person", "proposed_by")
        .order_by("proposed_at", "due", "pk")
    )


def coming_up(user: User) -> int:
    """How many records come up for review in the next ninety days."""
    today = timezone.localdate()
    return Retention.objects.filter(
        force_id=user.force_id, due__gt=today, due__lte=date.fromordinal(today.toordinal() + SOON_DAYS)
    ).count()


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything a reviewer weighs in deciding whether a record is kept."""

    person: Person
    retention: Retention
    details: Details
    name: str
    last_contact: date
    accounts: int
    roles: tuple[tuple[str, int], ...]
    earliest: date | None
    decisions: tuple[RetentionDecision, ...]

    @property
    def suspected(self) -> int:
        """In how many accounts the person is a suspect."""
        return dict(self.roles).get("suspect", 0)


def kept_of(person: Person, retention: Retention) -> Kept:
    """What a reviewer weighs."""
    details = people.details_of([person])[person.pk]
    appearances = list(appearances_of(person))
    return Kept(
        person,
        retention,
        details,
        people.name_of(details),
        last_contact(person),
        len({a.encounter_id for a in appearances}),
        tuple(Counter(a.role for a in appearances).most_common()),
        may_go_from(person, retention.group),
        tuple(RetentionDecision.objects.filter(record_number=person.pk).select_related("by")),
    )


def disposals(user: User) -> QuerySet[Disposal]:
    """Records of the force that are gone, latest first."""
    if not access.may_review_retention(user):
        return Disposal.objects.none()
    return Disposal.objects.filter(force_id=user.force_id).select_related("proposed_by", "approved_by")
