"""Quality assurance: which decisions are looked at again and what came of it, marking of the same pieces blind, and reviews from outside."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from wholepicture.web.accounts.models import User
from wholepicture.web.programmes.models.delivery import Cohort
from wholepicture.web.programmes.models.portfolio import Decision
from wholepicture.web.programmes.models.specification import Programme


class SamplingPlan(models.Model):
    """Which decisions of a cohort one verifier looks at again. ``left``: those not drawn, and why. The seed gives the same again."""

    class Kind(models.TextChoices):
        INTERIM = "interim", "While it runs"
        SUMMATIVE = "summative", "Before results"

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="plans")
    verifier = models.ForeignKey(User, on_delete=models.PROTECT, related_name="plans")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    seed = models.CharField(max_length=40)
    of = models.PositiveIntegerField()
    left = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.cohort}: {self.get_kind_display().lower()}"


class Sampled(models.Model):
    """One decision in a plan. One that was taken out stays, with the reason."""

    plan = models.ForeignKey(SamplingPlan, on_delete=models.PROTECT, related_name="sampled")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="sampled")
    reasons = models.JSONField(default=list)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    out_at = models.DateTimeField(null=True)
    out_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("plan", "decision"), name="sampled_once")]

    def __str__(self) -> str:
        return f"{self.plan}: {self.decision}"


class Verification(models.Model):
    """What a verifier said of a sampled decision, and told the assessor. One each: who comes second is told of the first."""

    class Said(models.TextChoices):
        AGREED = "agreed", "Agreed"
        ACTION = "action", "Agreed, with something to do"
        NOT_AGREED = "not-agreed", "Not agreed"

    sampled = models.OneToOneField(Sampled, on_delete=models.PROTECT, related_name="verification")
    said = models.CharField(max_length=10, choices=Said.choices)
    feedback = models.TextField()
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return f"{self.sampled}: {self.said}"


class Exercise(models.Model):
    """A standardisation exercise: every assessor judges the same pieces, and nobody sees another's before it closes."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="exercises")
    title = models.CharField(max_length=160)
    criterion = models.CharField(max_length=20)
    asked = models.TextField()
    closes_on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    agreed = models.TextField(blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title


class Piece(models.Model):
    """One piece to judge. Made up, or from a portfolio with nobody in it named."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=("exercise", "number"), name="piece_once")]

    def __str__(self) -> str:
        return f"{self.exercise}: {self.number}"


class Marked(models.Model):
    """One assessor's judgements in an exercise, by number of the piece. ``signed_at``: then nothing is changed any more."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="marked")
    assessor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="marked")
    marks = models.JSONField(default=dict)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("exercise", "assessor"), name="marked_once")]

    def __str__(self) -> str:
        return f"{self.assessor}: {self.exercise}"


class ExternalReview(models.Model):
    """A review of one cohort from outside. The reviewer sees what was drawn for them, and no learner's name."""

    class Grade(models.TextChoices):
        LOW = "low", "Low risk"
        MEDIUM = "medium", "Medium risk"
        HIGH = "high", "High risk"

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reviews")
    seed = models.CharField(max_length=40)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    grade = models.CharField(max_length=6, choices=Grade.choices, blank=True)
    summary = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.cohort}: review from outside"


class Reviewed(models.Model):
    """One decision that was drawn for an external review, and what the reviewer found."""

    class Said(models.TextChoices):
        SOUND = "sound", "Sound"
        NOT_SOUND = "not-sound", "Not sound"

    review = models.ForeignKey(ExternalReview, on_delete=models.PROTECT, related_name="reviewed")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="reviewed")
    reasons = models.JSONField(default=list)
    said = models.CharField(max_length=9, choices=Said.choices, blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("review", "decision"), name="reviewed_once")]

    def __str__(self) -> str:
        return f"{self.review}: {self.decision}"


class ReviewAction(models.Model):
    """Something that must be done after an external review. ``blocks``: no result of the cohort is released before it is closed."""

    review = models.ForeignKey(ExternalReview, on_delete=models.PROTECT, related_name="actions")
    text = models.TextField()
    due_on = models.DateField()
    blocks = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due_on", "pk")

    def __str__(self) -> str:
        return self.text[:60]
