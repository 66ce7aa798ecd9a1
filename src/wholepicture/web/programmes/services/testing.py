"""The knowledge test: where its line is, and sitting it."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.measurement import angoff
from wholepicture.core.programmes.specification import Method
from wholepicture.web.accounts.models import User
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.programmes.access import may_set_line, may_verify
from wholepicture.web.programmes.models import CutScore, Evidence, Judged, Place, Sitting, Study, Version
from wholepicture.web.programmes.services.evidencing import locked, open_place

ROUNDS = 2
LEAST_JUDGES = 3
MOST_SITTINGS = 2


@transaction.atomic
def open_study(*, version: Version, by: User) -> Study:
    """Begin to set the line of a version's test.

    Raises:
        CannotDoError: it has no test, or a study is open.
    """
    if not may_verify(by) or version.programme.force_id != by.force_id:
        raise PermissionDenied
    version = Version.objects.select_for_update().get(pk=version.pk)
    if not version.content.test:
        raise CannotDoError("This version has no knowledge test. Propose a version that has one.")
    if version.studies.filter(closed_at=None).exists():
        raise CannotDoError("Judges are at work on it already.")
    made = Study.objects.create(version=version, by=by)
    record(by=by, what="line.begun", about=f"programme:{version.programme_id}", why=str(version))
    return made


@transaction.atomic
def judge_questions(*, study: Study, shares: dict[str, int], by: User) -> Judged:
    """A judge says of each question how many of a hundred who are just competent would have it right. Once a round.

    Raises:
        CannotDoError: the round is over, a question is left out, or they have judged it.
    """
    study = (
        Study.objects.select_for_update(of=("self",)).select_related("version__programme").get(pk=study.pk)
    )
    if not may_set_line(by) or study.version.programme.force_id != by.force_id:
        raise PermissionDenied
    if study.closed_at:
        raise CannotDoError("The line has been set. It cannot be judged any more.")
    if study.judged.filter(judge=by, round=study.round).exists():
        raise CannotDoError("You have judged this round. Wait for the next.")
    if study.round > 1 and not study.judged.filter(judge=by, round=1).exists():
        raise CannotDoError("The second round is for those who judged in the first.")
    wanted = [q.asked.id for q in study.version.content.test]
    missing = [q for q in wanted if q not in shares]
    if missing or any(not 0 <= s <= 100 for s in shares.values()):
        raise CannotDoError(
            f"Give a number from 0 to 100 for each question{': ' + ', '.join(missing) if missing else ''}."
        )
    made = Judged.objects.create(
        study=study, judge=by, round=study.round, shares={q: shares[q] / 100 for q in wanted}
    )
    record(
        by=by, what="line.judged", about=f"programme:{study.version.programme_id}", why=f"round {study.round}"
    )
    return made


@transaction.atomic
def next_round(*, study: Study, by: User) -> Study:
    """End the first round, so that judges see each other's means and judge again.

    Raises:
        CannotDoError: too few have judged, or there is no round after this.
    """
    study = (
        Study.objects.select_for_update(of=("self",)).select_related("version__programme").get(pk=study.pk)
    )
    if not may_verify(by) or study.version.programme.force_id != by.force_id:
        raise PermissionDenied
    if study.closed_at or study.round >= ROUNDS:
        raise CannotDoError("There is no round after this one. Set the line.")
    _enough(study)
    study.round += 1
    study.save(update_fields=["round"])
    record(
        by=by, what="line.round", about=f"programme:{study.version.programme_id}", why=f"round {study.round}"
    )
    return study


def _enough(study: Study) -> None:
    judges = study.judged.filter(round=study.round).count()
    if judges < LEAST_JUDGES:
        raise CannotDoError(
            f"{judges} {'has' if judges == 1 else 'have'} judged this round. At least {LEAST_JUDGES} must."
        )


@transaction.atomic
def set_line(*, study: Study, why: str, by: User) -> CutScore:
    """Set the line where the judges' last round has it. Who sat before keeps the line that they were judged by.

    Raises:
        CannotDoError: too few have judged the last round, it is set already, or no reason is given.
    """
    study = (
        Study.objects.select_for_update(of=("self",)).select_related("version__programme").get(pk=study.pk)
    )
    if not may_verify(by) or study.version.programme.force_id != by.force_id:
        raise PermissionDenied
    if study.closed_at:
        raise CannotDoError("The line has been set already.")
    if study.round < ROUNDS:
        raise CannotDoError("The judges must have seen each other's means first. Begin the second round.")
    _enough(study)
    if not why.strip():
        raise CannotDoError("Say what the judges agreed on. A line is enough.")
    found = angoff({str(j.judge_id): j.shares for j in study.judged.filter(round=study.round)})
    if found is None:
        raise CannotDoError("Nobody has judged.")
    made = CutScore.objects.create(
        version=study.version,
        study=study,
        score=found.score,
        error=found.error,
        judges=found.judges,
        needed=found.needed,
        of=len(found.questions),
        why=why.strip(),
        by=by,
    )
    study.closed_at = timezone.now()
    study.save(update_fields=["closed_at"])
    record(by=by, what="line.set", about=f"programme:{study.version.programme_id}", why=f"{made}: {why}")
    return made


def may_sit(place: Place) -> bool:
    """Whether somebody may begin the test now."""
    sat = list(place.sittings.select_related("cut"))
    return (
        place.state == Place.State.JOINED
        and place.cohort.version.cut_scores.exists()
        and len(sat) < MOST_SITTINGS
        and not any(s.passed for s in sat)
    )


@transaction.atomic
def begin_test(*, place: Place, by: User) -> Sitting:
    """Begin the test, or go on with the one begun.

    Raises:
        CannotDoError: there is no test or no line yet, it is passed, or it was sat as often as it may be.
    """
    place = locked(place.pk)
    if by.pk != place.learner_id:
        raise PermissionDenied
    under_way = place.sittings.filter(handed_in_at=None).first()
    if under_way:
        return under_way
    open_place(place)
    version = place.cohort.version
    if not version.content.test:
        raise CannotDoError("This programme has no knowledge test.")
    cut = version.cut_scores.first()
    if cut is None:
        raise CannotDoError(
            "The line of this test has not been set. Internal quality assurance sets it first."
        )
    sat = list(place.sittings.select_related("cut"))
    if any(s.passed for s in sat):
        raise CannotDoError("You have passed the test.")
    if len(sat) >= MOST_SITTINGS:
        raise CannotDoError(f"You have sat the test {len(sat)} times. Speak with whoever runs the cohort.")
    made = Sitting.objects.create(place=place, cut=cut, number=len(sat) + 1)
    record(by=by, what="test.begun", about=f"place:{place.pk}", why=f"sitting {made.number}")
    return made


@transaction.atomic
def hand_in_test(*, sitting: Sitting, answers: dict[str, list[int]], by: User) -> Sitting:
    """Hand the test in. ``answers``: the options chosen, by question, as the specification numbers them.

    Raises:
        CannotDoError: a question is not answered, or it was handed in before.
    """
    place = locked(sitting.place_id)
    sitting = Sitting.objects.select_for_update(of=("self",)).select_related("cut").get(pk=sitting.pk)
    if by.pk != place.learner_id:
        raise PermissionDenied
    if sitting.handed_in_at:
        raise CannotDoError("You have handed it in already.")
    test = place.cohort.content.test
    missing = [n for n, q in enumerate(test, 1) if not answers.get(q.asked.id)]
    if missing:
        raise CannotDoError(f"Not answered yet: question {', '.join(map(str, missing))}.")
    sitting.answers = {q.asked.id: answers[q.asked.id] for q in test}
    sitting.right = {
        q.asked.id: set(answers[q.asked.id]) == {n for n, o in enumerate(q.asked.options) if o.right}
        for q in test
    }
    sitting.handed_in_at = timezone.now()
    sitting.save(update_fields=["answers", "right", "handed_in_at"])
    record(
        by=by, what="test.handed-in", about=f"place:{place.pk}", why=f"{sitting.score} of {sitting.cut.of}"
    )
    criteria = [c.id for c in place.cohort.content.criteria if Method.TEST in c.methods]
    if sitting.passed and criteria:
        Evidence.objects.create(
            place=place,
            kind=Method.TEST.value,
            title="Knowledge test",
            text=f"Passed with {sitting.score} of {sitting.cut.of}; {sitting.cut.needed} were needed.",
            happened_on=timezone.localdate(),
            criteria=criteria,
            by=by,
            once=uuid.uuid4(),
        )
    return sitting
