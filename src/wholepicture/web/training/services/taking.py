"""A learner's way through a course: begin, read, answer, complete, refresh."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from wholepicture.core.days import months_after
from wholepicture.core.learning import ItemKind
from wholepicture.web.accounts.models import User
from wholepicture.web.audit.services import record
from wholepicture.web.training.access import courses_of, may_learn
from wholepicture.web.training.models import Certificate, CheckAnswer, Course, Enrolment, StepDone
from wholepicture.web.training.services.courses import CannotDoError
from wholepicture.web.training.services.lms import send_completion
from wholepicture.web.training.services.xapi import tell_completed


def begin(*, course: Course, by: User) -> Enrolment:
    """Begin a course, or go on with it. Taken again when it is to be refreshed, in the version of that day.

    Raises:
        CannotDoError: another course has to be completed first.
    """
    if not may_learn(by) or not courses_of(by).filter(pk=course.pk).exists():
        raise PermissionDenied
    last = Enrolment.objects.filter(learner=by, course=course).order_by("-round").first()
    if last is not None and not refresh_due(last):
        return last
    version = course.latest
    _prerequisites(version.content.prerequisites, by)
    try:
        with transaction.atomic():
            made = Enrolment.objects.create(
                learner=by, course=course, version=version, round=last.round + 1 if last else 1
            )
            record(by=by, what="training.begun", about=f"course:{course.pk}")
            return made
    except IntegrityError:  # begun in two windows at once
        return Enrolment.objects.filter(learner=by, course=course).order_by("-round")[0]


def refresh_due(enrolment: Enrolment) -> bool:
    """Whether a completed course is to be taken again."""
    certificate = Certificate.objects.filter(enrolment=enrolment).first()
    return bool(
        certificate
        and certificate.refresh_by
        and timezone.localdate() >= certificate.refresh_by - timedelta(days=30)
    )


def _prerequisites(slugs: tuple[str, ...], by: User) -> None:
    done = set(
        Certificate.objects.filter(enrolment__learner=by).values_list("enrolment__course__slug", flat=True)
    )
    missing = [s for s in slugs if s not in done]
    if missing:
        titles = Course.objects.filter(force_id=by.force_id, slug__in=missing).values_list("title", flat=True)
        raise CannotDoError(f"Complete {', '.join(titles) or ', '.join(missing)} first.")


@transaction.atomic
def done_step(*, enrolment: Enrolment, item: str) -> None:
    """Note that a step is done, once; and the course, when it was the last."""
    if enrolment.version.content.item(item) is None:
        return
    StepDone.objects.get_or_create(enrolment=enrolment, item=item)
    _complete(enrolment)


@transaction.atomic
def read_step(*, enrolment: Enrolment, item: str, by: User) -> None:
    """Note that a reading was read."""
    found = enrolment.version.content.item(item)
    if enrolment.learner_id != by.pk or found is None or found.kind is not ItemKind.READING:
        raise PermissionDenied
    done_step(enrolment=enrolment, item=item)


@transaction.atomic
def answer_check(
    *, enrolment: Enrolment, item: str, answers: dict[str, frozenset[int]], by: User
) -> list[CheckAnswer]:
    """Answer a check. The first answers count in the figures; it may be answered again for practice.

    Raises:
        CannotDoError: a question has no answer.
    """
    if enrolment.learner_id != by.pk:
        raise PermissionDenied
    questions = enrolment.version.content.checks[item]
    for question in questions:
        if not answers.get(question.id):
            raise CannotDoError(f"Choose an answer to “{question.text}”")
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    first = not CheckAnswer.objects.filter(enrolment=enrolment, item=item).exists()
    made = CheckAnswer.objects.bulk_create(
        CheckAnswer(
            enrolment=enrolment,
            item=item,
            question=q.id,
            chosen=sorted(answers[q.id]),
            right=q.right(answers[q.id]),
            first=first,
        )
        for q in questions
    )
    done_step(enrolment=enrolment, item=item)
    return made


def _complete(enrolment: Enrolment) -> None:
    """Complete the course and give its certificate, once all that does not open later is done."""
    enrolment = (
        Enrolment.objects.select_for_update().select_related("version", "learner").get(pk=enrolment.pk)
    )
    content = enrolment.version.content
    done = set(enrolment.steps.values_list("item", flat=True))
    if enrolment.completed_at or not {i.id for i in content.first_part} <= done:
        return
    enrolment.completed_at = timezone.now()
    enrolment.save(update_fields=["completed_at"])
    Certificate.objects.create(
        enrolment=enrolment,
        name=str(enrolment.learner),
        title=content.title,
        version=enrolment.version.number,
        refresh_by=months_after(timezone.localdate(), content.refresh_months)
        if content.refresh_months
        else None,
    )
    record(by=enrolment.learner, what="training.completed", about=f"course:{enrolment.course_id}")
    send_completion(enrolment)
    tell_completed(enrolment)
