"""Users, their force and role, and the tokens of systems."""

import hashlib

from django.contrib.auth.models import AbstractUser
from django.db import models

from wholepicture.core.practice import Nation


class Role(models.TextChoices):
    """What somebody does here; access.py in each app says what each may."""

    OFFICER = "officer", "Officer"
    CONTROL_ROOM = "control-room", "Control room"
    SUPERVISOR = "supervisor", "Supervisor"
    SAFEGUARDING = "safeguarding", "Safeguarding unit"
    RECORDS = "records", "Records specialist"
    TRAINER = "trainer", "Trainer"
    LEARNER = "learner", "Learner"
    ASSESSOR = "assessor", "Assessor"
    INTERNAL_QUALITY = "internal-quality", "Internal quality assurer"
    EXTERNAL_QUALITY = "external-quality", "External quality assurer"
    LICENSING = "licensing", "Licensing lead"
    CPD = "cpd", "CPD lead"
    CHIEF_OFFICER = "chief-officer", "Chief officer"
    PARTNER = "partner", "Partner worker"
    ANALYST = "analyst", "Analyst"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


class Force(models.Model):
    """A police force, or another organisation that runs the product."""

    name = models.CharField(max_length=120, unique=True)
    nation = models.CharField(max_length=7, choices=[(n, n) for n in Nation], default=Nation.ENGLAND)

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """Somebody who signs in."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, null=True, related_name="people")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.OFFICER)
    demo = models.BooleanField(default=False)
    must_choose_password = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Token(models.Model):
    """A system's key to the API. Only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def digest_of(secret: str) -> str:
        """The hash under which a token is kept. The secret is 256 random bits, so one fast hash is enough."""
        return hashlib.sha256(secret.encode()).hexdigest()
