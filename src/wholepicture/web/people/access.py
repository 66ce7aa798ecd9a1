"""Who may see and settle who people are."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import User
from wholepicture.web.people.models import Opening, Person


def may_identify(user: User) -> bool:
    """Whether somebody may say who the people of their encounters are."""
    return may(user, Permission.RECORD_ENCOUNTER) and user.force_id is not None


def may_settle_matches(user: User) -> bool:
    """Whether somebody settles uncertain matches, joins records and takes them apart."""
    return may(user, Permission.SETTLE_MATCHES) and user.force_id is not None


def may_ask(user: User) -> bool:
    """Whether somebody may search for people and open one with a reason."""
    return may(user, Permission.SEARCH_PEOPLE) and user.force_id is not None


def may_restrict(user: User) -> bool:
    """Whether somebody may keep a record to a named list."""
    return may(user, Permission.RESTRICT_PEOPLE) and user.force_id is not None


def may_review_openings(user: User) -> bool:
    """Whether somebody reviews broken glass."""
    return may(user, Permission.REVIEW_OPENINGS) and user.force_id is not None


def on_the_list(user: User, person: Person) -> bool:
    """Whether somebody is on a restricted person's named list."""
    return person.readers.filter(user=user).exists()


def open_to(user: User) -> QuerySet[Opening]:
    """Openings of somebody's that still serve."""
    return Opening.objects.filter(user=user, until__gt=timezone.now())


def closed_to(user: User) -> list[UUID]:
    """The records of restricted people of the force whose list somebody is not on and whom they have not opened, and those joined to them."""
    shut = (
        Person.objects.filter(force_id=user.force_id, restricted=True)
        .exclude(readers__user=user)
        .exclude(pk__in=open_to(user).values("person_id"))
    )
    roots = list(shut.values_list("pk", flat=True))
    return roots + list(Person.objects.filter(into__in=roots).values_list("pk", flat=True)) if roots else []


def known_in_force(user: User) -> QuerySet[Person]:
    """People of somebody's own force. That a person is among them says nothing of whether they may be seen."""
    if not (may_ask(user) or may_identify(user)):
        return Person.objects.none()
    return Person.objects.filter(force_id=user.force_id)


def may_be_told_of(user: User) -> QuerySet[Person]:
    """People of somebody's own force, less the restricted ones that they may not know of."""
    return known_in_force(user).exclude(pk__in=closed_to(user))
