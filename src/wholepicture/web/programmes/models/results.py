"""What came of it: results and awards, what learners and their supervisors say, and the review of a year."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from wholepicture.web.accounts.models import User
from wholepicture.web.programmes.models.delivery import Place
from wholepicture.web.programmes.models.specification import Programme


class Result(models.Model):
    """The result of one place, released once. ``basis``: what it rests on, as it was then."""

    class Said(models.TextChoices):
        PASSED = "passed", "Passed"
        NOT_PASSED = "not-passed", "Not passed"

    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="result")
    said = models.CharField(max_length=10, choices=Said.choices)
    why = models.TextField(blank=True)
    basis = models.JSONField(default=dict)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.place}: {self.get_said_display().lower()}"


class Award(models.Model):
    """The certificate of a programme. ``name`` and ``title`` as they were then; it is never taken away by a later one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    result = models.OneToOneField(Result, on_delete=models.PROTECT, related_name="award")
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=160)
    version = models.PositiveIntegerField()
    given_by = models.CharField(max_length=120)
    issued_at = models.DateTimeField(default=timezone.now)
    refresh_by = models.DateField(null=True)

    class Meta:
        ordering = ("-issued_at",)

    def __str__(self) -> str:
        return f"{self.name}: {self.title}"


class Feedback(models.Model):
    """What a learner says of the programme. Shown only together with others'."""

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="feedback")
    scores = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"feedback of {self.place_id}"


class SupervisorView(models.Model):
    """What a supervisor sees at work, six and twelve months after somebody passed."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="views")
    months = models.PositiveSmallIntegerField()
    supervisor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="views")
    due_on = models.DateField()
    scores = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due_on", "pk")
        constraints = [models.UniqueConstraint(fields=("place", "months"), name="viewed_once")]

    def __str__(self) -> str:
        return f"{self.place}, {self.months} months"


class Characteristics(models.Model):
    """What somebody chose to say of themselves, so that fairness can be seen. Read only as counts; they may take it back."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="characteristics")
    said = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return "what somebody said of themselves"


class AnnualReview(models.Model):
    """The review of a programme over one year: the figures as they were, and what the programme lead makes of them."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="annual_reviews")
    year = models.PositiveSmallIntegerField()
    figures = models.JSONField()
    found = models.TextField()
    todo = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-year", "-pk")

    def __str__(self) -> str:
        return f"{self.programme}, {self.year}"
