"""Programmes of a force and the versions of their specifications. A version is its text, and never changes once proposed."""

from __future__ import annotations

from functools import lru_cache

from django.db import models
from django.utils import timezone

from wholepicture.core.practice import load_default
from wholepicture.core.programmes import Specification, read_specification
from wholepicture.web.accounts.models import Force, User


class Programme(models.Model):
    """A taught programme of a force."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="programmes")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=160)

    class Meta:
        ordering = ("title",)
        constraints = [models.UniqueConstraint(fields=("force", "slug"), name="programme_once_in_a_force")]

    def __str__(self) -> str:
        return self.title

    @property
    def current(self) -> Version:
        """The version approved last, which cohorts that begin now are given."""
        return self.versions.filter(state=Version.State.APPROVED).order_by("-number")[0]


class Version(models.Model):
    """One version of a specification. ``by`` is None for the one that comes with the product."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        REVIEWED = "reviewed", "Reviewed: waits for approval"
        RETURNED = "returned", "Returned"
        APPROVED = "approved", "Approved"

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    note = models.CharField(max_length=400)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=("programme", "number"), name="specification_once")]

    def __str__(self) -> str:
        return f"{self.programme}, version {self.number}"

    @property
    def content(self) -> Specification:
        """What it says, read once and shared."""
        return _content(self.pk, self.digest)


@lru_cache(maxsize=32)
def _content(pk: int, digest: str) -> Specification:
    return read_specification(Version.objects.values_list("text", flat=True).get(pk=pk), load_default())


class Judgement(models.Model):
    """What a reviewer or approver said of a version. Never changed; a later one follows it."""

    class Said(models.TextChoices):
        REVIEWED = "reviewed", "Reviewed, and fit to approve"
        RETURNED = "returned", "Returned"
        APPROVED = "approved", "Approved"

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="judgements")
    said = models.CharField(max_length=8, choices=Said.choices)
    why = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.version}: {self.said}"
