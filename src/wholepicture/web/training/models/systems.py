"""A force's own learning systems: which may open training here, and where marks go back."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from wholepicture.web.accounts.models import Force, User
from wholepicture.web.training.models.learning import Course


class Lms(models.Model):
    """A force's own learning system, which may open training here (LTI 1.3). ``key``: what we sign with, encrypted."""

    registration = models.OneToOneField(
        "lti_tool.LtiRegistration", on_delete=models.PROTECT, related_name="lms"
    )
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="learning_systems")
    key = models.TextField()
    public_key = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.registration)


class UsedLaunch(models.Model):
    """A launch that has been used. Its token is not taken a second time, whoever brings it."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.digest[:12]


class LmsPlace(models.Model):
    """Where a learner's mark for a course, or one step of it, goes in the learning system they came from."""

    lms = models.ForeignKey(Lms, on_delete=models.CASCADE, related_name="places")
    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="lms_places")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    item = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=255)
    endpoint = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("lms", "learner", "course", "item"), name="one_place_a_mark")
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.course} {self.item}".strip()
