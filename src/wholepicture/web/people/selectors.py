"""Reads of who people are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count

from wholepicture.core.identity import Details, Match, compare, rank, search_keys
from wholepicture.web.accounts.models import User
from wholepicture.web.people.models import Detail, Person, SearchKey

MOST_COMPARED = 60


def root_of(person: Person) -> Person:
    """The record now used for a person."""
    return person.into or person


def together(person: Person) -> list[Person]:
    """A person's record and every one joined to it."""
    return [person, *person.joined.all()]


def details_of(people: Iterable[Person]) -> dict[UUID, Details]:
    """What is known of each of these people, what was joined to them included."""
    roots = {p.pk: p.into_id or p.pk for p in people}
    wanted = set(roots.values())
    joined = Person.objects.filter(into_id__in=wanted).values_list("pk", "into_id")
    roots |= dict(joined) | {pk: pk for pk in wanted}
    found: dict[UUID, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for pk, kind, value in (
        Detail.objects.filter(person_id__in=roots)
        .order_by("-said_at", "-id")
        .values_list("person_id", "kind", "value")
    ):
        if value not in found[roots[pk]][kind]:
            found[roots[pk]][kind].append(value)
    return {pk: _details(found[root]) for pk, root in roots.items()}


def _details(kinds: dict[str, list[str]]) -> Details:
    names = [value.partition(" / ")[::2] for value in kinds[Detail.Kind.NAME]]
    return Details(
        tuple(dict.fromkeys(g for g, _ in names if g)),
        tuple(dict.fromkeys(f for _, f in names if f)),
        tuple(date.fromisoformat(v) for v in kinds[Detail.Kind.BORN]),
        tuple(kinds[Detail.Kind.PHONE]),
        tuple(kinds[Detail.Kind.ADDRESS]),
    )


def name_of(details: Details) -> str:
    """A person's latest name as it is shown."""
    return " ".join(part for part in (*details.given[:1], *details.family[:1]) if part) or "Name not known"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody known who may be the one described, and why. A restricted one gives nothing away.

    ``by_run``: a bulk run takes them to be one person, however alike they are.
    """

    person: Person
    details: Details
    match: Match
    by_run: bool = False

    @property
    def name(self) -> str:
        """Their latest name."""
        return name_of(self.details)


def matches(
    said: Details, *, user: User, leave_out: Iterable[UUID] = (), by_run: Iterable[UUID] = (), most: int = 5
) -> list[Candidate]:
    """People of the user's force who may be the one described, best first, each with why.

    Looks only at those who share a key, most keys first, and at those whom a bulk run takes for the same (``by_run``), who come
    first. Restricted people are not offered.
    """
    keys = search_keys(said)
    taken = set(by_run)
    if not (keys or taken) or user.force_id is None:
        return []
    shared = (
        SearchKey.objects.filter(force_id=user.force_id, key__in=keys)
        .values("person_id")
        .annotate(shared=Count("id"))
        .order_by("-shared")
        .values_list("person_id", flat=True)[:MOST_COMPARED]
    )
    found = Person.objects.filter(force_id=user.force_id, pk__in=[*shared, *taken]).select_related("into")
    roots = {root_of(p).pk: root_of(p) for p in found}
    kept = {pk: p for pk, p in roots.items() if not p.restricted and pk not in set(leave_out)}
    details = details_of(kept.values())
    first = {root_of(p).pk for p in found if p.pk in taken} & kept.keys()
    ranked = rank(said, {pk: details[pk] for pk in kept if pk not in first}, most=most)
    return [
        *(Candidate(kept[pk], details[pk], compare(said, details[pk]), by_run=True) for pk in sorted(first)),
        *(Candidate(kept[pk], details[pk], match) for pk, match in ranked),
    ]


def keys_of(details: Details) -> list[str]:
    """The keys under which people of these details are found."""
    return sorted(search_keys(details))
