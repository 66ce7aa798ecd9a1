"""The portfolio: evidence, what assessors decided of it, where they differ, and the knowledge test. Decisions are never changed."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from wholepicture.core.programmes.specification import Method
from wholepicture.web.accounts.models import User
from wholepicture.web.programmes.models.delivery import Place
from wholepicture.web.programmes.models.specification import Version


class Document(models.Model):
    """A file that somebody uploaded, as it came: kept in the database, so that a backup and an access rule hold for it too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Evidence(models.Model):
    """A piece of evidence and the criteria it is for. Withdrawn, it stays to be read by who must."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=24, choices=[(m.value, m.value.capitalize()) for m in Method])
    title = models.CharField(max_length=160)
    text = models.TextField()
    happened_on = models.DateField()
    criteria = models.JSONField(default=list)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    witness = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="testimony")
    testimony = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    once = models.UUIDField(unique=True, default=uuid.uuid4)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return self.title

    @property
    def counts(self) -> bool:
        """Whether it can be judged: not withdrawn and, if a witness was asked, signed by them."""
        return self.withdrawn_at is None and (self.witness_id is None or self.signed_at is not None)


class HandedIn(models.Model):
    """That a learner handed a criterion in to be judged."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="handed_in")
    criterion = models.CharField(max_length=20)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.place}: {self.criterion}"


class Decision(models.Model):
    """What an assessor decided of a criterion, on which evidence. ``part`` says whether it is the assessor's, a second opinion's
    or the settling of a difference."""

    class Part(models.TextChoices):
        FIRST = "first", "The assessor"
        SECOND = "second", "A second opinion"
        SETTLED = "settled", "Settled"

    class Said(models.TextChoices):
        MET = "met", "Met"
        NOT_YET = "not-yet", "Not yet met"

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="decisions")
    criterion = models.CharField(max_length=20)
    part = models.CharField(max_length=7, choices=Part.choices, default=Part.FIRST)
    said = models.CharField(max_length=7, choices=Said.choices)
    feedback = models.TextField()
    borderline = models.BooleanField(default=False)
    evidence = models.JSONField(default=list)
    again_by = models.DateField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="decided")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")
        indexes = [models.Index(fields=("place", "criterion"), name="decisions_of_a_criterion")]

    def __str__(self) -> str:
        return f"{self.place}: {self.criterion} {self.said}"


class SecondOpinion(models.Model):
    """Somebody else judges a criterion too, without seeing what was said of it. ``assessor``: None until one is named."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="opinions")
    of = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="opinions")
    assessor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="opinions")
    why = models.CharField(max_length=400)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, null=True, related_name="opinion")

    class Meta:
        ordering = ("at", "pk")
        constraints = [models.UniqueConstraint(fields=("of", "assessor"), name="one_opinion_an_assessor")]

    def __str__(self) -> str:
        return f"second opinion of {self.of}"


class Difference(models.Model):
    """Two people judged a criterion differently. Nothing is released until a third has settled it."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="differences")
    criterion = models.CharField(max_length=20)
    one = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="+")
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    settled = models.OneToOneField(Decision, on_delete=models.PROTECT, null=True, related_name="settles")

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("place", "criterion"),
                condition=models.Q(settled=None),
                name="one_open_difference_a_criterion",
            )
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.criterion}"


class Study(models.Model):
    """Judges set the line of a version's knowledge test. In the second round each sees the others' means of the first."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="studies")
    round = models.PositiveSmallIntegerField(default=1)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("version",), condition=models.Q(closed_at=None), name="one_open_study_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}: round {self.round}"


class Judged(models.Model):
    """One judge's shares, question by question, in one round."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="judged")
    judge = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    shares = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("study", "judge", "round"), name="judged_once_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.judge}: {self.study}"


class CutScore(models.Model):
    """Where the line of a version's test is, and how it came to be there. A result keeps the one it was judged by."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="cut_scores")
    study = models.OneToOneField(Study, on_delete=models.PROTECT, null=True, related_name="cut")
    score = models.FloatField()
    error = models.FloatField(null=True)
    judges = models.PositiveSmallIntegerField()
    needed = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()
    why = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.needed} of {self.of}"


class Sitting(models.Model):
    """One go at the knowledge test. ``right``: by question; the order of the options is the sitting's own."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="sittings")
    cut = models.ForeignKey(CutScore, on_delete=models.PROTECT, related_name="sittings")
    number = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField(default=timezone.now)
    handed_in_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)
    right = models.JSONField(default=dict)

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=("place", "number"), name="sat_once_a_number")]

    def __str__(self) -> str:
        return f"{self.place}: sitting {self.number}"

    @property
    def score(self) -> int:
        """How many were right."""
        return sum(bool(v) for v in dict[str, Any](self.right).values())

    @property
    def passed(self) -> bool:
        """Whether it reached the line that it is judged by."""
        return self.handed_in_at is not None and self.score >= self.cut.needed
