"""Reads of a person over time: every encounter they were in, the cumulative picture, who else is there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q

from wholepicture.core.identity import Details, Match, compare
from wholepicture.core.picture import Learnt, Pattern, Picture, Report, learnt_since, read_together
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.access import may_settle, visible_to
from wholepicture.web.encounters.models import (
    Encounter,
    EncounterPerson,
    Identification,
    RecordedObservation,
)
from wholepicture.web.encounters.selectors.account import as_observed, now_for, picture_of
from wholepicture.web.people import access as people_access
from wholepicture.web.people import selectors as people
from wholepicture.web.people.models import Person

NOT_HARMED = ("suspect", "other")


def said_of(person: EncounterPerson) -> Details:
    """What an encounter says of who somebody is."""
    return Details(
        (person.given,) if person.given else (),
        (person.family,) if person.family else (),
        (person.born,) if person.born else (),
        (person.phone,) if person.phone else (),
        (person.address,) if person.address else (),
    )


def matches_for(person: EncounterPerson, said: Details, user: User) -> list[people.Candidate]:
    """People known who may be this one, less those of whom "not them" was said last."""
    left_out = [known for _, known in _said_not_them([person])]
    return people.matches(said, user=user, leave_out=left_out, by_run=_known_by_run(person))


def _said_not_them(those: Iterable[EncounterPerson]) -> set[tuple[int, UUID]]:
    """Of whom it was said last that they are not a person known, and of which."""
    said = Identification.objects.filter(person__in=list(those), known__isnull=False)
    last = {(p, k): words for p, k, words in said.values_list("person_id", "known_id", "said") if k}
    return {pair for pair, words in last.items() if words == Identification.Said.NOT_THEM}


def _known_by_run(person: EncounterPerson) -> list[UUID]:
    """The records of those whom a bulk run takes to be this one."""
    if person.taken_for is None:
        return []
    same = EncounterPerson.objects.filter(
        taken_for=person.taken_for, encounter__force=person.encounter.force, identity__isnull=False
    )
    return list(same.values_list("identity_id", flat=True))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Somebody of another account whom a bulk run takes to be this one, and how alike what is said of them is.

    ``open``: nobody has said yet who they are, or that they are not this one, and the reader may say so.
    """

    person: EncounterPerson
    match: Match
    open: bool


def taken_for_the_same(person: EncounterPerson, user: User) -> list[Elsewhere]:
    """Those of other accounts whom a bulk run takes to be this one, as far as the user may read the accounts; the latest first."""
    if person.taken_for is None:
        return []
    others = (
        EncounterPerson.objects.filter(taken_for=person.taken_for, encounter__in=visible_to(user))
        .exclude(pk=person.pk)
        .select_related("encounter__started_by")
        .order_by("-encounter__happened_at", "pk")
    )
    root = person.identity and people.root_of(person.identity)
    # A restricted record gives nothing away, not even what agrees with it.
    readable = root is not None and root.pk not in people_access.closed_to(user)
    known = people.details_of([root])[root.pk] if root and readable else said_of(person)
    refused = {p for p, k in _said_not_them(others) if root and k == root.pk}
    return [
        Elsewhere(
            o,
            compare(said_of(o), known),
            not o.identity_id and o.pk not in refused and may_settle(user, o.encounter),
        )
        for o in others
    ]


def people_to_settle(encounter: Encounter) -> list[EncounterPerson]:
    """The single people of an encounter, with their records."""
    return list(encounter.people.filter(plural=False).select_related("identity__into"))


def left_open(user: User) -> list[EncounterPerson]:
    """Matches left open for a records specialist, oldest first."""
    return list(
        EncounterPerson.objects.filter(left_open_at__isnull=False, encounter__in=visible_to(user))
        .select_related("encounter__started_by")
        .order_by("left_open_at")
    )


@dataclass(frozen=True, slots=True)
class Appearance:
    """Somebody in one encounter. ``readable``: the reader may open the account itself."""

    person: EncounterPerson
    encounter: Encounter
    seen: tuple[str, ...]
    readable: bool


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody else of the same encounters, or of the same address. ``person`` is None where nobody said who they are."""

    label: str
    roles: tuple[str, ...]
    together: int
    person: Person | None
    same_address: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """Everything held of somebody, drawn at a moment as known at a moment; ``learnt`` is what was not known then."""

    person: Person
    details: Details
    name: str
    picture: Picture
    pattern: Pattern
    appearances: tuple[Appearance, ...]
    companions: tuple[Companion, ...]
    household: Pattern | None
    known_at: datetime | None
    learnt: Learnt | None


def history_of(person: Person, *, user: User, known_at: datetime | None = None) -> History:
    """The record of a person (the one now used) for somebody who may see it."""
    catalogue = default_recogniser().catalogue
    appearances = _appearances([person, *person.joined.all()])
    reports = [report_of(a) for a in appearances]
    now = now_for(o for r in reports for o in r.observations)
    now = max([now, *(r.recorded_at for r in reports)])
    moment = min(known_at, now) if known_at else now
    picture, pattern = read_together(catalogue, reports, at=moment, known_at=moment)
    learnt = None
    if known_at:
        learnt = learnt_since(picture, read_together(catalogue, reports, at=now)[0])
    details = people.details_of([person])[person.pk]
    companions = _companions(person, appearances, details)
    return History(
        person,
        details,
        people.name_of(details),
        picture,
        pattern,
        _told(appearances, user, moment),
        companions,
        _household(person, companions, reports, moment),
        known_at,
        learnt,
    )


def cumulative(appearance: EncounterPerson) -> Picture:
    """The picture of somebody from everything recorded of them: of this account alone where nobody has said who they are."""
    if appearance.identity is None:
        return picture_of(appearance)
    root = people.root_of(appearance.identity)
    reports = [report_of(a) for a in _appearances([root, *root.joined.all()])]
    now = now_for(o for r in reports for o in r.observations)
    now = max([now, *(r.recorded_at for r in reports)])
    return read_together(default_recogniser().catalogue, reports, at=now)[0]


def key_of(appearance: EncounterPerson) -> str:
    """What somebody is told apart by: the record now used for them, or this appearance alone."""
    if appearance.identity is None:
        return f"a{appearance.pk}"
    return str(people.root_of(appearance.identity).pk)


def _appearances(records: Iterable[Person]) -> list[EncounterPerson]:
    return list(
        EncounterPerson.objects.filter(identity__in=records, encounter__confirmed_at__isnull=False)
        .select_related("encounter__started_by")
        .prefetch_related(
            Prefetch("observations", RecordedObservation.objects.select_related("observer")),
        )
        .order_by("encounter__happened_at", "id")
    )


def report_of(appearance: EncounterPerson) -> Report:
    encounter = appearance.encounter
    assert encounter.confirmed_at
    return Report(
        str(encounter.pk),
        encounter.happened_at,
        encounter.confirmed_at,
        tuple(as_observed(o) for o in appearance.observations.all()),
        appearance.role not in NOT_HARMED,
    )


def _told(appearances: list[EncounterPerson], user: User, moment: datetime) -> tuple[Appearance, ...]:
    """The timeline as known at a moment, latest first, each with what was seen of the person."""
    catalogue = default_recogniser().catalogue
    kept = [a for a in appearances if a.encounter.confirmed_at and a.encounter.confirmed_at <= moment]
    readable = set(
        visible_to(user).order_by().filter(pk__in=[a.encounter_id for a in kept]).values_list("pk", flat=True)
    )
    return tuple(
        Appearance(
            a,
            a.encounter,
            tuple(
                dict.fromkeys(
                    catalogue.concepts[o.concept].name
                    for o in a.observations.all()
                    if o.concept in catalogue.concepts
                    and o.state in ("present", "suffered", "threatened", "failed")
                )
            ),
            a.encounter_id in readable,
        )
        for a in reversed(kept)
    )


def _companions(
    person: Person, appearances: list[EncounterPerson], details: Details
) -> tuple[Companion, ...]:
    """Who else is in the same encounters, or at the same address, most often first."""
    others = (
        EncounterPerson.objects.filter(encounter__in=[a.encounter_id for a in appearances])
        .exclude(pk__in=[a.pk for a in appearances])
        .select_related("identity__into")
    )
    times: Counter[tuple[UUID | None, str]] = Counter()
    roles: dict[tuple[UUID | None, str], dict[str, None]] = defaultdict(dict)
    records: dict[UUID, Person] = {}
    for other in others:
        record = people.root_of(other.identity) if other.identity else None
        if record:
            records[record.pk] = record
        key = (record.pk, "") if record else (None, other.label.casefold())
        times[key] += 1
        roles[key][other.role] = None
    near = _at_the_same_address(person, details)
    records |= {p.pk: p for p in near}
    # A restricted person is not given away here.
    shown = {pk: p for pk, p in records.items() if not p.restricted and pk != person.pk}
    names = people.details_of(shown.values())
    found = [
        Companion(
            people.name_of(names[pk]) if pk else label,
            tuple(roles[(pk, label)]),
            count,
            shown.get(pk) if pk else None,
            pk in {p.pk for p in near},
        )
        for (pk, label), count in times.most_common()
        if pk is None or pk in shown
    ]
    met = {pk for pk, _ in times}
    found += [
        Companion(people.name_of(names[p.pk]), (), 0, p, True)
        for p in near
        if p.pk not in met and p.pk in shown
    ]
    return tuple(found)


def _at_the_same_address(person: Person, details: Details) -> list[Person]:
    keys = [k for k in people.keys_of(Details(addresses=details.addresses)) if any(c.isdigit() for c in k)]
    sharing = Person.objects.filter(force_id=person.force_id, keys__key__in=keys).select_related("into")
    return list(
        {
            people.root_of(p).pk: people.root_of(p) for p in sharing if people.root_of(p).pk != person.pk
        }.values()
    )


def _household(
    person: Person, companions: Iterable[Companion], own: list[Report], moment: datetime
) -> Pattern | None:
    """The reports of everybody at the same address read together, if they are more than the person's own."""
    home = [c.person for c in companions if c.same_address and c.person and "suspect" not in c.roles]
    if not home:
        return None
    records = Person.objects.filter(Q(pk__in=[p.pk for p in home]) | Q(into__in=home))
    reports = {r.id: r for r in own}
    for appearance in _appearances(records):
        reports.setdefault(str(appearance.encounter_id), report_of(appearance))
    if len(reports) == len(own):
        return None
    return read_together(default_recogniser().catalogue, reports.values(), at=moment, known_at=moment)[1]
