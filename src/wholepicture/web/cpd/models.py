"""Frameworks, cycles, what people did and what changed. Workforce data; a reflection is its writer's own."""

from __future__ import annotations

import uuid
from functools import lru_cache

from django.db import models
from django.utils import timezone

from wholepicture.core.cpd import Framework as Content
from wholepicture.core.cpd import read_framework
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.programmes.models import Document


class Framework(models.Model):
    """A framework of a force. ``by``: who published this version; None for one that comes with the product."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="frameworks")
    slug = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=400)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("slug", "-number")
        constraints = [models.UniqueConstraint(fields=("force", "slug", "number"), name="framework_once")]

    def __str__(self) -> str:
        return f"{self.content.title}, version {self.number}"

    @property
    def content(self) -> Content:
        """What it says, read once and shared."""
        return _content(self.pk, self.digest)


@lru_cache(maxsize=32)
def _content(pk: int, digest: str) -> Content:
    return read_framework(Framework.objects.values_list("text", flat=True).get(pk=pk))


class Cycle(models.Model):
    """One person's cycle on one version of a framework, from its plan to its declaration."""

    class Audit(models.TextChoices):
        NONE = "", "Not looked at"
        OPEN = "open", "To be looked at"
        MORE = "more", "More is asked"
        MET = "met", "Meets it"
        NOT_MET = "not-met", "Does not meet it"

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="cycles")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="cycles")
    begins_on = models.DateField()
    ends_on = models.DateField()
    plan = models.JSONField(default=dict)
    declared_at = models.DateTimeField(null=True)
    statement = models.TextField(blank=True)
    audit = models.CharField(max_length=8, choices=Audit.choices, blank=True, default=Audit.NONE)
    audit_why = models.CharField(max_length=80, blank=True)
    audit_seed = models.CharField(max_length=40, blank=True)
    audit_said = models.TextField(blank=True)
    audit_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    audit_at = models.DateTimeField(null=True)
    reminded = models.JSONField(default=list)

    class Meta:
        ordering = ("-ends_on",)
        constraints = [
            models.UniqueConstraint(
                fields=("person", "framework"),
                condition=models.Q(declared_at=None),
                name="one_open_cycle_a_framework",
            )
        ]

    def __str__(self) -> str:
        return f"{self.framework.content.title}, to {self.ends_on:%-d %B %Y}"


class Entry(models.Model):
    """Something somebody did. ``reflection`` is theirs alone; ``effect`` is what they share, once they do."""

    class Kind(models.TextChoices):
        WORK = "work", "Something at work"
        TRAINING = "training", "Training"
        READING = "reading", "Reading, or a review"
        TALK = "talk", "A conversation, or being looked at"
        ASKED = "asked", "A question put to my own people"
        OTHER = "other", "Something else"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = models.CharField(max_length=160)
    happened_on = models.DateField()
    topics = models.JSONField(default=list)
    question = models.CharField(max_length=20, blank=True)
    reflection = models.TextField(blank=True)
    effect = models.TextField(blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=120, blank=True)
    shared_at = models.DateTimeField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-happened_on", "-at")
        constraints = [
            # What came from training or a file comes once.
            models.UniqueConstraint(
                fields=("cycle", "source"), condition=~models.Q(source=""), name="imported_once"
            )
        ]

    def __str__(self) -> str:
        return self.title
