"""The audit entry: append-only, and chained to the one before it."""

from typing import Any

from django.conf import settings
from django.db import models

from wholepicture.web.audit.words import WHAT, about_in_words


class Chain(models.Model):
    """The head of one force's chain. Its row is locked while an entry is written, so that two writers never fork it."""

    name = models.CharField(max_length=40, unique=True)
    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.name}: {self.number}"


class Entry(models.Model):
    """One thing somebody did or saw. The database itself refuses to change or delete one (guard.py)."""

    chain = models.CharField(max_length=40)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField(db_index=True)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    who_name = models.CharField(max_length=150, blank=True)
    what = models.CharField(max_length=60, db_index=True)
    about = models.CharField(max_length=120, db_index=True)
    why = models.TextField(blank=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=("chain", "number"), name="audit_number_once_a_chain")]

    def __str__(self) -> str:
        return f"{self.at:%d %B %Y %H:%M} {self.who_name} {self.what} {self.about}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise ValueError("An audit entry is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ValueError("An audit entry is never deleted.")

    @property
    def said(self) -> str:
        """What was done, in words."""
        return WHAT.get(self.what, self.what)

    @property
    def about_said(self) -> str:
        """What it was about, in words."""
        return about_in_words(self.about)
