"""The control watch, worked out ahead, and what slipped through."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from wholepicture.web.accounts.models import Force, Team, User
from wholepicture.web.encounters.models import EncounterPerson


class Watched(models.Model):
    """A pathway that only dated controls still guard, or that is open because one has failed, for one person.

    ``person``: their latest appearance; ``key``: the record they are known by, or the appearance itself. Worked out again
    whenever something is recorded of them. ``picked_up``: somebody said what they do about it.
    """

    class Kind(models.TextChoices):
        ENDS = "ends", "Ends"
        FAILED = "failed", "Has failed"

    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=40)
    person = models.ForeignKey(EncounterPerson, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    pathway = models.CharField(max_length=80)
    controls = models.JSONField(default=list)
    holder = models.CharField(max_length=200, blank=True)
    severity = models.PositiveSmallIntegerField()
    ends_on = models.DateField(null=True)
    since = models.DateTimeField(default=timezone.now)
    picked_up_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    picked_up_at = models.DateTimeField(null=True)
    picked_up = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-severity", "ends_on", "since")
        constraints = [
            models.UniqueConstraint(fields=("force", "key", "pathway", "kind"), name="watched_once")
        ]
        indexes = [models.Index(fields=("force", "kind", "ends_on"), name="watched_by_end")]

    def __str__(self) -> str:
        return f"{self.key}: {self.pathway}"


class WatchDone(models.Model):
    """Up to which moment the watch of a force has been worked out, and accounts looked through for what slipped."""

    force = models.OneToOneField(Force, on_delete=models.CASCADE, related_name="+")
    up_to = models.DateTimeField()
    day = models.DateField()
    slipped_up_to = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.force}: {self.up_to}"


class Slipped(models.Model):
    """Somebody whose picture has open pathways, and for whom no action was chosen and no request made, a day after.

    Queued to a named person until a referral is sent, an action signed, or somebody says why neither is needed.
    """

    person = models.OneToOneField(EncounterPerson, on_delete=models.CASCADE, related_name="slipped")
    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="+")
    to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="slipped")
    pathways = models.JSONField(default=list)
    worst = models.PositiveSmallIntegerField(default=0)
    found_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_why = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("-worst", "found_at")

    def __str__(self) -> str:
        return f"{self.person}: {self.found_at:%-d %B %Y}"
