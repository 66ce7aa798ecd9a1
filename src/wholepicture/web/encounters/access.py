"""Who may see and change encounters and the people in them. Every read and change in this app asks here."""

from __future__ import annotations

from enum import Enum
from uuid import UUID

from django.db.models import Q, QuerySet

from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.models import Assessment, Encounter, EncounterPerson
from wholepicture.web.people import access as people_access
from wholepicture.web.people.models import Person


class Seeing(Enum):
    """What a person's record is to somebody."""

    OPEN = "open"
    ASK = "say why first"
    BREAK_GLASS = "restricted: say why first, and it is reviewed"
    HIDDEN = "not there"


def may_record(user: User) -> bool:
    """Whether somebody may start an encounter."""
    return may(user, Permission.RECORD_ENCOUNTER) and user.force_id is not None


def visible_to(user: User) -> QuerySet[Encounter]:
    """Encounters somebody may see, each once.

    Their own and their team's; their force's if their role carries it; and those of people they are dealing with or have said why they must
    see. Never another force's, nor (their own apart) one with a restricted person they are not on the list of.
    """
    return Encounter.objects.filter(in_sight(user))


def in_sight(user: User, to: str = "") -> Q:
    """The condition that an encounter is visible to somebody. ``to``: the way to the encounter, such as "person__encounter__".

    Each part is found by an index, so that it holds for millions of encounters.
    """
    if not may_record(user):
        return Q(pk__in=[])
    sight = Q(**{f"{to}force_id": user.force_id})
    if not may(user, Permission.SEE_FORCE_ENCOUNTERS):
        sight &= Q(**{f"{to}pk__in": _own_and_dealt_with(user)})
    closed = people_access.closed_to(user)
    if closed:
        shut = EncounterPerson.objects.filter(identity__in=closed).values("encounter_id")
        sight &= Q(**{f"{to}started_by": user}) | ~Q(**{f"{to}pk__in": shut})
    return sight


def _own_and_dealt_with(user: User) -> QuerySet[Encounter, dict[str, UUID]]:
    dealing, opened = _in_own_encounters(user), people_access.open_to(user).values("person_id")
    own = Encounter.objects.filter(started_by__in=colleagues(user)).order_by().values("pk")
    return own.union(
        *(
            EncounterPerson.objects.filter(**{path: records}).order_by().values("encounter_id")
            for records in (dealing, opened)
            for path in ("identity__in", "identity__into__in")
        )
    )


def colleagues(user: User) -> list[int]:
    """Somebody and everybody of their team, who see one another's accounts."""
    if user.team_id is None:
        return [user.pk]
    return [
        user.pk,
        *User.objects.filter(team_id=user.team_id).exclude(pk=user.pk).values_list("pk", flat=True),
    ]


def _in_own_encounters(user: User) -> QuerySet[EncounterPerson, dict[str, UUID]]:
    """The records of everybody in somebody's own encounters."""
    return (
        EncounterPerson.objects.filter(encounter__started_by__in=colleagues(user), identity__isnull=False)
        .filter(identity__restricted=False)
        .values("identity_id")
    )


def seeing(user: User, person: Person) -> Seeing:
    """What a person's record (the one now used) is to somebody."""
    if person.force_id != user.force_id or not (may_record(user) or people_access.may_ask(user)):
        return Seeing.HIDDEN
    if people_access.open_to(user).filter(person=person).exists():
        return Seeing.OPEN
    own = EncounterPerson.objects.filter(
        Q(identity=person) | Q(identity__into=person), encounter__started_by__in=colleagues(user)
    ).exists()
    if person.restricted:
        if people_access.on_the_list(user, person):
            return Seeing.OPEN
        return Seeing.BREAK_GLASS if own and people_access.may_ask(user) else Seeing.HIDDEN
    if own or may(user, Permission.SEE_FORCE_PEOPLE):
        return Seeing.OPEN
    return Seeing.ASK if people_access.may_ask(user) else Seeing.HIDDEN


def may_change(user: User, encounter: Encounter) -> bool:
    """Whether somebody may confirm, correct or answer: the officer whose account it is."""
    return may_record(user) and encounter.started_by_id == user.pk


def may_settle(user: User, encounter: Encounter) -> bool:
    """Whether somebody may say who the people of an encounter are: its officer, or a records specialist of the force."""
    return may_change(user, encounter) or (
        people_access.may_settle_matches(user) and encounter.force_id == user.force_id
    )


def may_assess(user: User, encounter: Encounter) -> bool:
    """Whether somebody may sign a judgement: its officer, or one who reviews and may see it."""
    if not encounter.confirmed_at:
        return False
    reviews = may(user, Permission.REVIEW_ASSESSMENTS) and visible_to(user).filter(pk=encounter.pk).exists()
    return may_change(user, encounter) or reviews


def may_review_any(user: User) -> bool:
    """Whether somebody reviews assessments and samples recording at all."""
    return may(user, Permission.REVIEW_ASSESSMENTS) and user.force_id is not None


def may_review(user: User, assessment: Assessment) -> bool:
    """Whether somebody may review an assessment: never their own."""
    if not may_review_any(user) or assessment.by_id == user.pk:
        return False
    return visible_to(user).filter(pk=assessment.person.encounter_id).exists()


def may_check_quality(user: User, encounter: Encounter) -> bool:
    """Whether somebody may read an account again for what was missed: never their own."""
    if not may_review_any(user) or encounter.started_by_id == user.pk or not encounter.confirmed_at:
        return False
    return visible_to(user).filter(pk=encounter.pk).exists()


def may_review_retention(user: User) -> bool:
    """Whether somebody reviews how long records are kept, and proposes or approves disposal."""
    return may(user, Permission.REVIEW_RETENTION) and user.force_id is not None


def may_answer_subject_access(user: User) -> bool:
    """Whether somebody gives people a copy of what is held of them."""
    return may(user, Permission.ANSWER_SUBJECT_ACCESS) and user.force_id is not None
