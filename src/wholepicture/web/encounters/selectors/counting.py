"""Counts of a force's accounts, for who looks at the force and not at people. Every function gives the query that it asks, to be shown beside the figure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from wholepicture.core.picture import read_together
from wholepicture.core.practice import Kind, load_default
from wholepicture.web.encounters.models import (
    Assessment,
    AssessmentReview,
    Encounter,
    EncounterPerson,
    Missed,
    QualityCheck,
    RecordedObservation,
)
from wholepicture.web.encounters.selectors.account import now_for
from wholepicture.web.encounters.selectors.history import NOT_HARMED, report_of

SEEN = ("present", "suffered", "threatened")
MOST_DRAWN = 2_000
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Scope:
    """Which accounts: of a force, that happened after one moment and up to another, of one team's officers or all."""

    force_id: int
    since: datetime
    until: datetime
    team_id: int | None = None

    def within(self, of: str = "") -> Q:
        """It as a condition; ``of`` is the way to the account, such as "encounter__"."""
        found = Q(
            (f"{of}force_id", self.force_id),
            (f"{of}confirmed_at__isnull", False),
            (f"{of}happened_at__gt", self.since),
            (f"{of}happened_at__lte", self.until),
        )
        return found & Q((f"{of}started_by__team_id", self.team_id)) if self.team_id else found


def accounts(scope: Scope) -> QuerySet[Encounter]:
    """The confirmed accounts of a scope."""
    return Encounter.objects.filter(scope.within()).order_by()


def recorded(scope: Scope) -> QuerySet[RecordedObservation]:
    """What was recorded as there in those accounts, and not put right since."""
    return RecordedObservation.objects.filter(
        scope.within("person__encounter__"), state__in=SEEN, corrected_by=None
    ).order_by()


@dataclass(frozen=True, slots=True)
class Seen:
    """Accounts by strand and by month, and what was recorded of each person, of them and of their situation (nobody is named)."""

    strands: dict[str, int]
    by_month: dict[str, int]
    people: list[frozenset[str]]


def seen_in(scope: Scope) -> Seen:
    """What was recorded: by strand in how many accounts, and what together of one person."""
    concepts = load_default().concepts
    of_account: dict[UUID, set[str]] = defaultdict(set)
    people: dict[object, set[str]] = defaultdict(set)
    rows = recorded(scope).values_list(
        "concept",
        "person__encounter_id",
        "person_id",
        "person__identity_id",
        "person__identity__into_id",
    )
    for concept, encounter, appearance, identity, into in rows.iterator(chunk_size=5_000):
        if concept in concepts:
            of_account[encounter].add(concept)
            if concepts[concept].kind in (Kind.FACTOR, Kind.FEATURE):
                people[into or identity or appearance].add(concept)
    strands = Counter(s for seen in of_account.values() for s in strands_of(seen))
    months: Counter[str] = Counter(
        f"{at:%Y-%m}"
        for at in accounts(scope).values_list("happened_at", flat=True).iterator(chunk_size=5_000)
    )
    return Seen(dict(strands), dict(months), [frozenset(p) for p in people.values()])


def strands_of(seen: set[str]) -> set[str]:
    """The strands of an account, by what was recorded in it: those to which something belongs alone, and those to which most belongs.

    Most things belong to several strands (violence, isolation), so that belonging alone would say little.
    """
    concepts = load_default().concepts
    counts: Counter[str] = Counter()
    found = set()
    for concept in seen:
        own = [s for s in concepts[concept].strands if s != "anyone"]
        counts.update(own)
        if len(own) == 1:
            found.update(own)
    most = max(counts.values(), default=0)
    leading = {s for s, n in counts.items() if n == most} if most > 1 else set()
    return found | leading


def appearances(scope: Scope) -> QuerySet[EncounterPerson]:
    """People of those accounts who are known, but for suspects."""
    found = EncounterPerson.objects.filter(scope.within("encounter__"), identity__isnull=False)
    return found.exclude(role__in=NOT_HARMED).order_by()


@dataclass(frozen=True, slots=True)
class Repeated:
    """Known people, how many of them are in two accounts or three and more, and of how many no account alone shows what all do.

    ``drawn``: how many were looked at for the last.
    """

    people: int
    twice: int
    oftener: int
    hidden: int
    drawn: int


def repeated(scope: Scope) -> Repeated:
    """Who comes up again, as counts."""
    times: dict[UUID, set[UUID]] = defaultdict(set)
    rows = appearances(scope).values_list("identity_id", "identity__into_id", "encounter_id")
    for identity, into, encounter in rows.iterator(chunk_size=5_000):
        times[into or identity].add(encounter)
    again = sorted((p for p, e in times.items() if len(e) > 1), key=lambda p: (-len(times[p]), str(p)))
    drawn = again[:MOST_DRAWN]
    return Repeated(
        len(times),
        sum(len(times[p]) == 2 for p in again),
        sum(len(times[p]) > 2 for p in again),
        sum(_only_together(drawn, scope.until)),
        len(drawn),
    )


def _only_together(people: list[UUID], at: datetime) -> Iterator[bool]:
    """For each person, whether their accounts show together what none shows alone."""
    catalogue = load_default()
    left = iter(people)
    while some := list(islice(left, _AT_ONCE)):
        of: dict[UUID, list[EncounterPerson]] = defaultdict(list)
        found = (
            EncounterPerson.objects.filter(Q(identity__in=some) | Q(identity__into__in=some))
            .filter(encounter__confirmed_at__isnull=False)
            .select_related("encounter", "identity")
            .prefetch_related(
                Prefetch("observations", RecordedObservation.objects.select_related("observer"))
            )
        )
        for appearance in found:
            assert appearance.identity is not None
            of[appearance.identity.into_id or appearance.identity.pk].append(appearance)
        for person in some:
            reports = [report_of(a) for a in of[person]]
            moment = max([at, now_for(o for r in reports for o in r.observations)])
            yield bool(read_together(catalogue, reports, at=moment)[1].only_together)


def assessed(scope: Scope) -> QuerySet[Assessment]:
    """First assessments of people of those accounts."""
    return Assessment.objects.filter(scope.within("person__encounter__"), previous=None).order_by()


def hours_to_assess(scope: Scope) -> list[float]:
    """Hours from when an account was confirmed to the first assessment of somebody in it."""
    rows = assessed(scope).values_list("person__encounter__confirmed_at", "at")
    return [max(0.0, (at - confirmed).total_seconds() / 3_600) for confirmed, at in rows if confirmed]


def reviewed(scope: Scope) -> QuerySet[AssessmentReview]:
    """Reviews of those assessments."""
    return AssessmentReview.objects.filter(assessment__in=assessed(scope)).order_by()


def hours_to_review(scope: Scope) -> list[float]:
    """Hours from an assessment to its review."""
    return [
        (at - made).total_seconds() / 3_600
        for made, at in reviewed(scope).values_list("assessment__at", "at")
    ]


def waiting(scope: Scope) -> list[datetime]:
    """Since when assessments wait for a review, oldest first."""
    found = Assessment.objects.filter(force_id=scope.force_id, waiting=True, review=None)
    if scope.team_id:
        found = found.filter(by__team_id=scope.team_id)
    return list(found.order_by("at").values_list("at", flat=True))


@dataclass(frozen=True, slots=True)
class Chance:
    """One thing that an account said, looked at in a dip sample: whether it was missed, when, by whose team, how long they have been here."""

    concept: str
    missed: bool
    at: datetime
    team: str
    joined: datetime


def checks(scope: Scope) -> QuerySet[QualityCheck]:
    """Dip samples made in a scope's time, of accounts of its team."""
    found = QualityCheck.objects.filter(
        encounter__force_id=scope.force_id, at__gt=scope.since, at__lte=scope.until
    ).order_by()
    return found.filter(encounter__started_by__team_id=scope.team_id) if scope.team_id else found


def chances(scope: Scope) -> list[Chance]:
    """Everything that dip samples found in accounts: what was recorded and what was missed. No account and no officer is told."""
    made = {
        c.encounter_id: c
        for c in checks(scope).select_related("encounter__started_by__team").defer("encounter__narrative")
    }
    missed = set(
        Missed.objects.filter(check_made__in=[c.pk for c in made.values()]).values_list(
            "check_made__encounter_id", "concept"
        )
    )
    there = set(
        RecordedObservation.objects.filter(person__encounter__in=made, corrected_by=None)
        .exclude(state="not_known")
        .values_list("person__encounter_id", "concept")
    )
    found = []
    for encounter, concept in missed | there:
        check = made[encounter]
        by = check.encounter.started_by
        found.append(
            Chance(
                concept,
                (encounter, concept) in missed,
                check.at,
                by.team.name if by.team else "no team",
                by.date_joined,
            )
        )
    return found


def exposure(scope: Scope, by_id: int) -> dict[str, int]:
    """How many accounts of each grave kind one officer recorded, for that officer alone."""
    catalogue = load_default()
    rows = (
        recorded(scope)
        .filter(person__encounter__started_by_id=by_id)
        .values_list("concept", "person__encounter_id")
        .distinct()
    )
    found: dict[str, set[UUID]] = defaultdict(set)
    for concept, encounter in rows:
        for strand in catalogue.concepts[concept].strands if concept in catalogue.concepts else ():
            found[strand].add(encounter)
    return {s: len(e) for s, e in found.items()}


def exposed(scope: Scope, strands: frozenset[str]) -> dict[str, Counter[int]]:
    """By team, how many accounts of grave kinds each officer recorded: the number of accounts to the number of officers."""
    concepts = [c.id for c in load_default().concepts.values() if strands & set(c.strands)]
    rows = (
        recorded(scope)
        .filter(concept__in=concepts)
        .values_list(
            "person__encounter__started_by_id",
            "person__encounter__started_by__team__name",
            "person__encounter_id",
        )
        .distinct()
    )
    of: dict[tuple[int, str], set[UUID]] = defaultdict(set)
    for officer, team, encounter in rows:
        of[officer, team or "no team"].add(encounter)
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for (_, team), encounters in of.items():
        found[team][len(encounters)] += 1
    return found
