"""Who people are: names and other details as they were given, the keys they are found by, and which records were joined."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models


class Person(models.Model):
    """Somebody known to a force. ``into`` is the record now used in place of this one, if two were found to be one person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey("accounts.Force", on_delete=models.PROTECT, related_name="known_people")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="joined")
    restricted = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=("force",), condition=models.Q(restricted=True), name="restricted_of_a_force")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Detail(models.Model):
    """One thing said of who somebody is, as it was said. Append-only: what was said before stays."""

    class Kind(models.TextChoices):
        NAME = "name", "Name"
        BORN = "born", "Date of birth"
        PHONE = "phone", "Telephone"
        ADDRESS = "address", "Address"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="details")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=250)
    said_at = models.DateTimeField(auto_now_add=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("said_at", "id")

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValueError("A detail is never changed: add what is said now.")
        super().save(*args, **kwargs)


class SearchKey(models.Model):
    """A key under which a person is found (core.identity.search_keys)."""

    force_id = models.BigIntegerField()
    key = models.CharField(max_length=120)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="keys")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("force_id", "key", "person"), name="key_once_a_person")
        ]

    def __str__(self) -> str:
        return self.key


class Join(models.Model):
    """Two records found to be of one person, by whom and why; it can be undone, and that is kept too."""

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="joins")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="joined_away")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    why = models.TextField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    undone_why = models.TextField(blank=True)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.other_id} into {self.kept_id}"


class NamedReader(models.Model):
    """Somebody on the list of those who may see a restricted person."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("person", "user"), name="reader_once")]

    def __str__(self) -> str:
        return str(self.user)


class Opening(models.Model):
    """Somebody's stated reason to see a person they are not dealing with, and until when it serves.

    ``broke_glass``: the person is restricted and the user is not on the list; somebody must review it within 72 hours.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    why = models.TextField()
    broke_glass = models.BooleanField(default=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    review = models.TextField(blank=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.user} {self.person_id}"
