"""Proposed training, the health check, and how people say they are."""

import uuid
from functools import cached_property

from django.db import models
from django.utils import timezone

from wholepicture.core.insight import health
from wholepicture.web.accounts.models import Force, Team, User
from wholepicture.web.programmes.models import Document
from wholepicture.web.training.models import Assignment, Course


class Proposal(models.Model):
    """Training proposed because practice missed something. ``missed`` of ``seen``: the counts it rests on, as they were."""

    class State(models.TextChoices):
        OPEN = "open", "Waits for a trainer"
        TAKEN = "taken", "Given"
        DECLINED = "declined", "Not given"

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="proposals")
    concept = models.CharField(max_length=80)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    missed = models.PositiveIntegerField()
    seen = models.PositiveIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, null=True, related_name="+")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, null=True, related_name="+")
    exercises = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-at",)
        constraints = [
            models.UniqueConstraint(
                fields=("force", "concept", "team"),
                condition=models.Q(state="open", team__isnull=False),
                name="proposed_once_to_a_team",
            ),
            models.UniqueConstraint(
                fields=("force", "concept"),
                condition=models.Q(state="open", team=None),
                name="proposed_once_to_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.concept}: {self.state}"


class QuestionSet(models.Model):
    """One version of a force's health-check questions. Checks keep the version they began with."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="question_sets")
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=400)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=("force", "number"), name="question_set_number_once")]

    def __str__(self) -> str:
        return f"Version {self.number}"

    @cached_property
    def content(self) -> health.Questions:
        """The questions, read."""
        return health.read(self.text)


class HealthCheck(models.Model):
    """One look of a force at itself. ``figures``: the product's own figures as they stood when it was closed."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="health_checks")
    questions = models.ForeignKey(QuestionSet, on_delete=models.PROTECT, related_name="checks")
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closes_on = models.DateField()
    closed_at = models.DateTimeField(null=True)
    figures = models.JSONField(default=dict)

    class Meta:
        ordering = ("-opened_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("force",), condition=models.Q(closed_at=None), name="one_health_check_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"Health check of {self.opened_at:%B %Y}"


class HealthAnswer(models.Model):
    """What one respondent says of one question. ``level``: None means "I cannot say". Who said what is shown to nobody else."""

    check_of = models.ForeignKey(HealthCheck, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=40)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("check_of", "question", "by"), name="answered_once")]

    def __str__(self) -> str:
        return f"{self.question}: {self.level}"


class HealthEvidence(models.Model):
    """What shows how a force stands with one question: where it is to be found, in a line or two."""

    check_of = models.ForeignKey(HealthCheck, on_delete=models.PROTECT, related_name="evidence")
    question = models.CharField(max_length=40)
    text = models.CharField(max_length=500)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return self.text


class HealthAction(models.Model):
    """What a force means to do: by whom, by when, and what came of it."""

    check_of = models.ForeignKey(HealthCheck, on_delete=models.PROTECT, related_name="actions")
    area = models.CharField(max_length=40)
    what = models.CharField(max_length=300)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="health_actions")
    due_on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("due_on",)

    def __str__(self) -> str:
        return self.what

    @property
    def late(self) -> bool:
        """Whether it should have been done by now."""
        return self.done_at is None and self.due_on < timezone.localdate()


class CheckIn(models.Model):
    """How somebody said they are in a week. Nothing says who: no user, no time, and a number by chance."""

    class Feeling(models.IntegerChoices):
        WELL = 3, "Well"
        SO_SO = 2, "Up and down"
        NOT_WELL = 1, "Not well"

    class Load(models.IntegerChoices):
        ENOUGH = 1, "I have time to do it properly"
        FULL = 2, "Only just"
        TOO_MUCH = 3, "No, it is too much"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+")
    week = models.DateField()
    feeling = models.PositiveSmallIntegerField(choices=Feeling.choices)
    load = models.PositiveSmallIntegerField(choices=Load.choices)
    stays = models.BooleanField()

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=("force", "week"), name="check_ins_of_a_week")]

    def __str__(self) -> str:
        return f"{self.week}"


class CheckedIn(models.Model):
    """That somebody has answered this week, so that nobody answers twice. It is let go of after the week."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    week = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("user", "week"), name="checked_in_once_a_week")]

    def __str__(self) -> str:
        return f"{self.week}"
