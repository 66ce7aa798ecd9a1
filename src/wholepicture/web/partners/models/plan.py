"""A joint plan for somebody: who does what by when, and the meetings that decide on it."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from wholepicture.web.accounts.models import Force, User
from wholepicture.web.encounters.models import EncounterPerson, RecordedObservation
from wholepicture.web.partners.models.directory import Organisation


class Plan(models.Model):
    """A plan that several agencies hold together. ``person``: the appearance from which it was begun."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="plans")
    person = models.OneToOneField(EncounterPerson, on_delete=models.CASCADE, related_name="plan")
    aim = models.CharField(max_length=400)
    lead = models.ForeignKey(User, on_delete=models.PROTECT, related_name="joint_plans")
    review_on = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    closed_why = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("review_on",)

    def __str__(self) -> str:
        return self.aim


class PlanAction(models.Model):
    """One action of a plan: whose it is, by when, and what came of it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="actions")
    text = models.CharField(max_length=300)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.CharField(max_length=120)
    due = models.DateField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    came_of_it = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("due", "pk")

    def __str__(self) -> str:
        return self.text


class Meeting(models.Model):
    """A meeting on a plan: who was there and which agencies."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="meetings")
    held_at = models.DateTimeField()
    present = models.TextField()
    chair = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-held_at",)

    def __str__(self) -> str:
        return f"{self.held_at:%-d %B %Y}"


class Minute(models.Model):
    """What a meeting decided: in words, and (if it is about a control) as an observation."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="minutes")
    text = models.TextField()
    observation = models.ForeignKey(
        RecordedObservation, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text[:60]
