"""Saying who the people of an encounter are. Nothing here joins anybody by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.days import years_old
from wholepicture.core.identity import Details
from wholepicture.core.practice import State
from wholepicture.web.accounts.models import User
from wholepicture.web.audit.services import record
from wholepicture.web.encounters.access import may_settle
from wholepicture.web.encounters.models import Encounter, EncounterPerson, Identification
from wholepicture.web.encounters.selectors import said_of
from wholepicture.web.encounters.services.recording import observe
from wholepicture.web.encounters.services.retention import keep_due
from wholepicture.web.people import access as people_access
from wholepicture.web.people import services as people
from wholepicture.web.people.models import Person
from wholepicture.web.people.selectors import root_of

CHILD, ADULT = "child", 18


@transaction.atomic
def describe(
    *,
    person: EncounterPerson,
    by: User,
    given: str = "",
    family: str = "",
    born: date | None = None,
    phone: str = "",
    address: str = "",
) -> EncounterPerson:
    """Record what is said of who somebody is. If they are linked already, it is added to what is known of them."""
    _settling(person, by)
    person.given, person.family, person.born = given.strip(), family.strip(), born
    person.phone, person.address = phone.strip(), address.strip()
    person.save(update_fields=["given", "family", "born", "phone", "address"])
    _tell_age(person, by)
    if person.identity:
        people.add_details(person=person.identity, details=said_of(person), by=by)
    record(by=by, what="person.described", about=f"encounter:{person.encounter_id}", why=person.code)
    return person


def _tell_age(person: EncounterPerson, by: User) -> None:
    """A date of birth says who was a child then, whatever the account calls them; a date put right says it anew."""
    if person.born is None:
        return
    years = years_old(person.born, timezone.localtime(person.encounter.happened_at).date())
    told = person.observations.filter(concept=CHILD, corrected_by=None).order_by("observed_at", "pk").last()
    held = told is not None and told.state == State.PRESENT
    if held == (years < ADULT):
        return
    observe(
        person=person,
        concept=CHILD,
        state=State.PRESENT if years < ADULT else State.ABSENT,
        # Not the date itself: what is shared of this may go to those who are not to have it.
        words=f"{years} years old then, by their date of birth",
        told_by="",
        rule="date of birth",
        by=by,
    )


@transaction.atomic
def take_for(*, person: EncounterPerson, number: UUID, by: User) -> EncounterPerson:
    """Note whom a bulk run takes somebody for: the same number on all that it takes to be one person. Nobody is joined by it."""
    _settling(person, by)
    person.taken_for = number
    person.save(update_fields=["taken_for"])
    record(
        by=by,
        what="person.taken-for",
        about=f"encounter:{person.encounter_id}",
        why=f"{person.code} {number}",
    )
    return person


@transaction.atomic
def link(*, person: EncounterPerson, known: Person, by: User, why: str = "") -> EncounterPerson:
    """Say that somebody is a person known already."""
    _settling(person, by)
    if known.force_id != person.encounter.force_id or known.pk in people_access.closed_to(by):
        raise PermissionDenied
    known = root_of(known)
    _say(person, Identification.Said.THEM, by, known, why)
    people.add_details(person=known, details=said_of(person), by=by)
    return _identified(person, known)


@transaction.atomic
def link_these(*, those: Iterable[EncounterPerson], known: Person, by: User) -> int:
    """Say of several people of other accounts that they are a person known already; returns how many."""
    linked = [link(person=p, known=known, by=by, why=f"{p.code}, with others of a bulk run") for p in those]
    return len(linked)


@transaction.atomic
def make_known(*, person: EncounterPerson, by: User) -> EncounterPerson:
    """Say that somebody was not known before, and make a record of them."""
    _settling(person, by)
    if person.identity:
        return person
    known = people.make_person(details=_enough(person), by=by)
    _say(person, Identification.Said.NEW, by, known)
    return _identified(person, known)


@transaction.atomic
def not_them(*, person: EncounterPerson, known: Person, by: User) -> None:
    """Say that somebody is not a person known already: that one is not offered for them again."""
    _settling(person, by)
    if person.identity_id == known.pk:
        person.identity = None
        person.save(update_fields=["identity"])
    _say(person, Identification.Said.NOT_THEM, by, known)


@transaction.atomic
def leave_open(*, person: EncounterPerson, by: User) -> None:
    """Leave it to a records specialist, whose queue shows the oldest first."""
    _settling(person, by)
    _enough(person)
    person.left_open_at = person.left_open_at or timezone.now()
    person.save(update_fields=["left_open_at"])
    _say(person, Identification.Said.OPEN, by)


def _identified(person: EncounterPerson, known: Person) -> EncounterPerson:
    person.identity, person.left_open_at = known, None
    person.save(update_fields=["identity", "left_open_at"])
    keep_due(known)
    return person


def _enough(person: EncounterPerson) -> Details:
    details = said_of(person)
    if not details:
        raise people.CannotDoError("Give at least a name, a date of birth, a telephone or an address first.")
    return details


def _settling(person: EncounterPerson, by: User) -> None:
    """Lock the encounter, and ask whether the user may say who its people are."""
    encounter = Encounter.objects.select_for_update().get(pk=person.encounter_id)
    if not may_settle(by, encounter):
        raise PermissionDenied
    person.refresh_from_db()


def _say(
    person: EncounterPerson, said: Identification.Said, by: User, known: Person | None = None, why: str = ""
) -> None:
    Identification.objects.create(person=person, known=known, said=said, by=by, why=why)
    record(
        by=by,
        what=f"identity.{said.value.replace('_', '-')}",
        about=f"person:{known.pk}" if known else f"encounter:{person.encounter_id}",
        why=why or f"{person.encounter_id} {person.code}",
    )
