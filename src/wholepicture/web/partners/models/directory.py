"""The directory: organisations and their services, where they came from, and what was refused."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from wholepicture.core.partners.directory import STATUSES, read_service
from wholepicture.core.partners.directory import Service as Read
from wholepicture.web.accounts.models import Force, User, Webhook


class Organisation(models.Model):
    """A partner. ``email``: where requests are told of (nothing personal is in the mail); ``named`` and ``named_phone``: who is rung.

    ``system``: a system of theirs that takes requests itself, if they have one.
    """

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="organisations")
    external_id = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    says = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    named = models.CharField(max_length=120, blank=True)
    named_phone = models.CharField(max_length=40, blank=True)
    system = models.ForeignKey(Webhook, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=("force", "external_id"), name="organisation_once")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That a partner worker works for an organisation, and so sees what was sent to it."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="works_for")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="workers")
    post = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}"


class Feed(models.Model):
    """Where services come from: an address that serves the Open Referral UK API, or ("" ) a file that was given."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="feeds")
    name = models.CharField(max_length=120)
    address = models.URLField(max_length=300, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """One reading of a feed, a page at a time: ``next_page`` is where it goes on after a stop. ``due``: when a worker may take it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        GIVEN_UP = "given-up", "Given up"

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="imports")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    content = models.TextField(blank=True)
    next_page = models.PositiveIntegerField(default=1)
    pages = models.PositiveIntegerField(null=True)
    taken = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    due = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-begun_at", "-pk")

    def __str__(self) -> str:
        return f"{self.feed}: {self.state}"


class Refused(models.Model):
    """A row of an import that was not taken, or (``kept``) taken without some part of it, and why."""

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="refused")
    page = models.PositiveIntegerField()
    row = models.PositiveIntegerField()
    identifier = models.CharField(max_length=200, blank=True)
    said = models.TextField()
    kept = models.BooleanField(default=False)

    class Meta:
        ordering = ("page", "row", "pk")

    def __str__(self) -> str:
        return f"page {self.page}, row {self.row}: {self.said[:60]}"


class Service(models.Model):
    """A service. ``body``: what the feed gave, which is served again; ``own``: what the standard has no place for.

    ``withheld``: never served to others (a refuge's address). ``confirmed_at``: when somebody here last rang and found it right.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="services")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="services")
    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="services")
    external_id = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    says = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=[(s, s) for s in STATUSES])
    minimum_age = models.PositiveSmallIntegerField(null=True)
    maximum_age = models.PositiveSmallIntegerField(null=True)
    assured_on = models.DateField(null=True)
    modified_on = models.DateField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withheld = models.BooleanField(default=False)
    search = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    body = models.JSONField(default=dict)
    own = models.JSONField(default=dict)
    seen_in = models.ForeignKey(Import, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("name", "pk")
        constraints = [models.UniqueConstraint(fields=("feed", "external_id"), name="service_once_in_a_feed")]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"

    @property
    def read(self) -> Read:
        """It as the directory's own reading gives it."""
        return read_service({**self.body, "wholepicture": self.own})


class ServiceKind(models.Model):
    """A kind of partner that a service is, by the catalogue's names."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="kinds")
    kind = models.CharField(max_length=40, db_index=True)

    class Meta:
        ordering = ("kind",)
        constraints = [models.UniqueConstraint(fields=("service", "kind"), name="kind_once_a_service")]

    def __str__(self) -> str:
        return self.kind


class ServicePlace(models.Model):
    """Where a service is. Degrees; ``district``: the first half of its postcode."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="places")
    city = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    district = models.CharField(max_length=5, blank=True, db_index=True)
    address = models.TextField(blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    def __str__(self) -> str:
        return self.postcode or self.city
