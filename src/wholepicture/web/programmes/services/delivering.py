"""Cohorts: made, filled from a waiting list, and how each learner is looked after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.programmes.places import room
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.programmes.access import may_join, may_run
from wholepicture.web.programmes.models import (
    Adjustment,
    Came,
    Cohort,
    EntryShown,
    Place,
    Provider,
    Quota,
    Version,
)


def allowed(by: User, cohort: Cohort) -> None:
    """Refuse whoever does not run cohorts of this force."""
    if not may_run(by) or cohort.version.programme.force_id != by.force_id:
        raise PermissionDenied


@dataclass(frozen=True, slots=True)
class Planned:
    """What a cohort is to be."""

    title: str
    places: int
    starts_on: date
    ends_on: date
    portfolio_due: date
    venue: str = ""
    joining: str = ""


@transaction.atomic
def make_cohort(*, version: Version, provider: Provider, planned: Planned, by: User) -> Cohort:
    """Make a cohort on an approved version, at a provider that may deliver.

    Raises:
        CannotDoError: the version or provider is not approved, or the days are in no order.
    """
    if not may_run(by) or version.programme.force_id != by.force_id:
        raise PermissionDenied
    if version.state != Version.State.APPROVED:
        raise CannotDoError(f"Version {version.number} is not approved. Choose one that is.")
    if provider.programme_id != version.programme_id or not provider.may_deliver:
        raise CannotDoError(
            f"{provider} may not give this programme now. The licensing lead approves providers."
        )
    if not planned.starts_on <= planned.ends_on <= planned.portfolio_due:
        raise CannotDoError("It must begin before it ends, and the portfolio be due after that.")
    made = Cohort.objects.create(
        version=version,
        provider=provider,
        title=planned.title,
        places=planned.places,
        starts_on=planned.starts_on,
        ends_on=planned.ends_on,
        portfolio_due=planned.portfolio_due,
        venue=planned.venue,
        joining=planned.joining,
        by=by,
    )
    record(by=by, what="cohort.made", about=f"cohort:{made.pk}", why=f"{made}, version {version.number}")
    return made


@transaction.atomic
def move_cohort(*, cohort: Cohort, version: Version, by: User) -> Cohort:
    """Put a cohort that has not begun on another approved version.

    Raises:
        CannotDoError: it has begun, or the version is not approved or of another programme.
    """
    cohort = (
        Cohort.objects.select_for_update(of=("self",)).select_related("version__programme").get(pk=cohort.pk)
    )
    allowed(by, cohort)
    if version.programme_id != cohort.version.programme_id or version.state != Version.State.APPROVED:
        raise CannotDoError("Choose an approved version of the same programme.")
    begun = (
        Came.objects.filter(session__cohort=cohort).exists()
        or cohort.taken.filter(evidence__isnull=False).exists()
        or cohort.taken.filter(sittings__isnull=False).exists()
    )
    if begun:
        raise CannotDoError(
            f"This cohort has begun on version {cohort.version.number} and finishes on it. Make a new cohort for version {version.number}."
        )
    was, cohort.version = cohort.version.number, version
    cohort.save(update_fields=["version"])
    record(by=by, what="cohort.moved", about=f"cohort:{cohort.pk}", why=f"version {was} to {version.number}")
    return cohort


@transaction.atomic
def keep_places(*, cohort: Cohort, sending: str, places: int, by: User) -> None:
    """Keep some places for one sending force; 0 keeps none.

    Raises:
        CannotDoError: more would be kept than there are.
    """
    cohort = (
        Cohort.objects.select_for_update(of=("self",)).select_related("version__programme").get(pk=cohort.pk)
    )
    allowed(by, cohort)
    others = sum(q.places for q in cohort.quotas.exclude(sending=sending))
    if others + places > cohort.places:
        raise CannotDoError(f"There are {cohort.places} places, and {others} are kept for others already.")
    if places:
        Quota.objects.update_or_create(cohort=cohort, sending=sending, defaults={"places": places})
    else:
        cohort.quotas.filter(sending=sending).delete()
    record(by=by, what="cohort.places-kept", about=f"cohort:{cohort.pk}", why=f"{sending}: {places}")


def room_for(cohort: Cohort, sending: str) -> int:
    """How many more may join a cohort from a sending force."""
    joined = Counter(cohort.taken.filter(state=Place.State.JOINED).values_list("sending", flat=True))
    kept = {q.sending: q.places for q in cohort.quotas.all()}
    return room(cohort.places, joined, kept, sending)


@transaction.atomic
def ask_for_place(*, cohort: Cohort, learner: User, sending: str, by: User) -> Place:
    """Ask for a place: for oneself, or for somebody of the force by who runs the cohort. Asked twice, it is one.

    Raises:
        CannotDoError: the cohort is closed.
    """
    cohort = (
        Cohort.objects.select_for_update(of=("self",)).select_related("version__programme").get(pk=cohort.pk)
    )
    if by.pk != learner.pk:
        allowed(by, cohort)
    force = cohort.version.programme.force_id
    if not may_join(learner) or learner.force_id != force:
        raise PermissionDenied
    if cohort.closed_at:
        raise CannotDoError("This cohort is closed. Ask for a place in another.")
    place = cohort.taken.filter(learner=learner).first()
    if place and place.state != Place.State.LEFT:
        return place
    if place is None:
        place = Place(cohort=cohort, learner=learner, number=f"{cohort.pk}-{cohort.taken.count() + 1:02}")
    place.state, place.sending, place.asked_at = Place.State.ASKED, sending.strip(), timezone.now()
    place.save()
    record(by=by, what="place.asked", about=f"place:{place.pk}", why=str(cohort))
    return place


@transaction.atomic
def give_place(*, place: Place, by: User) -> Place:
    """Let somebody join if there is room for them, else put them on the waiting list. They are told either way.

    Raises:
        CannotDoError: they have joined or left.
    """
    cohort = (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("version__programme")
        .get(pk=place.cohort_id)
    )
    allowed(by, cohort)
    place = Place.objects.select_for_update().get(pk=place.pk)
    if place.state not in (Place.State.ASKED, Place.State.WAITING):
        raise CannotDoError(f"{place.learner} has {place.get_state_display().lower()} already.")
    if room_for(cohort, place.sending):
        place.state, place.joined_at = Place.State.JOINED, timezone.now()
        said = f"You have a place in {cohort}, which begins on {cohort.starts_on:%-d %B %Y}. Joining instructions are under Programmes in Wholepicture."
    else:
        if place.state == Place.State.WAITING:
            raise CannotDoError(f"There is still no room for {place.learner}.")
        place.state = Place.State.WAITING
        said = f"{cohort} is full. You are on the waiting list, and are told when a place is free."
    place.save(update_fields=["state", "joined_at"])
    tell_people([place.learner], about=f"place:{place.pk}", subject=f"Your place in {cohort}", text=said)
    record(by=by, what=f"place.{place.state}", about=f"place:{place.pk}", why=str(cohort))
    return place


@transaction.atomic
def leave(*, place: Place, why: str, by: User) -> Place:
    """End a place: by the learner, or by who runs the cohort. What was done stays.

    Raises:
        CannotDoError: a result was released, or no reason is given.
    """
    place = (
        Place.objects.select_for_update(of=("self",))
        .select_related("cohort__version__programme")
        .get(pk=place.pk)
    )
    if by.pk != place.learner_id:
        allowed(by, place.cohort)
    if hasattr(place, "result"):
        raise CannotDoError("The result has been released. The place has ended with it.")
    if not why.strip():
        raise CannotDoError("Say why. A line is enough.")
    place.state, place.left_at, place.left_why = Place.State.LEFT, timezone.now(), why.strip()[:300]
    place.save(update_fields=["state", "left_at", "left_why"])
    record(by=by, what="place.left", about=f"place:{place.pk}", why=why)
    return place


@transaction.atomic
def show_entry(*, place: Place, requirement: str, seen: str, by: User) -> EntryShown:
    """Say that the evidence of an entry requirement was seen, and what it was.

    Raises:
        CannotDoError: nothing is said, or there is no such requirement.
    """
    allowed(by, place.cohort)
    if requirement not in {r.id for r in place.cohort.content.entry}:
        raise CannotDoError("There is no such requirement.")
    if not seen.strip():
        raise CannotDoError("Say what you saw, such as a certificate and its date.")
    made, _ = EntryShown.objects.update_or_create(
        place=place,
        requirement=requirement,
        defaults={"seen": seen.strip()[:300], "by": by, "at": timezone.now()},
    )
    record(by=by, what="place.entry-shown", about=f"place:{place.pk}", why=requirement)
    return made


@transaction.atomic
def look_after(
    *,
    place: Place,
    by: User,
    assessor: User | None,
    supervisor: User | None,
    welfare_name: str,
    welfare_reach: str,
    portfolio_due: date | None,
) -> Place:
    """Name who assesses a learner, who supervises them at work, and whom they turn to; give them another day if they need it.

    Raises:
        CannotDoError: somebody would assess themselves, or somebody whom they supervise.
    """
    allowed(by, place.cohort)
    force = place.cohort.version.programme.force_id
    for somebody, role in ((assessor, Role.ASSESSOR), (supervisor, None)):
        if somebody and (somebody.force_id != force or (role and somebody.role != role)):
            raise PermissionDenied
    if assessor and assessor.pk in (place.learner_id, supervisor.pk if supervisor else None):
        raise CannotDoError("An assessor must be neither the learner nor their supervisor. Choose another.")
    if supervisor and supervisor.pk == place.learner_id:
        raise CannotDoError("Nobody is their own supervisor. Choose another.")
    place.assessor, place.supervisor = assessor, supervisor
    place.welfare_name, place.welfare_reach = welfare_name, welfare_reach
    place.portfolio_due = portfolio_due
    place.save(update_fields=["assessor", "supervisor", "welfare_name", "welfare_reach", "portfolio_due"])
    record(by=by, what="place.looked-after", about=f"place:{place.pk}", why=f"assessor {assessor or 'none'}")
    return place


@transaction.atomic
def adjust(*, place: Place, what: str, by: User) -> Adjustment:
    """Agree a reasonable adjustment: what is done, never why."""
    allowed(by, place.cohort)
    made = Adjustment.objects.create(place=place, what=what.strip(), by=by)
    record(by=by, what="place.adjusted", about=f"place:{place.pk}")
    return made


@transaction.atomic
def end_adjustment(*, adjustment: Adjustment, by: User) -> None:
    """End an adjustment. That it was there stays."""
    allowed(by, adjustment.place.cohort)
    if adjustment.ended_at is None:
        adjustment.ended_at = timezone.now()
        adjustment.save(update_fields=["ended_at"])
        record(by=by, what="place.adjustment-ended", about=f"place:{adjustment.place_id}")
