"""Quality assurance from outside: what a reviewer is shown, what they find, and what is held until it is put right."""

from __future__ import annotations

import secrets
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.measurement.assurance import sampling_plan
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.programmes.access import may_open_review, may_review_outside, may_run, may_verify
from wholepicture.web.programmes.models import Cohort, ExternalReview, ReviewAction, Reviewed
from wholepicture.web.programmes.services.sampling import drawable, standing_decisions

MORE = 5


@transaction.atomic
def open_review(*, cohort: Cohort, reviewer: User, by: User) -> ExternalReview:
    """Ask somebody from outside to review a cohort, and draw what they look at.

    Raises:
        CannotDoError: nothing has been decided, or they are reviewing it.
    """
    if not may_open_review(by) or cohort.version.programme.force_id != by.force_id:
        raise PermissionDenied
    if reviewer.force_id != by.force_id or reviewer.role != Role.EXTERNAL_QUALITY:
        raise PermissionDenied
    if cohort.reviews.filter(closed_at=None).exists():
        raise CannotDoError("A review of this cohort is under way.")
    seed = secrets.token_hex(6)
    decisions = standing_decisions(cohort)
    plan = sampling_plan(drawable(cohort, decisions), seed=seed, verifier=str(reviewer.pk))
    if not plan.drawn:
        raise CannotDoError("Nothing of this cohort has been decided yet. There is nothing to review.")
    made = ExternalReview.objects.create(cohort=cohort, reviewer=reviewer, seed=seed, by=by)
    Reviewed.objects.bulk_create(
        Reviewed(review=made, decision_id=int(d.decision.id), reasons=list(d.reasons)) for d in plan.drawn
    )
    tell_people(
        [reviewer],
        about=f"review:{made.pk}",
        subject=f"A review is asked of you: {cohort}",
        text=f"You are asked to review {cohort}. Open Today in Wholepicture to begin.",
    )
    record(
        by=by, what="review.opened", about=f"cohort:{cohort.pk}", why=f"{len(plan.drawn)} drawn, seed {seed}"
    )
    return made


def _own(review: ExternalReview, by: User) -> ExternalReview:
    review = (
        ExternalReview.objects.select_for_update(of=("self",))
        .select_related("cohort__version__programme")
        .get(pk=review.pk)
    )
    if review.reviewer_id != by.pk or not may_review_outside(by):
        raise PermissionDenied
    if review.closed_at:
        raise CannotDoError("This review is closed. Actions can still be closed.")
    return review


@transaction.atomic
def draw_more(*, review: ExternalReview, by: User) -> int:
    """Draw a few more decisions by chance: a reviewer may look at as many as they like. Returns how many."""
    review = _own(review, by)
    there = set(review.reviewed.values_list("decision", flat=True))
    others = [d for d in standing_decisions(review.cohort) if d.pk not in there]
    others.sort(key=lambda d: secrets.token_bytes(8))
    drawn = others[:MORE]
    if not drawn:
        raise CannotDoError("You have every decision of this cohort.")
    Reviewed.objects.bulk_create(
        Reviewed(review=review, decision=d, reasons=["asked for by the reviewer"]) for d in drawn
    )
    record(by=by, what="review.drew-more", about=f"cohort:{review.cohort_id}", why=f"{len(drawn)} more")
    return len(drawn)


@transaction.atomic
def judge_reviewed(*, reviewed: Reviewed, said: str, note: str, by: User) -> Reviewed:
    """Say whether a decision is sound.

    Raises:
        CannotDoError: nothing is chosen, or why it is not sound is not said.
    """
    _own(reviewed.review, by)
    if said not in Reviewed.Said.values:
        raise CannotDoError("Choose whether the decision is sound.")
    if said == Reviewed.Said.NOT_SOUND and not note.strip():
        raise CannotDoError("Say why it is not sound.")
    reviewed.said, reviewed.note, reviewed.at = said, note.strip(), timezone.now()
    reviewed.save(update_fields=["said", "note", "at"])
    record(
        by=by,
        what="review.judged",
        about=f"cohort:{reviewed.review.cohort_id}",
        why=f"decision {reviewed.decision_id}: {said}",
    )
    return reviewed


@transaction.atomic
def set_review_action(
    *, review: ExternalReview, text: str, due_on: date, blocks: bool, by: User
) -> ReviewAction:
    """Have the programme do something; while one that blocks is open, no result of the cohort is released.

    Raises:
        CannotDoError: nothing is said.
    """
    review = _own(review, by)
    if not text.strip():
        raise CannotDoError("Say what is to be done.")
    made = ReviewAction.objects.create(review=review, text=text.strip(), due_on=due_on, blocks=blocks)
    tell_people(
        [review.by],
        about=f"review:{review.pk}",
        subject=f"From outside: to do by {due_on:%-d %B %Y}",
        text=f"The review of {review.cohort} asks: {made.text}"
        + (" Results are held until it is closed." if blocks else ""),
    )
    record(
        by=by,
        what="review.blocked" if blocks else "review.action",
        about=f"cohort:{review.cohort_id}",
        why=text,
    )
    return made


@transaction.atomic
def answer_action(*, action: ReviewAction, answer: str, by: User) -> ReviewAction:
    """Say what was done about an action. The reviewer closes it.

    Raises:
        CannotDoError: it is closed, or nothing is said.
    """
    if not (may_run(by) or may_verify(by)) or action.review.cohort.version.programme.force_id != by.force_id:
        raise PermissionDenied
    if action.closed_at:
        raise CannotDoError("It is closed already.")
    if not answer.strip():
        raise CannotDoError("Say what was done, and where it can be seen.")
    action.answer, action.answered_by, action.answered_at = answer.strip(), by, timezone.now()
    action.save(update_fields=["answer", "answered_by", "answered_at"])
    tell_people(
        [action.review.reviewer],
        about=f"review:{action.review_id}",
        subject="An action was answered",
        text=f"{by} has answered: {action}. Open Today in Wholepicture to close it.",
    )
    record(by=by, what="review.answered", about=f"cohort:{action.review.cohort_id}", why=answer)
    return action


@transaction.atomic
def close_review_action(*, action: ReviewAction, by: User) -> ReviewAction:
    """The reviewer closes an action. A block is lifted with it.

    Raises:
        CannotDoError: it was not answered, or is closed.
    """
    if action.review.reviewer_id != by.pk or not may_review_outside(by):
        raise PermissionDenied
    action = ReviewAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if action.closed_at:
        raise CannotDoError("It is closed already.")
    if action.answered_at is None:
        raise CannotDoError("Nobody has said yet what was done. Wait for the answer.")
    action.closed_at = timezone.now()
    action.save(update_fields=["closed_at"])
    record(by=by, what="review.action-closed", about=f"cohort:{action.review.cohort_id}", why=action.text)
    return action


@transaction.atomic
def close_review(*, review: ExternalReview, grade: str, summary: str, by: User) -> ExternalReview:
    """End a review with a grade of risk. Its actions go on.

    Raises:
        CannotDoError: something drawn has not been judged, or nothing is said.
    """
    review = _own(review, by)
    left = review.reviewed.filter(said="").count()
    if left:
        raise CannotDoError(f"{left} of what was drawn {'has' if left == 1 else 'have'} not been judged.")
    if grade not in ExternalReview.Grade.values or not summary.strip():
        raise CannotDoError("Choose a grade of risk, and say what you found.")
    review.grade, review.summary, review.closed_at = grade, summary.strip(), timezone.now()
    review.save(update_fields=["grade", "summary", "closed_at"])
    tell_people(
        [review.by],
        about=f"review:{review.pk}",
        subject=f"Reviewed from outside: {review.cohort}",
        text=f"The review of {review.cohort} is closed: {review.get_grade_display().lower()}.",
    )
    record(by=by, what="review.closed", about=f"cohort:{review.cohort_id}", why=grade)
    return review
