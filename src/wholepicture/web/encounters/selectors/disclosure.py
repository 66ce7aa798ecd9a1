"""What is held of somebody, drawn up to be given to them, with everybody else blocked out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from wholepicture.core.identity import Details
from wholepicture.core.practice import Catalogue
from wholepicture.core.recognition import default_recogniser
from wholepicture.core.redaction import Blocked, blocked_out, merged, of_words, proposed
from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.access import visible_to
from wholepicture.web.encounters.beyond import held_of
from wholepicture.web.encounters.models import Assessment, Encounter, EncounterPerson
from wholepicture.web.encounters.selectors.history import said_of
from wholepicture.web.encounters.selectors.retention import appearances_of
from wholepicture.web.people import selectors as people
from wholepicture.web.people.models import Person


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a narrative as it is looked over: kept, or to be blocked out."""

    text: str
    blocked: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One account as it is given. ``withheld``: why it is left out, or None."""

    encounter: Encounter
    roles: tuple[str, ...]
    parts: tuple[Part, ...]
    given: str
    recorded: tuple[str, ...]
    assessed: tuple[tuple[date, str, str], ...]
    beyond: tuple[tuple[date, str, str], ...]
    withheld: str | None


@dataclass(frozen=True, slots=True)
class Copy:
    """Everything given to somebody of themselves. ``not_seen``: accounts the preparer may not see, so somebody else must add."""

    person: Person
    name: str
    details: Details
    accounts: tuple[Told, ...]
    not_seen: int
    digest: str

    @property
    def given(self) -> tuple[Told, ...]:
        """The accounts that are in it."""
        return tuple(a for a in self.accounts if a.withheld is None)


def copy_of(
    person: Person, user: User, *, block: Iterable[str], leave: Iterable[str], withheld: Mapping[UUID, str]
) -> Copy:
    """Draw up the copy of a person's record (the one now used)."""
    catalogue = default_recogniser().catalogue
    details = people.details_of([person])[person.pk]
    appearances = list(appearances_of(person).order_by("encounter__happened_at", "pk"))
    readable = set(
        visible_to(user)
        .filter(pk__in=[a.encounter_id for a in appearances])
        .order_by()
        .values_list("pk", flat=True)
    )
    by_account: dict[UUID, list[EncounterPerson]] = {}
    for appearance in appearances:
        if appearance.encounter_id in readable:
            by_account.setdefault(appearance.encounter_id, []).append(appearance)
    told = tuple(
        _told(catalogue, own, details, tuple(block), {w.casefold() for w in leave}, withheld.get(pk))
        for pk, own in by_account.items()
    )
    not_seen = len({a.encounter_id for a in appearances} - readable)
    given = [(a.given, a.roles, a.recorded, a.assessed, a.beyond) for a in told if a.withheld is None]
    digest = hashlib.sha256(repr((details, given)).encode()).hexdigest()
    return Copy(person, people.name_of(details), details, told, not_seen, digest)


def _told(
    catalogue: Catalogue,
    own: list[EncounterPerson],
    details: Details,
    block: tuple[str, ...],
    leave: set[str],
    withheld: str | None,
) -> Told:
    encounter = own[0].encounter
    text = encounter.narrative
    rest = list(encounter.people.exclude(pk__in=[p.pk for p in own]).select_related("identity"))
    known = people.details_of([p.identity for p in rest if p.identity])
    others = [*(said_of(p) for p in rest), *known.values()]
    labels = {"own_labels": [p.label for p in own], "other_labels": [p.label for p in rest]}
    spans = [
        b
        for b in proposed(text, own=details, others=others, **labels)
        if text[b.start : b.end].casefold() not in leave
    ]
    spans = merged([*spans, *of_words(text, block)])

    def safe(words: str) -> str:
        found = proposed(
            words, own=details, others=[*others, Details(given=tuple(_blocked_words(text, spans)))], **labels
        )
        return blocked_out(words, [*found, *of_words(words, block)])

    return Told(
        encounter,
        tuple(dict.fromkeys(p.role for p in own)),
        tuple(_parts(text, spans)),
        blocked_out(text, spans),
        tuple(dict.fromkeys(_recorded(catalogue, own))),
        tuple(_assessed(own, safe)),
        tuple((h.on, safe(h.what), safe(h.words)) for p in own for h in held_of(p)),
        withheld,
    )


def _blocked_words(text: str, spans: list[Blocked]) -> Iterable[str]:
    return {text[b.start : b.end] for b in spans}


def _recorded(catalogue: Catalogue, own: list[EncounterPerson]) -> Iterable[str]:
    for person in own:
        for o in person.observations.filter(corrected_by=None).exclude(rule="withdrawn"):
            if o.concept in catalogue.concepts:
                yield f"{catalogue.concepts[o.concept].name}: {o.state.replace('_', ' ')}"


def _assessed(own: list[EncounterPerson], safe: Callable[[str], str]) -> Iterable[tuple[date, str, str]]:
    for signed in Assessment.objects.filter(person__in=own).order_by("at"):
        written = (
            signed.threat,
            signed.harm,
            signed.risk,
            signed.investigation,
            signed.vulnerability,
            signed.engagement,
        )
        text = " ".join(t for t in written if t)
        yield timezone.localdate(signed.at), signed.get_grade_display(), safe(text)


def _parts(text: str, spans: list[Blocked]) -> Iterable[Part]:
    at = 0
    for span in spans:
        if span.start > at:
            yield Part(text[at : span.start], False)
        yield Part(text[span.start : span.end], True)
        at = span.end
    if at < len(text):
        yield Part(text[at:], False)
