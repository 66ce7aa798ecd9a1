"""Assessments, their review, and the dip sample of recording."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from wholepicture.core.picture import Grade, Head, PathwayState, disagreement, worst
from wholepicture.core.practice import STATES, Kind
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people, tell_systems
from wholepicture.web.audit.services import record
from wholepicture.web.encounters import access
from wholepicture.web.encounters.models import (
    Assessment,
    AssessmentReview,
    Encounter,
    EncounterPerson,
    Missed,
    QualityCheck,
)
from wholepicture.web.encounters.selectors.account import picture_of
from wholepicture.web.encounters.services.recording import CannotDoError

_SHOWN = (PathwayState.OPEN, PathwayState.UNGUARDED, PathwayState.GUARDED)


def sign_assessment(
    *,
    person: EncounterPerson,
    once: uuid.UUID,
    grade: str,
    heads: Mapping[str, str],
    actions: Sequence[str] = (),
    reason: str = "",
    by: User,
) -> Assessment:
    """Sign a judgement on somebody's picture as it is now. The same one-time key gives the same assessment back.

    Raises:
        CannotDoError: no rationale at all, or an action the catalogue does not know.
    """
    if not access.may_assess(by, person.encounter):
        raise PermissionDenied
    held = Assessment.objects.filter(once=once, by=by).first()
    if held:
        return held
    try:
        with transaction.atomic():
            return _sign(person, once, Grade(grade), heads, actions, reason, by)
    except IntegrityError:
        return Assessment.objects.get(once=once, by=by)


def _sign(
    person: EncounterPerson,
    once: uuid.UUID,
    grade: Grade,
    heads: Mapping[str, str],
    actions: Sequence[str],
    reason: str,
    by: User,
) -> Assessment:
    if not any(text.strip() for text in heads.values()):
        raise CannotDoError("Write your reasons under at least one of the six heads.")
    catalogue = default_recogniser().catalogue
    unknown = [
        a for a in actions if a not in catalogue.concepts or catalogue.concepts[a].kind is not Kind.ACTION
    ]
    if unknown:
        raise CannotDoError("Choose the actions from the list.")
    Encounter.objects.select_for_update().get(pk=person.encounter_id)
    picture = picture_of(person)
    previous = person.assessments.filter(followed_by=None).first()
    signed = Assessment.objects.create(
        once=once,
        person=person,
        by=by,
        at=timezone.now(),
        grade=grade,
        **{head.value: heads.get(head.value, "").strip() for head in Head},
        actions=list(dict.fromkeys(actions)),
        pathways={r.pathway.id: r.state.value for r in picture.by_state(*_SHOWN)},
        worst=worst(catalogue, picture),
        differs=disagreement(catalogue, picture, grade),
        reason=reason.strip(),
        previous=previous,
        force_id=person.encounter.force_id,
    )
    if previous:
        _no_longer_waits(previous)
    record(
        by=by,
        what="assessment.signed",
        about=f"encounter:{person.encounter_id}",
        why=f"{person.code}: {grade}",
    )
    tell_systems(
        person.encounter.force_id,
        event="assessment.signed",
        about=f"encounter:{person.encounter_id}",
        data={"encounter": str(person.encounter_id), "person": person.code},
    )
    return signed


@transaction.atomic
def review_assessment(*, assessment: Assessment, outcome: str, comment: str, by: User) -> AssessmentReview:
    """Agree with an assessment, or return it with a comment. Nobody reviews their own."""
    if not access.may_review(by, assessment):
        raise PermissionDenied
    if outcome not in AssessmentReview.Outcome.values:
        raise CannotDoError("Choose whether you agree or return it.")
    if outcome == AssessmentReview.Outcome.RETURNED and not comment.strip():
        raise CannotDoError("Say what should be looked at again, so that it can be.")
    locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if AssessmentReview.objects.filter(assessment=locked).exists():
        raise CannotDoError("This assessment has been reviewed already.")
    done = AssessmentReview.objects.create(assessment=locked, by=by, outcome=outcome, comment=comment.strip())
    _no_longer_waits(locked)
    record(
        by=by,
        what=f"assessment.{outcome}",
        about=f"encounter:{assessment.person.encounter_id}",
        why=comment.strip(),
    )
    if outcome == AssessmentReview.Outcome.RETURNED:
        tell_people(
            [assessment.by],
            about=f"encounter:{assessment.person.encounter_id}",
            subject="An assessment came back to you",
            text="An assessment that you signed has come back with a comment. Sign in to see it: it is on your first page.",
        )
    return done


def _no_longer_waits(assessment: Assessment) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(waiting=False)


def check_quality(
    *, encounter: Encounter, once: uuid.UUID, missed: Sequence[tuple[str, str]], comment: str, by: User
) -> QualityCheck:
    """Say what an account says that nobody recorded: (concept, words) pairs, none if nothing was missed."""
    if not access.may_check_quality(by, encounter):
        raise PermissionDenied
    catalogue = default_recogniser().catalogue
    for concept, words in missed:
        if concept not in catalogue.concepts or catalogue.concepts[concept].kind not in STATES:
            raise CannotDoError("Choose what was missed from the list.")
        if not words.strip() or words.strip() not in encounter.narrative:
            raise CannotDoError(
                f"“{words.strip()}” is not in the account. Copy the words exactly as they stand there."
            )
    try:
        with transaction.atomic():
            check = QualityCheck.objects.create(
                once=once, encounter=encounter, by=by, comment=comment.strip()
            )
            Missed.objects.bulk_create(
                Missed(check_made=check, concept=concept, words=words.strip()) for concept, words in missed
            )
            record(
                by=by,
                what="encounter.quality-checked",
                about=f"encounter:{encounter.pk}",
                why=f"{len(missed)} missed",
            )
            return check
    except IntegrityError:
        return QualityCheck.objects.get(encounter=encounter)
