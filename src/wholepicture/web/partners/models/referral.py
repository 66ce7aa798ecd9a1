"""A referral, what it asks, what happened to it, and the links by which an agency without accounts answers it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from wholepicture.core.partners import lifecycle
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.encounters.models import EncounterPerson, RecordedObservation
from wholepicture.web.partners.models.directory import Organisation, Service


def _choices(enum: Any) -> list[tuple[str, str]]:
    return [(x.value, x.value) for x in enum]


class Referral(models.Model):
    """A request to a partner to act for somebody.

    ``draft``: what the officer has filled in; ``document``: exactly what was sent, and ``digest`` its SHA-256. ``state``, ``due``
    and ``attention`` follow from the events and are kept beside, so that queues are read in their order. ``attention``: what
    waits for the sender ("declined", a question), since when.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, default=uuid.uuid4)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="referrals")
    person = models.ForeignKey(EncounterPerson, on_delete=models.CASCADE, related_name="referrals")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="referrals")
    route = models.SlugField(max_length=40)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="referrals")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="referrals"
    )
    previous = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="sent_on")
    urgency = models.CharField(max_length=5, choices=_choices(lifecycle.Urgency), default="days")
    pathways = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=_choices(lifecycle.State), default="draft")
    version = models.PositiveIntegerField(default=0)
    draft = models.JSONField(default=dict)
    document = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    since = models.DateTimeField(default=timezone.now)
    due = models.DateTimeField(null=True)
    due_what = models.CharField(max_length=40, blank=True)
    reminded_at = models.DateTimeField(null=True)
    escalated_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="escalated")
    escalated_at = models.DateTimeField(null=True)
    attention = models.CharField(max_length=40, blank=True)
    attention_since = models.DateTimeField(null=True)
    news_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at",)
        indexes = [
            models.Index(fields=("force", "state", "since"), name="referral_by_state"),
            models.Index(fields=("organisation", "state", "since"), name="referral_of_a_partner"),
            models.Index(fields=("due",), name="referral_due"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it: it says nothing of anybody."""
        return f"R-{self.pk.hex[:8].upper()}"

    @property
    def standing(self) -> lifecycle.State:
        """Where it stands."""
        return lifecycle.State(self.state)

    @property
    def overdue(self) -> bool:
        """Whether what is awaited is late."""
        return self.due is not None and self.due < timezone.now()


class Need(models.Model):
    """One thing that is asked, and what came of it."""

    class Outcome(models.TextChoices):
        MET = "met", "Done"
        PARTLY = "partly", "Partly done"
        NOT_MET = "not-met", "Not done"
        NOT_WANTED = "not-wanted", "The person did not want it"

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="needs")
    action = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=300)
    by_when = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    said = models.TextField(blank=True)
    outcome_at = models.DateTimeField(null=True)
    told_by = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text


class ReferralEvent(models.Model):
    """One thing that happened to a referral. Append-only. ``who``: as they were called then; ``message``: a sender's own id of it."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=12, choices=_choices(lifecycle.Step))
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    who = models.CharField(max_length=250, blank=True)
    partner = models.BooleanField(default=False)
    why = models.TextField(blank=True)
    control = models.CharField(max_length=80, blank=True)
    holder = models.CharField(max_length=200, blank=True)
    ends_on = models.DateField(null=True)
    observation = models.ForeignKey(
        RecordedObservation, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    late = models.BooleanField(default=False)

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=("referral", "number"), name="referral_event_once")]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.step}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValueError("What happened to a referral is never changed.")
        super().save(*args, **kwargs)

    @property
    def says(self) -> str:
        """What happened, in words."""
        if self.step == lifecycle.Step.BEGIN:
            return "began it"
        return lifecycle.MOVE[lifecycle.Step(self.step)].says


class Received(models.Model):
    """A message of a partner's system, by its own id: told twice, it is answered as it was the first time."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="received")
    message = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("referral", "message"), name="message_once")]

    def __str__(self) -> str:
        return self.message


class Link(models.Model):
    """A way in for one agency to one referral, for a while. Neither its secret nor its code is kept, only what they are known by."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="links")
    token = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=64)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=120, blank=True)
    post = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"link to {self.referral_id}"

    def open_at(self, now: datetime) -> bool:
        """Whether it still lets somebody in."""
        return self.ended_at is None and now < self.expires_at
