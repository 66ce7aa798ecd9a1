"""Every change to who people are: one function a use case, one transaction, audited where it happens."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.identity import Details, search_keys
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.people import access
from wholepicture.web.people.models import Detail, Join, NamedReader, Opening, Person, SearchKey
from wholepicture.web.people.selectors import details_of, root_of

OPEN_FOR = timedelta(hours=2)


@transaction.atomic
def make_person(*, details: Details, by: User) -> Person:
    """Keep somebody not known before."""
    if not access.may_identify(by):
        raise PermissionDenied
    person = Person.objects.create(force=by.force, made_by=by)
    _add(person, details, by)
    record(by=by, what="person.made", about=f"person:{person.pk}")
    return person


@transaction.atomic
def add_details(*, person: Person, details: Details, by: User) -> None:
    """Add what is said of somebody now to what was said before; what is known already is not added again."""
    if not access.may_identify(by) or person.force_id != by.force_id:
        raise PermissionDenied
    _add(person, details, by)
    record(by=by, what="person.details-added", about=f"person:{person.pk}")


def _add(person: Person, details: Details, by: User) -> None:
    held = set(person.details.values_list("kind", "value"))
    names = {" / ".join((g, f)) for g in details.given or ("",) for f in details.family or ("",)} - {" / "}
    given = [
        *((Detail.Kind.NAME.value, name) for name in sorted(names)),
        *((Detail.Kind.BORN.value, born.isoformat()) for born in details.born),
        *((Detail.Kind.PHONE.value, phone) for phone in details.phones),
        *((Detail.Kind.ADDRESS.value, address) for address in details.addresses),
    ]
    Detail.objects.bulk_create(
        Detail(person=person, kind=kind, value=value[:250], said_by=by)
        for kind, value in dict.fromkeys(given)
        if (kind, value[:250]) not in held
    )
    SearchKey.objects.bulk_create(
        (
            SearchKey(force_id=person.force_id, key=key[:120], person=person)
            for key in search_keys(details_of([person])[person.pk])
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def join(*, kept: Person, other: Person, why: str, by: User) -> Join:
    """Say that two records are of one person. Both stay; ``other`` is shown as ``kept`` until it is undone."""
    if not access.may_settle_matches(by) or {kept.force_id, other.force_id} != {by.force_id}:
        raise PermissionDenied
    if {kept.pk, other.pk} & set(access.closed_to(by)):
        raise PermissionDenied
    if not why.strip():
        raise CannotDoError("Say why they are the same person.")
    locked = {p.pk: p for p in Person.objects.select_for_update().filter(pk__in=(kept.pk, other.pk))}
    kept, other = root_of(locked[kept.pk]), locked[other.pk]
    if other.into_id or kept.pk == other.pk:
        raise CannotDoError("These records are joined already.")
    other.into = kept
    other.save(update_fields=["into"])
    # Whoever was joined to the other before now stands under the one kept: one step is always enough.
    Person.objects.filter(into=other).update(into=kept)
    done = Join.objects.create(kept=kept, other=other, by=by, why=why.strip())
    record(by=by, what="person.joined", about=f"person:{kept.pk}", why=f"{other.pk}: {why.strip()}")
    return done


@transaction.atomic
def undo_join(*, done: Join, why: str, by: User) -> None:
    """Take two records apart again, as they were."""
    if not access.may_settle_matches(by) or done.kept.force_id != by.force_id:
        raise PermissionDenied
    if {done.kept_id, done.other_id} & set(access.closed_to(by)):
        raise PermissionDenied
    if done.undone_at:
        raise CannotDoError("These records have been taken apart already.")
    if not why.strip():
        raise CannotDoError("Say why they are different people.")
    other = Person.objects.select_for_update().get(pk=done.other_id)
    other.into = None
    other.save(update_fields=["into"])
    under = Join.objects.filter(kept=other, undone_at=None).values_list("other_id", flat=True)
    Person.objects.filter(pk__in=list(under)).update(into=other)
    done.undone_by, done.undone_at, done.undone_why = by, timezone.now(), why.strip()
    done.save(update_fields=["undone_by", "undone_at", "undone_why"])
    record(by=by, what="person.taken-apart", about=f"person:{done.kept_id}", why=f"{other.pk}: {why.strip()}")


@transaction.atomic
def open_person(*, person: Person, why: str, by: User) -> Opening:
    """State why one needs to see somebody; it serves for two hours. For a restricted person this breaks the glass."""
    if not access.may_ask(by) or person.force_id != by.force_id:
        raise PermissionDenied
    if len(why.strip()) < 10:
        raise CannotDoError(
            "Say in a few words why you need to see this person: it is kept and may be reviewed."
        )
    broke = person.restricted and not access.on_the_list(by, person)
    opening = Opening.objects.create(
        person=person, user=by, until=timezone.now() + OPEN_FOR, why=why.strip(), broke_glass=broke
    )
    what = "person.glass-broken" if broke else "person.opened"
    record(by=by, what=what, about=f"person:{person.pk}", why=why.strip())
    if broke:
        tell_people(
            [r.user for r in person.readers.exclude(user=by).select_related("user")],
            about=f"person:{person.pk}",
            subject="A restricted record was opened in an emergency",
            text="Somebody who is not on its list has opened a restricted record that you are on the list of. "
            "Sign in to see who, and why. It is to be reviewed within 72 hours.",
        )
    return opening


@transaction.atomic
def review_opening(*, opening: Opening, review: str, by: User) -> None:
    """Say whether breaking the glass was right. Nobody reviews their own."""
    if (
        not access.may_review_openings(by)
        or opening.person.force_id != by.force_id
        or opening.user_id == by.pk
    ):
        raise PermissionDenied
    if not review.strip():
        raise CannotDoError("Say what you found.")
    opening.reviewed_by, opening.reviewed_at, opening.review = by, timezone.now(), review.strip()
    opening.save(update_fields=["reviewed_by", "reviewed_at", "review"])
    record(by=by, what="person.opening-reviewed", about=f"person:{opening.person_id}", why=review.strip())


@transaction.atomic
def restrict(*, person: Person, readers: list[User], why: str, by: User) -> None:
    """Keep somebody's record to a named list of people."""
    if not access.may_restrict(by) or person.force_id != by.force_id:
        raise PermissionDenied
    if not why.strip():
        raise CannotDoError("Say why the record is to be restricted.")
    person.restricted = True
    person.save(update_fields=["restricted"])
    NamedReader.objects.bulk_create(
        (NamedReader(person=person, user=u) for u in {by, *readers}), ignore_conflicts=True
    )
    record(by=by, what="person.restricted", about=f"person:{person.pk}", why=why.strip())
