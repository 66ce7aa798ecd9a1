"""Schemes in versions, licences with their events, what was shown, who decided, and credentials. Events are only ever added.

Workforce data: kept apart from the records of the people the police serve.
"""

from __future__ import annotations

import uuid
from datetime import date
from functools import lru_cache

from django.db import models
from django.utils import timezone

from wholepicture.core.licensing import (
    MOVE,
    Actor,
    Condition,
    Event,
    Standing,
    State,
    Step,
    read_scheme,
    standing_on,
)
from wholepicture.core.licensing import Scheme as Content
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.programmes.models import Document


class Scheme(models.Model):
    """One version of a scheme. ``by``: who published it; None for one that comes with the product."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="schemes")
    slug = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=400)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("slug", "-number")
        constraints = [models.UniqueConstraint(fields=("force", "slug", "number"), name="scheme_once")]

    def __str__(self) -> str:
        return self.content.title

    @property
    def content(self) -> Content:
        """What it says, read once and shared."""
        return _content(self.pk, self.digest)


@lru_cache(maxsize=32)
def _content(pk: int, digest: str) -> Content:
    return read_scheme(Scheme.objects.values_list("text", flat=True).get(pk=pk))


class Licence(models.Model):
    """An application and the licence that comes of it. It stays on the version of the scheme that it was begun on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="licences")
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="licences")
    assessor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    second_assessor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"{self.holder}: {self.scheme}"

    @property
    def told(self) -> list[Event]:
        """What happened, in order."""
        return [e.as_event for e in self.events.all()]

    def standing(self, on: date | None = None) -> Standing:
        """Where it stands on a day."""
        found = standing_on(self.told, on or timezone.localdate(), self.scheme.content.rules)
        return found or Standing(State.DRAFT, on or timezone.localdate())


class LicenceEvent(models.Model):
    """One thing that happened. ``by``: usernames; ``names``: as they were called then. Never changed."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=20, choices=[(s.value, s.value) for s in Step])
    on = models.DateField()
    by = models.JSONField()
    names = models.JSONField(default=list)
    why = models.TextField(blank=True)
    until = models.DateField(null=True)
    conditions = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=("licence", "number"), name="one_event_a_number")]

    def __str__(self) -> str:
        return f"{self.licence}: {self.step}"

    @property
    def has_letter(self) -> bool:
        """Whether it was decided by others, and so is told in a letter."""
        return self.step in MOVE and MOVE[Step(self.step)].by is not Actor.HOLDER

    @property
    def as_event(self) -> Event:
        """As the machine of states reads it."""
        return Event(
            Step(self.step),
            self.on,
            tuple(self.by),
            self.why,
            self.until,
            tuple(
                Condition(c["text"], c["measure"], c["seen_to_by"], date.fromisoformat(c["until"]))
                for c in self.conditions
            ),
        )


class Declaration(models.Model):
    """That somebody declared a requirement met, and when what they declare took place. The latest counts."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="declarations")
    requirement = models.CharField(max_length=20)
    on = models.DateField()
    said = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.licence}: {self.requirement}"


class LicenceEvidence(models.Model):
    """Evidence for the standards. ``case``: a supervised case, which the scheme counts. Withdrawn, it stays to be read.

    ``brought``: what it was in an earlier application, which keeps its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField(max_length=160)
    text = models.TextField()
    happened_on = models.DateField()
    standards = models.JSONField(default=list)
    case = models.BooleanField(default=False)
    brought = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    once = models.UUIDField(unique=True, default=uuid.uuid4)
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return self.title


class StandardDecision(models.Model):
    """What an assessor decided of one standard. ``second``: by the second assessor of a double assessment, without sight of the first."""

    class Said(models.TextChoices):
        MET = "met", "Met"
        NOT_YET = "not-yet", "Not yet met"

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="decisions")
    standard = models.CharField(max_length=20)
    said = models.CharField(max_length=7, choices=Said.choices)
    feedback = models.TextField()
    second = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.licence}: {self.standard} {self.said}"


class Hearing(models.Model):
    """A panel that decides something of one licence."""

    class Kind(models.TextChoices):
        APPLICATION = "application", "An application"
        ACTION = "action", "What was proposed"
        REVIEW = "review", "Conditions or a suspension"
        APPEAL = "appeal", "An appeal"

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="hearings")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("licence",), condition=models.Q(closed_at=None), name="one_open_hearing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.licence}"


class Seat(models.Model):
    """One member of a panel: their declaration of interests, and their vote with its reasons. A vote is never changed."""

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="seats")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="seats")
    vote = models.CharField(max_length=20, blank=True)
    why = models.TextField(blank=True)
    interests = models.CharField(max_length=400, blank=True)
    voted_at = models.DateTimeField(null=True)
    stood_down_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("hearing", "member"), name="one_seat_a_member")]

    def __str__(self) -> str:
        return f"{self.member}: {self.hearing}"


class SigningKey(models.Model):
    """A key that credentials are signed with: its secret sealed. A retired one still shows what it signed."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="signing_keys")
    number = models.PositiveIntegerField()
    secret = models.TextField()
    public = models.CharField(max_length=80)
    made_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=("force", "number"), name="key_once")]

    def __str__(self) -> str:
        return f"key {self.number}"


class Credential(models.Model):
    """A signed credential of one term. Revoked, it stays, and says so in the status list."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="credentials")
    bit = models.PositiveIntegerField()
    begins = models.DateField()
    ends = models.DateField()
    document = models.JSONField(default=dict)
    issued_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-issued_at",)
        constraints = [models.UniqueConstraint(fields=("bit",), name="one_credential_a_bit")]

    def __str__(self) -> str:
        return f"credential of {self.licence_id}"


class Lookup(models.Model):
    """That somebody looked a licence up, and why. The holder sees it."""

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="lookups")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.by}, {self.at:%-d %B %Y}"


class Exemption(models.Model):
    """That somebody without a licence in force may lead cases for a while: who agreed, why, who supervises, until when."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="exemptions")
    slug = models.SlugField(max_length=60)
    senior = models.CharField(max_length=120)
    why = models.TextField()
    supervisor = models.CharField(max_length=120)
    until = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.person} until {self.until:%-d %B %Y}"


class CaseLed(models.Model):
    """A case that somebody was given to lead: a reference in the force's own system, and nothing of anybody in it."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="cases_led")
    slug = models.SlugField(max_length=60)
    reference = models.CharField(max_length=40)
    began_on = models.DateField()
    ended_on = models.DateField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("began_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("person", "slug", "reference"),
                condition=models.Q(ended_on=None),
                name="case_led_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.person}"


class NoticeSent(models.Model):
    """That a holder was told so many days before a term ends. Once each."""

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="notices")
    ends = models.DateField()
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("licence", "ends", "days"), name="noticed_once")]

    def __str__(self) -> str:
        return f"{self.licence_id}: {self.days} days"
