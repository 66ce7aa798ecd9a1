"""Starting, checking and confirming an account, and answering its questions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from wholepicture.core.contract import observations as observations_of
from wholepicture.core.documents import usable
from wholepicture.core.picture import Why
from wholepicture.core.practice import STATES, State
from wholepicture.core.recognition import Finding, Person, Polarity, Recognised, Time, default_recogniser
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_systems
from wholepicture.web.audit.services import record
from wholepicture.web.encounters.access import may_change, may_record
from wholepicture.web.encounters.models import Encounter, EncounterPerson, FoundInText, RecordedObservation
from wholepicture.web.encounters.services.words import keep_words
from wholepicture.web.errors import CannotDoError


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How police came to know, when it happened (None: now) and where."""

    how: str = Encounter.How.REPORT
    happened_at: datetime | None = None
    place: str = ""


def start_encounter(
    *,
    narrative: str,
    source: str,
    once: uuid.UUID,
    by: User,
    synthetic: bool = False,
    circumstances: Circumstances | None = None,
) -> Encounter:
    """Keep a narrative and recognise what it says. The same one-time key gives the same encounter back.

    Raises:
        UnreadableError: empty or too long a text.
        PermissionDenied: the user's role may not record.
    """
    if not may_record(by):
        raise PermissionDenied
    text = usable(narrative).replace("\r\n", "\n")
    held = Encounter.objects.filter(once=once, started_by=by).first()
    if held:
        return held
    # Read before the transaction: what takes long must not keep others from writing.
    recognised = default_recogniser().recognise(text)
    try:
        with transaction.atomic():
            return _start(text, recognised, source, once, by, synthetic, circumstances or Circumstances())
    except IntegrityError:
        return Encounter.objects.get(once=once, started_by=by)


def _start(
    text: str,
    recognised: Recognised,
    source: str,
    once: uuid.UUID,
    by: User,
    synthetic: bool,
    circumstances: Circumstances,
) -> Encounter:
    catalogue = default_recogniser().catalogue
    encounter = Encounter.objects.create(
        once=once,
        force=by.force,
        started_by=by,
        how=circumstances.how,
        happened_at=circumstances.happened_at or timezone.now(),
        place=circumstances.place.replace("\0", "")[:250],
        source=source.replace("\0", "")[:200],
        narrative=text,
        synthetic=synthetic,
        catalogue_version=catalogue.version,
        catalogue_hash=catalogue.hash,
    )
    people = EncounterPerson.objects.bulk_create(
        EncounterPerson(
            encounter=encounter,
            code=p.id,
            label=p.label[:120],
            role=p.role,
            plural=p.plural,
            main=p.id == recognised.main,
        )
        for p in recognised.people
    )
    by_code = {p.code: p for p in people}
    FoundInText.objects.bulk_create(
        FoundInText(
            encounter=encounter,
            person=by_code.get(f.person or ""),
            concept=f.concept,
            kind=f.kind,
            start=f.start,
            end=f.end,
            polarity=f.polarity,
            time=f.time,
            state=f.state,
            rule=f.rule,
            cues=", ".join(f.cues),
        )
        for f in recognised.findings
    )
    assert by.force_id is not None
    keep_words(by.force_id, text)
    record(by=by, what="encounter.started", about=f"encounter:{encounter.pk}")
    return encounter


@transaction.atomic
def decide_finding(
    *, finding: FoundInText, decision: str, person: EncounterPerson | None = None, by: User
) -> FoundInText:
    """Accept or reject a finding and those that say the same of the same person, or (with ``person``) move them.

    After the account is confirmed, what was recorded from the finding is corrected by later observations.
    """
    encounter = changeable(finding.encounter, by)
    if person is not None and person.encounter_id != encounter.pk:
        raise CannotDoError("That person is not in this account.")
    same = encounter.findings.filter(concept=finding.concept, state=finding.state, person=finding.person)
    changes = {
        "decision": FoundInText.Decision(decision),
        "decided_by": by,
        **({"person": person} if person else {}),
    }
    same.update(**changes)
    finding.refresh_from_db()
    record(
        by=by,
        what=f"finding.{decision}",
        about=f"encounter:{encounter.pk}",
        why=f"{finding.concept} {finding.start}-{finding.end}",
    )
    if encounter.confirmed_at:
        _record_from_findings(encounter, by)
    return finding


@transaction.atomic
def add_finding(
    *, encounter: Encounter, person: EncounterPerson, concept: str, words: str, by: User
) -> FoundInText:
    """Add something the recognition missed, with the words it rests on."""
    changeable(encounter, by)
    known = default_recogniser().catalogue.concepts.get(concept)
    if known is None or known.kind not in STATES:
        raise CannotDoError("Choose what was missed from the list.")
    start = encounter.narrative.find(words.strip()) if words.strip() else -1
    if start < 0:
        raise CannotDoError("Those words are not in the account. Copy them exactly as they stand there.")
    finding = FoundInText.objects.create(
        encounter=encounter,
        person=person,
        concept=concept,
        kind=known.kind,
        start=start,
        end=start + len(words.strip()),
        polarity=Polarity.AFFIRMED,
        time=Time.CURRENT,
        state=STATES[known.kind][0],
        rule="added by the officer",
        decision=FoundInText.Decision.ACCEPTED,
        decided_by=by,
    )
    record(by=by, what="finding.added", about=f"encounter:{encounter.pk}", why=concept)
    if encounter.confirmed_at:
        _record_from_findings(encounter, by)
    return finding


@transaction.atomic
def confirm(*, encounter: Encounter, by: User) -> Encounter:
    """Record what was recognised, less what was rejected. Doing it twice records nothing twice."""
    encounter = changeable(encounter, by)
    if encounter.confirmed_at:
        return encounter
    encounter.findings.filter(decision=FoundInText.Decision.NOT_YET).update(
        decision=FoundInText.Decision.ACCEPTED, decided_by=by
    )
    encounter.confirmed_at = timezone.now()
    encounter.save(update_fields=["confirmed_at"])
    _record_from_findings(encounter, by)
    record(by=by, what="encounter.confirmed", about=f"encounter:{encounter.pk}")
    tell_systems(
        encounter.force_id,
        event="encounter.confirmed",
        about=f"encounter:{encounter.pk}",
        data={"encounter": str(encounter.pk)},
    )
    return encounter


@transaction.atomic
def answer(
    *,
    person: EncounterPerson,
    concept: str,
    state: str,
    by: User,
    why: str = "",
    ends_on: date | None = None,
    words: str = "",
) -> RecordedObservation:
    """Record the answer to a question, or a correction made in the picture."""
    encounter = changeable(person.encounter, by)
    known = default_recogniser().catalogue.concepts.get(concept)
    if known is None or known.kind not in STATES or state not in STATES[known.kind]:
        raise CannotDoError("That answer does not fit the question. Choose one of those offered.")
    now = timezone.now()
    observation = RecordedObservation.objects.create(
        person=person,
        concept=concept,
        state=state,
        why=Why(why) if why else (Why.NOT_ASKED if state == State.NOT_KNOWN else ""),
        evidence=words or "answered",
        rule="answered",
        observer=by,
        observed_at=now,
        ends_on=ends_on,
    )
    record(by=by, what="question.answered", about=f"encounter:{encounter.pk}", why=f"{concept}: {state}")
    return observation


def observe(
    *,
    person: EncounterPerson,
    concept: str,
    state: str,
    words: str,
    told_by: str,
    rule: str,
    by: User,
    ends_on: date | None = None,
) -> RecordedObservation:
    """Record what a partner or a meeting has told, as an observation of the person. Call it in the transaction of what it comes with.

    Whoever calls has asked whether it may be. ``told_by``: who said it; ``by``: who recorded it, or answers for its being here.

    Raises:
        CannotDoError: the concept cannot be in that state.
    """
    known = default_recogniser().catalogue.concepts.get(concept)
    if known is None or known.kind not in STATES or state not in STATES[known.kind]:
        raise CannotDoError("That does not fit. Choose one of those offered.")
    made = RecordedObservation.objects.create(
        person=person,
        concept=concept,
        state=state,
        evidence=words.replace("\0", ""),
        rule=rule,
        told_by=told_by[:250],
        observer=by,
        observed_at=timezone.now(),
        ends_on=ends_on,
    )
    record(
        by=by, what="observation.told", about=f"encounter:{person.encounter_id}", why=f"{concept}: {state}"
    )
    return made


def changeable(encounter: Encounter, by: User) -> Encounter:
    """The encounter, locked for this change, if the user may change it."""
    locked = Encounter.objects.select_for_update().get(pk=encounter.pk)
    if not may_change(by, locked):
        raise PermissionDenied
    return locked


def _record_from_findings(encounter: Encounter, by: User) -> None:
    """Bring the record into step with the findings: new observations, and corrections of those that no longer stand."""
    now = timezone.now()
    people = {p.code: p for p in encounter.people.all()}
    kept = list(encounter.findings.filter(decision=FoundInText.Decision.ACCEPTED).select_related("person"))
    wanted = _wanted(encounter, people, kept, now)
    standing = (
        RecordedObservation.objects.filter(person__encounter=encounter, corrected_by=None)
        .exclude(rule="answered")
        .exclude(rule="withdrawn")
        .filter(told_by="")
    )
    held = {(o.person_id, o.concept, o.state, o.evidence): o for o in standing}
    for key, observation in held.items():
        if key not in wanted:
            RecordedObservation.objects.create(
                person=observation.person,
                concept=observation.concept,
                state=State.NOT_KNOWN,
                why=Why.UNSURE,
                evidence=observation.evidence,
                rule="withdrawn",
                observer=by,
                observed_at=now,
                corrects=observation,
            )
    RecordedObservation.objects.bulk_create(o for key, o in wanted.items() if key not in held)


def _wanted(
    encounter: Encounter, people: dict[str, EncounterPerson], kept: list[FoundInText], now: datetime
) -> dict[tuple[int, str, str, str], RecordedObservation]:
    recogniser = default_recogniser()
    recognised = as_recognised(encounter, list(people.values()), kept)
    wanted: dict[tuple[int, str, str, str], RecordedObservation] = {}
    for code, items in observations_of(
        recogniser.catalogue,
        recognised,
        text=encounter.narrative,
        at=timezone.localtime(encounter.happened_at),
    ).items():
        for item in items:
            person = people[code]
            key = (person.pk, item.concept, item.state.value, item.evidence)
            wanted.setdefault(
                key,
                RecordedObservation(
                    person=person,
                    concept=item.concept,
                    state=item.state,
                    why=item.why or "",
                    evidence=item.evidence,
                    rule=item.rule,
                    observer=encounter.started_by,
                    observed_at=encounter.happened_at,
                    ends_on=item.ends_on,
                ),
            )
    return wanted


def as_recognised(
    encounter: Encounter, people: list[EncounterPerson], findings: list[FoundInText]
) -> Recognised:
    """An encounter's findings as recognition gives them, with the officer's changes."""
    main = next((p.code for p in people if p.main), None)
    concepts = default_recogniser().catalogue.concepts
    return Recognised(
        tuple(Person(p.code, p.label, p.role, (), p.plural) for p in people),
        tuple(
            Finding(
                concept=f.concept,
                kind=concepts[f.concept].kind,
                start=f.start,
                end=f.end,
                text=encounter.narrative[f.start : f.end],
                polarity=Polarity(f.polarity),
                time=Time(f.time),
                person=f.person.code if f.person else None,
                state=State(f.state),
                rule=f.rule,
            )
            for f in findings
            if f.concept in concepts
        ),
        main,
    )
