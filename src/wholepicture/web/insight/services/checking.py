"""The health check: opened, answered by several, closed with the product's own figures, and acted on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from wholepicture.core.insight import health
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.insight import access
from wholepicture.web.insight.models import (
    HealthAction,
    HealthAnswer,
    HealthCheck,
    HealthEvidence,
    QuestionSet,
)
from wholepicture.web.insight.selectors.health import figures_of_check
from wholepicture.web.programmes.services.evidencing import keep_file


@transaction.atomic
def install_shipped(force: Force) -> None:
    """Give a force the questions that come with the product, and newer ones where it has made none of its own."""
    text = health.SHIPPED.read_text("utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    held = QuestionSet.objects.filter(force=force)
    if held.exclude(by=None).exists() or held.filter(digest=digest).exists():
        return
    QuestionSet.objects.create(
        force=force, number=held.count() + 1, text=text, digest=digest, note="As it comes with the product"
    )


@transaction.atomic
def publish(*, text: str, note: str, by: User) -> QuestionSet:
    """Publish a new version of the questions. Checks that have begun keep theirs.

    Raises:
        HealthCheckError: the text is no set of questions; says each fault.
        CannotDoError: nothing differs.
    """
    if not access.may_run_check(by) or by.force is None:
        raise PermissionDenied
    text = text.replace("\r\n", "\n").replace("\0", "")
    digest = health.read(text).digest
    Force.objects.select_for_update().get(pk=by.force_id)
    latest = QuestionSet.objects.filter(force=by.force).first()
    if latest and latest.digest == digest:
        raise CannotDoError("Nothing differs from the version in use.")
    made = QuestionSet.objects.create(
        force=by.force,
        number=latest.number + 1 if latest else 1,
        text=text,
        digest=digest,
        note=note.strip(),
        by=by,
    )
    record(by=by, what="health.questions", about=f"questions:{made.pk}", why=made.note)
    return made


def open_check(*, closes_on: date, by: User) -> HealthCheck:
    """Begin a health check with the questions now in use.

    Raises:
        CannotDoError: one is open already, or the day is past.
    """
    if not access.may_run_check(by) or by.force is None:
        raise PermissionDenied
    if closes_on <= timezone.localdate():
        raise CannotDoError("Give a day to come, so that people have time to answer.")
    questions = QuestionSet.objects.filter(force=by.force).first()
    if questions is None:
        raise CannotDoError("The force has no questions yet. Publish some first.")
    try:
        with transaction.atomic():
            made = HealthCheck.objects.create(
                force=by.force, questions=questions, opened_by=by, closes_on=closes_on
            )
            record(by=by, what="health.opened", about=f"health-check:{made.pk}")
            return made
    except IntegrityError:
        raise CannotDoError("A health check is open already. Close it before you begin another.") from None


def _still_open(check: HealthCheck, by: User) -> HealthCheck:
    if check.force_id != by.force_id or not (access.may_answer(by) or access.may_run_check(by)):
        raise PermissionDenied
    held = HealthCheck.objects.select_for_update().get(pk=check.pk)
    if held.closed_at:
        raise CannotDoError(
            f"This health check was closed on {timezone.localtime(held.closed_at):%-d %B %Y}; nothing can be added to it."
        )
    return held


@transaction.atomic
def answer(*, check: HealthCheck, levels: Mapping[str, int | None], by: User) -> None:
    """Answer questions, or answer them otherwise. ``levels``: question to level; None is "I cannot say"."""
    held = _still_open(check, by)
    known = {q.id for q in held.questions.content.questions}
    for question, level in levels.items():
        if question not in known or (level is not None and level not in list(health.Level)):
            raise CannotDoError("Choose one of the levels.")
        HealthAnswer.objects.update_or_create(
            check_of=held, question=question, by=by, defaults={"level": level, "at": timezone.now()}
        )
    record(by=by, what="health.answered", about=f"health-check:{held.pk}")


@transaction.atomic
def add_evidence(
    *, check: HealthCheck, question: str, text: str, file: tuple[str, bytes] | None = None, by: User
) -> HealthEvidence:
    """Say what shows how the force stands with a question, with a file if there is one: its name and content.

    Raises:
        CannotDoError: there is no such question, or the file cannot be taken.
    """
    held = _still_open(check, by)
    if question not in {q.id for q in held.questions.content.questions}:
        raise CannotDoError("There is no such question.")
    kept = keep_file(*file, by) if file else None
    made = HealthEvidence.objects.create(
        check_of=held, question=question, text=text.strip(), document=kept, by=by
    )
    record(by=by, what="health.evidence", about=f"health-check:{held.pk}", why=question)
    return made


@transaction.atomic
def close_check(*, check: HealthCheck, by: User) -> HealthCheck:
    """Close it, with the product's own figures as they stand today."""
    if not access.may_run_check(by):
        raise PermissionDenied
    held = _still_open(check, by)
    if not held.answers.exists():
        raise CannotDoError("Nobody has answered yet, so there is nothing to close.")
    held.figures = figures_of_check(held)
    held.closed_at = timezone.now()
    held.save(update_fields=["figures", "closed_at"])
    record(by=by, what="health.closed", about=f"health-check:{held.pk}")
    return held


@transaction.atomic
def act(*, check: HealthCheck, area: str, what: str, owner: User, due_on: date, by: User) -> HealthAction:
    """Put something in the action plan: what, who, by when."""
    if not access.may_run_check(by) or check.force_id != by.force_id or owner.force_id != by.force_id:
        raise PermissionDenied
    if area not in {a.id for a in check.questions.content.areas}:
        raise CannotDoError("Choose the area that it is for.")
    made = HealthAction.objects.create(
        check_of=check, area=area, what=what.strip(), owner=owner, due_on=due_on, by=by
    )
    record(by=by, what="health.action", about=f"health-check:{check.pk}", why=made.what)
    return made


@transaction.atomic
def finish(*, action: HealthAction, result: str, by: User) -> HealthAction:
    """Say that an action is done, and what came of it."""
    if not access.actions_of(by).filter(pk=action.pk).exists():
        raise PermissionDenied
    held = HealthAction.objects.select_for_update().get(pk=action.pk)
    if held.done_at:
        raise CannotDoError("It is done already.")
    held.done_at, held.result = timezone.now(), result.strip()
    held.save(update_fields=["done_at", "result"])
    record(by=by, what="health.action-done", about=f"health-check:{held.check_of_id}", why=held.result)
    return held
