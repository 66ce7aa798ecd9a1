"""Courses and their versions, what learners did, what comes back to them, and how keys were agreed.

Workforce data: kept apart from the records of the people the police serve (shared rules, "two kinds of data").
"""

from __future__ import annotations

import uuid
from functools import lru_cache

from django.db import models
from django.utils import timezone

from wholepicture.core.learning import Course as Content
from wholepicture.core.learning import Scenario, read_course
from wholepicture.core.practice import load_default
from wholepicture.web.accounts.models import Force, Role, Team, User


class Course(models.Model):
    """A course of a force. ``shipped``: it came with the product; once edited here it is the force's own."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="courses")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    shipped = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title",)
        constraints = [models.UniqueConstraint(fields=("force", "slug"), name="course_once_in_a_force")]

    def __str__(self) -> str:
        return self.title

    @property
    def latest(self) -> CourseVersion:
        """The version that learners who begin now are given."""
        return self.versions.select_related("course").order_by("-number")[0]


class CourseVersion(models.Model):
    """One published version: the texts of its package, by path. Never changed, so that an attempt can be read as it was."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    files = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=("course", "number"), name="version_once")]

    def __str__(self) -> str:
        return f"{self.course}, version {self.number}"

    @property
    def content(self) -> Content:
        """What it holds, read once and shared."""
        return _content(self.pk, self.digest)

    def scenario(self, item: str, variation: str = "") -> Scenario:
        """A scenario of this version, as a variation tells it."""
        return self.content.scenarios[item].told(variation)


@lru_cache(maxsize=64)
def _content(pk: int, digest: str) -> Content:
    return read_course(CourseVersion.objects.values_list("files", flat=True).get(pk=pk), load_default())


class Assignment(models.Model):
    """A course that a team, a role or one person is to take by a day."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="assignments")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    learner = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_on", "pk")

    def __str__(self) -> str:
        return f"{self.course} for {self.to}"

    @property
    def to(self) -> str:
        """Whom it is for, in words."""
        if self.learner:
            return str(self.learner)
        return str(self.team) if self.team else f"everyone who is {self.get_role_display().lower()}"


class Reminded(models.Model):
    """That somebody was mailed of an assignment: once a week before it is due, once when it is overdue."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="reminded")
    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    overdue = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("assignment", "learner", "overdue"), name="reminded_once_a_step")
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.assignment}"


class Enrolment(models.Model):
    """Somebody's way through one version of a course. ``round``: 1, then 2 when it is taken again to refresh it."""

    learner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="enrolments")
    round = models.PositiveSmallIntegerField(default=1)
    began_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-began_at",)
        constraints = [
            models.UniqueConstraint(fields=("learner", "course", "round"), name="enrolled_once_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.version}"


class StepDone(models.Model):
    """A reading read, a check answered or a scenario handed in, in one enrolment."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="steps")
    item = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("enrolment", "item"), name="step_done_once")]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.item}"


class CheckAnswer(models.Model):
    """An answer to one question of a check. The first counts in the figures; later ones are practice."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=60)
    question = models.CharField(max_length=40)
    chosen = models.JSONField()
    right = models.BooleanField()
    first = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.item} {self.question}"


class Attempt(models.Model):
    """One go at a scenario. ``work`` is what the learner has done so far; ``result`` what came of it, kept as it was marked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="attempts")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attempts")
    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="attempts")
    item = models.CharField(max_length=60)
    variation = models.CharField(max_length=20, blank=True)
    first = models.BooleanField(default=False)
    work = models.JSONField(default=dict)
    why = models.TextField(blank=True)
    began_at = models.DateTimeField(default=timezone.now)
    handed_in_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)

    class Meta:
        ordering = ("-began_at",)
        indexes = [models.Index(fields=("learner", "item"), name="attempts_of_a_learner")]
        constraints = [
            # Two devices, or two clicks, begin one attempt.
            models.UniqueConstraint(
                fields=("enrolment", "item"),
                condition=models.Q(handed_in_at=None),
                name="one_attempt_under_way",
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.item}"

    @property
    def scenario(self) -> Scenario:
        """The scenario as this attempt was told it."""
        return self.version.scenario(self.item, self.variation)


class Outcome(models.Model):
    """What became of one thing there was to see, in one attempt handed in."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="outcomes")
    target = models.CharField(max_length=20)
    concept = models.CharField(max_length=60)
    kind = models.CharField(max_length=8)
    seen = models.CharField(max_length=24)
    noticed = models.BooleanField()
    critical = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=("concept",), name="outcomes_by_concept")]

    def __str__(self) -> str:
        return f"{self.target}: {self.seen}"


class Recall(models.Model):
    """A concept somebody missed, and when it comes back to them. ``card`` is the spacing library's own state."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recalls")
    concept = models.CharField(max_length=60)
    card = models.JSONField()
    due = models.DateTimeField()
    made_at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due",)
        constraints = [models.UniqueConstraint(fields=("learner", "concept"), name="recalled_once")]

    def __str__(self) -> str:
        return f"{self.learner}: {self.concept}"


class RecallAnswer(models.Model):
    """One short exercise, what was shown and what was made of it."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="answers")
    shown = models.JSONField()
    marked = models.JSONField(default=list)
    found = models.BooleanField()
    rating = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.recall}: {'found' if self.found else 'missed'}"


class Certificate(models.Model):
    """That somebody completed a version of a course. Never taken away by a later one; ``name`` and ``title`` as they were then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="certificate")
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    issued_at = models.DateTimeField(default=timezone.now)
    refresh_by = models.DateField(null=True)

    class Meta:
        ordering = ("-issued_at",)

    def __str__(self) -> str:
        return f"{self.name}: {self.title}"


class Draft(models.Model):
    """A scenario that a trainer is making. ``table`` is its content as a scenario's file has it."""

    class State(models.TextChoices):
        WRITING = "writing", "Being written"
        PANEL = "panel", "With the panel"
        PUBLISHED = "published", "Published"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="scenario_drafts")
    title = models.CharField(max_length=120)
    table = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WRITING)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    published = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-changed_at",)

    def __str__(self) -> str:
        return self.title


class PanelSeat(models.Model):
    """One expert's own key of a draft. Nobody sees another's before all have signed."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="seats")
    expert = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    judged = models.JSONField(default=dict)
    added = models.JSONField(default=list)
    grade = models.CharField(max_length=8, blank=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("draft", "expert"), name="one_seat_an_expert")]

    def __str__(self) -> str:
        return f"{self.expert}: {self.draft}"


class Classroom(models.Model):
    """Training given in a room. ``course``: the one it was part of, if any."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="classrooms")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=120)
    held_on = models.DateField()
    place = models.CharField(max_length=120, blank=True)
    trainer = models.CharField(max_length=120, blank=True)
    minutes = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-held_on", "-pk")

    def __str__(self) -> str:
        return f"{self.title}, {self.held_on:%-d %B %Y}"


class Attendance(models.Model):
    """Who was there."""

    class Came(models.TextChoices):
        ATTENDED = "attended", "Attended"
        PART = "part", "Attended part"
        ABSENT = "absent", "Did not attend"

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="attendance")
    learner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="attendance")
    came = models.CharField(max_length=8, choices=Came.choices, default=Came.ATTENDED)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("classroom", "learner"), name="attended_once")]

    def __str__(self) -> str:
        return f"{self.learner}: {self.classroom}"
