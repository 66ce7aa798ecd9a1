"""Users, their force and role, and the tokens of systems."""

import hashlib
import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

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


class Team(models.Model):
    """People of a force who work together and see one another's accounts: a shift, a neighbourhood team, a unit."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("force", "name"), name="team_once_in_a_force")]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """Somebody who signs in."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, null=True, related_name="people")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.OFFICER)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="members")
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
    ends_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def digest_of(secret: str) -> str:
        """The hash under which a token is kept. The secret is 256 random bits, so one fast hash is enough."""
        return hashlib.sha256(secret.encode()).hexdigest()


class Webhook(models.Model):
    """A system that is told what happened here. ``secret``: what it knows our messages by.

    ``partner``: it is a partner's, and is told of what is sent to that partner alone.
    """

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="webhooks")
    name = models.CharField(max_length=80)
    address = models.URLField(max_length=300)
    secret = models.CharField(max_length=300)
    partner = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class Outgoing(models.Model):
    """One message that is sent out by the worker. ``due``: when it is next tried, or when a worker's hold on it ends."""

    class Kind(models.TextChoices):
        MAIL = "mail", "Mail"
        WEBHOOK = "webhook", "To a system"
        LMS = "lms", "To a learning system"
        XAPI = "xapi", "To a learning record store"
        REFERRAL = "referral", "To a partner's system"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        GIVEN_UP = "given-up", "Given up"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, null=True, related_name="+")
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, null=True, related_name="messages")
    to = models.EmailField(blank=True)
    about = models.CharField(max_length=120)
    body = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)
    due = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-made_at",)
        indexes = [
            models.Index(fields=("due",), condition=models.Q(state="waiting"), name="outgoing_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}: {self.state}"


class Chore(models.Model):
    """Something the worker does from time to time, when it was last begun and done, and what went wrong. The row is locked to take it."""

    name = models.CharField(max_length=40, unique=True)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name


class HeldForm(models.Model):
    """What somebody sent when their session had ended: kept for a day, for them alone, to be sent once they are in again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="held_forms")
    path = models.CharField(max_length=300)
    fields = models.JSONField()
    at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return f"{self.user}: {self.path}"
