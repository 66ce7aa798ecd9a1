"""Keeping records no longer than is right: review, hold, and disposal by two people that leaves only the fact of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wholepicture.core.picture import Head
from wholepicture.core.redaction import BLOCK
from wholepicture.core.retention import review_due
from wholepicture.web.accounts.models import User
from wholepicture.web.audit.services import record
from wholepicture.web.encounters import access
from wholepicture.web.encounters.models import (
    Assessment,
    AssessmentReview,
    Disposal,
    Encounter,
    EncounterPerson,
    Identification,
    Missed,
    QualityCheck,
    RecordedObservation,
    Retention,
    RetentionDecision,
)
from wholepicture.web.encounters.selectors.retention import appearances_of, last_contact, may_go_from, rules
from wholepicture.web.encounters.services.recording import CannotDoError
from wholepicture.web.encounters.services.words import drop_words
from wholepicture.web.people.models import Join, Opening, Person
from wholepicture.web.people.selectors import details_of, together

Decision = RetentionDecision.Decision
# How apps above destroy what is theirs of somebody in an account.
FORGET: list[Callable[[EncounterPerson], object]] = []


def keep_due(person: Person) -> Retention:
    """Bring the day of somebody's next review into step with what has been recorded of them."""
    kept, _ = Retention.objects.get_or_create(
        person=person, defaults={"force_id": person.force_id, "due": timezone.localdate()}
    )
    due = review_due(rules().of(kept.group), last_contact=last_contact(person), last_review=kept.reviewed_on)
    if due != kept.due:
        kept.due = due
        kept.save(update_fields=["due"])
    return kept


@transaction.atomic
def decide_retention(*, person: Person, decision: str, group: str, why: str, by: User) -> None:
    """Group a record and keep it, hold it, end its hold, or propose to dispose of it; each with the reason.

    Raises:
        CannotDoError: no reason, an unknown group, a hold in the way, or too early to dispose of.
    """
    kept = _locked(person, by)
    if group not in rules().groups:
        raise CannotDoError("Choose the retention group that holds.")
    if len(why.strip()) < 10:
        raise CannotDoError("Say why in a few words: every decision on keeping a record is kept itself.")
    if decision not in (Decision.KEPT, Decision.HELD, Decision.RELEASED, Decision.PROPOSED):
        raise CannotDoError("Choose what is to be done with the record.")
    kept.group = group
    if decision == Decision.KEPT:
        kept.reviewed_on = timezone.localdate()
        kept.proposed_by = kept.proposed_at = None
    elif decision == Decision.HELD:
        kept.hold = why.strip()
        kept.proposed_by = kept.proposed_at = None
    elif decision == Decision.RELEASED:
        kept.hold = ""
    else:
        _may_go(person, kept)
        kept.proposed_by, kept.proposed_at, kept.proposed_why = by, timezone.now(), why.strip()
    kept.save()
    _note(person, decision, kept.group, why, by)
    record(by=by, what=f"retention.{decision}", about=f"person:{person.pk}", why=f"{group}: {why.strip()}")
    keep_due(person)


@transaction.atomic
def answer_proposal(*, person: Person, approve: bool, why: str, by: User) -> Disposal | None:
    """Approve a disposal somebody else proposed, which then happens at once, or refuse it. Never one's own proposal."""
    kept = _locked(person, by)
    if kept.proposed_by is None:
        raise CannotDoError("Nobody has proposed to dispose of this record.")
    if kept.proposed_by_id == by.pk:
        raise PermissionDenied
    if len(why.strip()) < 10:
        raise CannotDoError("Say why in a few words: it stays when the record is gone.")
    if not approve:
        kept.proposed_by = kept.proposed_at = None
        kept.reviewed_on = timezone.localdate()
        kept.save()
        _note(person, Decision.REFUSED, kept.group, why, by)
        record(by=by, what="retention.refused", about=f"person:{person.pk}", why=why.strip())
        keep_due(person)
        return None
    _may_go(person, kept)
    return _dispose(person, kept, why.strip(), by)


def _locked(person: Person, by: User) -> Retention:
    if not access.may_review_retention(by) or access.seeing(by, person) is not access.Seeing.OPEN:
        raise PermissionDenied
    keep_due(person)
    return Retention.objects.select_for_update().get(person=person)


def _may_go(person: Person, kept: Retention) -> None:
    if kept.hold:
        raise CannotDoError(f"The record is on hold: {kept.hold} End the hold first, if it no longer stands.")
    earliest = may_go_from(person, kept.group)
    if earliest is None:
        raise CannotDoError(
            "Records of this group are kept to an age, and the date of birth is not known. Add it to the record first."
        )
    if earliest > timezone.localdate():
        raise CannotDoError(
            f"A record of this group may not be disposed of before {earliest.day} {earliest:%B %Y}."
        )


def _note(person: Person, decision: str, group: str, why: str, by: User) -> None:
    RetentionDecision.objects.create(
        record_number=person.pk,
        force_id=person.force_id,
        by=by,
        decision=decision,
        group=group,
        why=why.strip(),
    )


def _dispose(person: Person, kept: Retention, why: str, by: User) -> Disposal:
    """Destroy a record and what was recorded of the person in accounts; accounts nobody else known is in go whole."""
    records = together(person)
    names = details_of([person])[person.pk]
    appearances = list(appearances_of(person))
    whole, shared = _sorted(appearances, {p.pk for p in records})
    digest = hashlib.sha256()
    counts = {
        "details": sum(r.details.count() for r in records),
        "accounts": len(whole),
        "accounts of others cut": len(shared),
        "observations": RecordedObservation.objects.filter(person__in=appearances).count(),
    }
    for rows in _everything(records, appearances, whole):
        digest.update(json.dumps(list(rows.values()), cls=DjangoJSONEncoder, sort_keys=True).encode())
    words = {w for n in (*names.given, *names.family) for w in [n, *n.split()] if len(w) > 1}
    for appearance in shared:
        _cut_out(
            appearance, words | {appearance.given, appearance.family, appearance.phone, appearance.address}
        )
    for encounter in Encounter.objects.filter(pk__in=whole):
        _destroy(encounter)
    Identification.objects.filter(known__in=records).delete()
    Opening.objects.filter(person__in=records).delete()
    Join.objects.filter(Q(kept__in=records) | Q(other__in=records)).delete()
    _note(person, Decision.DISPOSED, kept.group, why, by)
    done = Disposal.objects.create(
        record_number=person.pk,
        force_id=person.force_id,
        group=kept.group,
        proposed_by=kept.proposed_by,
        approved_by=by,
        why=f"{kept.proposed_why}\n{why}",
        destroyed=counts,
        digest=digest.hexdigest(),
    )
    Person.objects.filter(into=person).delete()
    Person.objects.filter(pk=person.pk).delete()
    record(by=by, what="retention.disposed", about=f"person:{done.record_number}", why=why)
    return done


def _sorted(
    appearances: Iterable[EncounterPerson], own: set[UUID]
) -> tuple[list[UUID], list[EncounterPerson]]:
    """Accounts to destroy whole, and appearances to cut out of accounts that somebody else known is in."""
    whole, shared = [], []
    for appearance in appearances:
        others = EncounterPerson.objects.filter(
            encounter=appearance.encounter_id, identity__isnull=False
        ).exclude(identity__in=own)
        if others.exists():
            shared.append(appearance)
        else:
            whole.append(appearance.encounter_id)
    return sorted(set(whole)), shared


def _everything(
    records: list[Person], appearances: list[EncounterPerson], whole: list[UUID]
) -> Iterable[QuerySet[Any]]:
    yield Person.objects.filter(pk__in=[r.pk for r in records]).order_by("pk")
    for record_ in records:
        yield record_.details.order_by("pk")
    yield Encounter.objects.filter(pk__in=whole).order_by("pk")
    yield EncounterPerson.objects.filter(pk__in=[a.pk for a in appearances]).order_by("pk")
    yield RecordedObservation.objects.filter(person__in=appearances).order_by("pk")
    yield Assessment.objects.filter(person__in=appearances).order_by("pk")


def _cut_out(appearance: EncounterPerson, words: set[str]) -> None:
    """Take one person out of an account that is kept for others. Their names there become blocks of the same length,
    so that what was marked in it still stands in its place; so do they in what was written and recorded of the others."""
    _forget(appearance)
    encounter = appearance.encounter
    before = encounter.narrative
    encounter.people.filter(pk=appearance.pk).update(
        label="somebody no longer held",
        given="",
        family="",
        born=None,
        phone="",
        address="",
        identity=None,
        left_open_at=None,
        taken_for=None,
    )
    people = encounter.people.all()
    _block_in(Encounter.objects.filter(pk=encounter.pk), ("narrative", "source", "place"), words)
    _block_in(people, ("label",), words)
    _block_in(RecordedObservation.objects.filter(person__in=people), ("evidence",), words)
    signed = Assessment.objects.filter(person__in=people)
    _block_in(signed, (*(head.value for head in Head), "reason"), words)
    _block_in(AssessmentReview.objects.filter(assessment__in=signed), ("comment",), words)
    _block_in(QualityCheck.objects.filter(encounter=encounter), ("comment",), words)
    _block_in(Missed.objects.filter(check_made__encounter=encounter), ("words",), words)
    drop_words(encounter.force_id, before)


def _block_in(rows: QuerySet[Any], fields: Iterable[str], words: set[str]) -> None:
    """Block words in some fields of rows that are otherwise never changed: a record of nobody may not name them."""
    for row in rows.order_by("pk").values("pk", *fields):
        changed = {}
        for field in fields:
            text = row[field]
            for word in sorted(filter(None, words), key=len, reverse=True):
                text = _blocks(text, word)
            if text != row[field]:
                changed[field] = text
        if changed:
            rows.model.objects.filter(pk=row["pk"]).update(**changed)


def _blocks(text: str, word: str) -> str:
    at, plain, sought = 0, text.casefold(), word.casefold()
    if len(plain) != len(text):  # a letter that folds into two: match it as it stands
        plain, sought = text, word
    while (at := plain.find(sought, at)) >= 0:
        end = at + len(word)
        if not plain[at - 1 : at].isalnum() and not plain[end : end + 1].isalnum():
            text = text[:at] + BLOCK * len(word) + text[end:]
        at = end
    return text


def _forget(appearance: EncounterPerson) -> None:
    for forget in FORGET:
        forget(appearance)
    signed = Assessment.objects.filter(person=appearance)
    AssessmentReview.objects.filter(assessment__in=signed).delete()
    # A later assessment points at the one before it, so the last goes first.
    for assessment in signed.order_by("-id"):
        Assessment.objects.filter(pk=assessment.pk).delete()
    for observation in RecordedObservation.objects.filter(person=appearance).order_by("-recorded_at", "-id"):
        _delete_corrections_first(observation)
    # What was moved to somebody else keeps its observation, without the words' place.
    RecordedObservation.objects.filter(finding__person=appearance).update(finding=None)
    appearance.findings.all().delete()
    appearance.identifications.all().delete()


def _delete_corrections_first(observation: RecordedObservation) -> None:
    for later in observation.corrected_by.all():
        _delete_corrections_first(later)
    RecordedObservation.objects.filter(pk=observation.pk).delete()


def _destroy(encounter: Encounter) -> None:
    for appearance in encounter.people.all():
        _forget(appearance)
    Missed.objects.filter(check_made__encounter=encounter).delete()
    QualityCheck.objects.filter(encounter=encounter).delete()
    encounter.findings.all().delete()
    encounter.delete()
    drop_words(encounter.force_id, encounter.narrative)
