"""Spaced return: what somebody missed comes back in short exercises, at growing distances (FSRS, the ``fsrs`` library)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from fsrs import Card, Rating, Scheduler

from wholepicture.core.learning import Scenario
from wholepicture.core.measurement import Mark, Seen, Work, mark_work
from wholepicture.core.practice import Kind
from wholepicture.web.accounts.models import User
from wholepicture.web.training.access import may_learn
from wholepicture.web.training.models import Recall, RecallAnswer

# Days, not minutes: an exercise comes back on another day at the earliest. No chance in it, so that a day can be told.
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False, maximum_interval=365)
UNRATED = 0


@transaction.atomic
def come_back(*, learner: User, concepts: list[str]) -> None:
    """Have concepts that were missed come back; those that already do come back sooner."""
    now = timezone.now()
    for concept in concepts:
        held = Recall.objects.select_for_update().filter(learner=learner, concept=concept).first()
        card = Card.from_json(held.card) if held else Card()
        card, _ = SCHEDULER.review_card(card, Rating.Again, review_datetime=now)
        if held:
            held.card, held.due = card.to_json(), card.due
            held.save(update_fields=["card", "due"])
        else:
            Recall.objects.create(learner=learner, concept=concept, card=card.to_json(), due=card.due)


@transaction.atomic
def answer(
    *, recall: Recall, scenario: Scenario, shown: dict[str, Any], marked: list[dict[str, Any]], by: User
) -> RecallAnswer:
    """Answer an exercise. Found as the right kind it goes further away, as another kind less far, missed it comes back soon.

    An exercise with nothing in it (``shown["clean"]``) is answered by marking nothing; it does not move the concept.
    """
    if not may_learn(by) or recall.learner_id != by.pk:
        raise PermissionDenied
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    if shown["clean"]:
        return RecallAnswer.objects.create(
            recall=recall, shown=shown, marked=marked, found=not marked, rating=UNRATED
        )
    rating = _rating(recall.concept, scenario, shown, marked)
    card, _ = SCHEDULER.review_card(Card.from_json(recall.card), rating, review_datetime=timezone.now())
    recall.card, recall.due, recall.reminded_at = card.to_json(), card.due, None
    recall.save(update_fields=["card", "due", "reminded_at"])
    return RecallAnswer.objects.create(
        recall=recall, shown=shown, marked=marked, found=rating is not Rating.Again, rating=int(rating)
    )


def _rating(concept: str, scenario: Scenario, shown: dict[str, Any], marked: list[dict[str, Any]]) -> Rating:
    """Good if the concept's words were marked as what they are, hard if as something else, again if not at all."""
    best = Rating.Again
    for target in scenario.targets:
        if target.concept != concept or target.where not in shown["lines"] or target.contested:
            continue
        marks = tuple(
            Mark(f"m{n}", m["where"], m["start"], m["end"], Kind(m["kind"]), target.person)
            for n, m in enumerate(marked)
        )
        seen = next(
            r.seen
            for r in mark_work(scenario, Work(marks=marks, asked=tuple(a.id for a in scenario.asks))).targets
            if r.target.id == target.id
        )
        if seen is Seen.FOUND:
            return Rating.Good
        if seen.noticed:
            best = Rating.Hard
    return best
