"""Who may give a programme: decisions, visits, and what they are to do by when."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from wholepicture.core.programmes.approval import MAY_DELIVER, Approved
from wholepicture.web.accounts.models import User
from wholepicture.web.programmes.models.specification import Programme


class Provider(models.Model):
    """A force or college that gives a programme, or wants to."""

    class Kind(models.TextChoices):
        FORCE = "force", "A force"
        COLLEGE = "college", "A college or university"
        OTHER = "other", "Somebody else"

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="providers")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.FORCE)
    contact = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=("programme", "name"), name="provider_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def decision(self) -> ProviderDecision | None:
        """What was decided last."""
        return self.decisions.order_by("-pk").first()

    @property
    def state(self) -> Approved:
        """Where it stands."""
        last = self.decision
        return Approved(last.said) if last else Approved.NOT_YET

    @property
    def may_deliver(self) -> bool:
        """Whether a cohort may begin here today."""
        last = self.decision
        return bool(
            last
            and Approved(last.said) in MAY_DELIVER
            and last.on <= timezone.localdate()
            and (last.until is None or last.until >= timezone.localdate())
        )


class ProviderDecision(models.Model):
    """One decision on a provider, with what was shown for each criterion. Never changed; a later one follows it."""

    class Said(models.TextChoices):
        APPROVED = "approved", "Approved"
        CONDITIONS = "conditions", "Approved with conditions"
        REFUSED = "refused", "Not approved"
        WITHDRAWN = "withdrawn", "Approval withdrawn"
        RESTORED = "restored", "Approval restored"

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="decisions")
    said = models.CharField(max_length=10, choices=Said.choices)
    shown = models.JSONField(default=dict)
    why = models.TextField()
    on = models.DateField()
    until = models.DateField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.provider}: {self.get_said_display()}"


class Visit(models.Model):
    """A visit to a provider and what was found."""

    class Grade(models.TextChoices):
        LOW = "low", "Low risk"
        MEDIUM = "medium", "Medium risk"
        HIGH = "high", "High risk"

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="visits")
    held_on = models.DateField()
    found = models.TextField()
    grade = models.CharField(max_length=6, choices=Grade.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-held_on", "-pk")

    def __str__(self) -> str:
        return f"{self.provider}, {self.held_on:%-d %B %Y}"


class ProviderAction(models.Model):
    """Something a provider is to do by a day. A condition of its approval is one too."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="actions")
    condition = models.BooleanField(default=False)
    text = models.TextField()
    due_on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closing = models.TextField(blank=True)

    class Meta:
        ordering = ("due_on", "pk")

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def overdue(self) -> bool:
        """Whether it should have been done by now."""
        return self.closed_at is None and self.due_on < timezone.localdate()
