"""Reads of one account: what it says, and the picture of each person in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.shortcuts import get_object_or_404
from django.utils import timezone

from wholepicture.core.picture import Observation, Picture, Why, draw
from wholepicture.core.practice import Concept, State
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.access import visible_to
from wholepicture.web.encounters.models import Encounter, EncounterPerson, FoundInText, RecordedObservation


def encounter_for(user: User, pk: UUID) -> Encounter:
    """An encounter somebody may see; anything else is not found."""
    return get_object_or_404(visible_to(user).select_related("started_by"), pk=pk)


def recent(user: User, most: int = 30) -> list[Encounter]:
    """Encounters somebody may see, latest first, with how many people each has."""
    people = (
        EncounterPerson.objects.filter(encounter=OuterRef("pk"))
        .order_by()
        .values("encounter")
        .annotate(count=Count("pk"))
    )
    return list(
        visible_to(user)
        .select_related("started_by")
        .annotate(people_count=Subquery(people.values("count")))
        .order_by("-started_at")[:most]
    )


def picture_of(
    person: EncounterPerson, *, at: datetime | None = None, known_at: datetime | None = None
) -> Picture:
    """The picture of one person from what is recorded."""
    items = [as_observed(o) for o in person.observations.select_related("observer")]
    return draw(default_recogniser().catalogue, items, at=at or now_for(items), known_at=known_at)


def now_for(items: Iterable[Observation]) -> datetime:
    """Now; or, where the clock was ahead when something was recorded and has been set back since, the moment of that.

    Otherwise what was recorded would be out of sight until the clock came by again.
    """
    return max([timezone.now(), *(m for o in items for m in (o.observed_at, o.recorded_at))])


def as_observed(o: RecordedObservation) -> Observation:
    """A recorded observation as the picture takes it."""
    return Observation(
        id=str(o.pk),
        person=str(o.person_id),
        concept=o.concept,
        state=State(o.state),
        observed_at=o.observed_at,
        recorded_at=o.recorded_at,
        evidence=o.evidence,
        observer=o.told_by or str(o.observer),
        rule=o.rule,
        why=Why(o.why) if o.why else None,
        ends_on=o.ends_on,
        corrects=str(o.corrects_id) if o.corrects_id else None,
    )


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of the narrative: plain, or marked by one or more findings."""

    text: str
    findings: tuple[FoundInText, ...] = ()

    @property
    def first(self) -> FoundInText | None:
        """The finding that gives the run its look."""
        return self.findings[0] if self.findings else None


def segments(encounter: Encounter, findings: list[FoundInText]) -> list[Segment]:
    """The narrative cut where findings start and end; overlapping findings share a run."""
    cuts = sorted({0, len(encounter.narrative), *(f.start for f in findings), *(f.end for f in findings)})
    ordered = sorted(findings, key=lambda f: (f.start, f.end))
    found: list[Segment] = []
    active: list[FoundInText] = []
    upcoming = iter(ordered)
    following = next(upcoming, None)
    for left, right in pairwise(cuts):
        while following is not None and following.start <= left:
            active.append(following)
            following = next(upcoming, None)
        active = [f for f in active if f.end > left]
        text = encounter.narrative[left:right]
        # A space alone is nothing to follow a link from.
        marks = sorted(active, key=lambda f: f.end - f.start) if text.strip() else []
        found.append(Segment(text, tuple(marks)))
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with what a person needs to see of it."""

    finding: FoundInText
    concept: Concept
    words: tuple[str, ...]
    findings: tuple[FoundInText, ...]

    @property
    def note(self) -> str:
        """What the words around it do, said plainly."""
        notes = {
            "negated": "said not to be so",
            "denied": "denied: what was said, not what is known",
            "uncertain": "not certain",
            "historical": "in the past",
            "hypothetical": "only if something happens",
            "feared": "threatened or feared",
            "future": "expected",
        }
        return "; ".join(notes[k] for k in (self.finding.polarity, self.finding.time) if k in notes)

    @property
    def rule(self) -> str:
        """The wording of the rule that found it."""
        return self.finding.rule.partition(".")[2] or self.finding.rule


def shown(encounter: Encounter, findings: list[FoundInText]) -> list[Shown]:
    """Findings by concept, state and decision, each with all the words it rests on.

    Those whose concept the catalogue no longer has are left out.
    """
    concepts = default_recogniser().catalogue.concepts
    grouped: dict[tuple[str, str, str], list[FoundInText]] = {}
    for finding in findings:
        if finding.concept in concepts:
            grouped.setdefault((finding.concept, finding.state, finding.decision), []).append(finding)
    return [
        Shown(
            items[0],
            concepts[items[0].concept],
            tuple(dict.fromkeys(encounter.narrative[f.start : f.end] for f in items)),
            tuple(items),
        )
        for items in grouped.values()
    ]
