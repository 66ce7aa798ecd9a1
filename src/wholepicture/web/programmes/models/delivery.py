"""Cohorts: their places, sessions and who came. A cohort keeps the version it began on."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils import timezone

from wholepicture.core.programmes import Specification
from wholepicture.web.accounts.models import User
from wholepicture.web.programmes.models.providers import Provider
from wholepicture.web.programmes.models.specification import Version


class Cohort(models.Model):
    """People who take a programme together, on one version of it."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="cohorts")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="cohorts")
    title = models.CharField(max_length=120)
    places = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    portfolio_due = models.DateField()
    venue = models.CharField(max_length=300, blank=True)
    joining = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-starts_on", "-pk")

    def __str__(self) -> str:
        return self.title

    @property
    def content(self) -> Specification:
        """The specification that this cohort is on."""
        return self.version.content


class Quota(models.Model):
    """How many of a cohort's places are kept for one sending force."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="quotas")
    sending = models.CharField(max_length=120)
    places = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("sending",)
        constraints = [models.UniqueConstraint(fields=("cohort", "sending"), name="quota_once")]

    def __str__(self) -> str:
        return f"{self.sending}: {self.places}"


class Place(models.Model):
    """Somebody's place in a cohort, from asking for it to the end. ``number``: what they are called where their name is not needed."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked for a place"
        WAITING = "waiting", "On the waiting list"
        JOINED = "joined", "Joined"
        LEFT = "left", "Left"

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="taken")
    learner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="places")
    number = models.CharField(max_length=12)
    sending = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    left_why = models.CharField(max_length=300, blank=True)
    assessor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="assesses")
    supervisor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="supervises")
    portfolio_due = models.DateField(null=True)
    welfare_name = models.CharField(max_length=120, blank=True)
    welfare_reach = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("asked_at", "pk")
        constraints = [models.UniqueConstraint(fields=("cohort", "learner"), name="one_place_in_a_cohort")]

    def __str__(self) -> str:
        return f"{self.learner}, {self.cohort}"

    @property
    def due(self) -> date:
        """By when the portfolio is to be done: the learner's own day if they were given one."""
        return self.portfolio_due or self.cohort.portfolio_due


class EntryShown(models.Model):
    """That somebody saw the evidence of an entry requirement."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="entry")
    requirement = models.CharField(max_length=20)
    seen = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("requirement",)
        constraints = [models.UniqueConstraint(fields=("place", "requirement"), name="shown_once")]

    def __str__(self) -> str:
        return f"{self.place}: {self.requirement}"


class Adjustment(models.Model):
    """A reasonable adjustment: what is done. Never why; that is the learner's own."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="adjustments")
    what = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return self.what


class Qualification(models.Model):
    """What somebody holds that lets them train, assess or verify, and until when."""

    class What(models.TextChoices):
        TRAINS = "trains", "To train"
        ASSESSES = "assesses", "To assess"
        VERIFIES = "verifies", "To assure quality"
        OTHER = "other", "Other"

    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="qualifications")
    what = models.CharField(max_length=8, choices=What.choices)
    title = models.CharField(max_length=160)
    got_on = models.DateField()
    until = models.DateField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("holder", "what", "-got_on")

    def __str__(self) -> str:
        return self.title


class Session(models.Model):
    """One session of a cohort: when and where a module is taught, and by whom."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="sessions")
    module = models.CharField(max_length=20)
    title = models.CharField(max_length=160)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    venue = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=300, blank=True)
    trainers = models.ManyToManyField(User, related_name="teaches")
    cancelled_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("starts_at", "pk")

    def __str__(self) -> str:
        return f"{self.title}, {timezone.localtime(self.starts_at):%-d %B %Y}"


class Came(models.Model):
    """How one learner came to one session."""

    class How(models.TextChoices):
        ATTENDED = "attended", "Attended"
        PART = "part", "Attended part"
        ABSENT = "absent", "Did not attend"

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="came")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="came")
    how = models.CharField(max_length=8, choices=How.choices)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("session", "place"), name="came_once")]

    def __str__(self) -> str:
        return f"{self.place}: {self.how}"


class CalendarKey(models.Model):
    """The secret part of somebody's calendar address. Only its hash is kept; a new one stops the old."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_key")
    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"calendar of {self.user}"
