"""An encounter, the people in it, what was recognised, and the observations recorded from it."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from wholepicture.core.picture import Grade, Why
from wholepicture.core.practice import Kind, State
from wholepicture.core.recognition import Polarity, Time


def choices(enum: Any) -> list[tuple[str, str]]:
    """An enum's values as a field's choices."""
    return [(item.value, item.value.replace("_", " ")) for item in enum]


class Encounter(models.Model):
    """One account of one contact with police. ``once`` is the form's one-time key: a retried save makes no second one.

    ``happened_at``: when it was true in the world; ``started_at``: when we were told.
    """

    class How(models.TextChoices):
        CALL = "call", "A call"
        VISIT = "visit", "A visit or attendance"
        CUSTODY = "custody", "Custody"
        REPORT = "report", "A report or referral"
        OTHER = "other", "Something else"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True)
    force = models.ForeignKey("accounts.Force", on_delete=models.PROTECT, related_name="encounters")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="encounters"
    )
    started_at = models.DateTimeField(auto_now_add=True, db_index=True)
    how = models.CharField(max_length=10, choices=How.choices, default=How.REPORT)
    happened_at = models.DateTimeField(db_index=True)
    place = models.CharField(max_length=250, blank=True)
    source = models.CharField(max_length=200)
    narrative = models.TextField()
    synthetic = models.BooleanField(default=False)
    catalogue_version = models.CharField(max_length=20)
    catalogue_hash = models.CharField(max_length=16)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-started_at",)
        indexes = [models.Index(fields=("force", "-started_at"), name="latest_of_a_force")]

    def __str__(self) -> str:
        return self.source


class EncounterPerson(models.Model):
    """One person of an encounter, children and suspects included."""

    encounter = models.ForeignKey(Encounter, on_delete=models.CASCADE, related_name="people")
    code = models.CharField(max_length=8)
    label = models.CharField(max_length=120)
    role = models.CharField(max_length=20)
    plural = models.BooleanField(default=False)
    main = models.BooleanField(default=False)
    given = models.CharField(max_length=80, blank=True)
    family = models.CharField(max_length=80, blank=True)
    born = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=250, blank=True)
    identity = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, related_name="appearances"
    )
    left_open_at = models.DateTimeField(null=True, db_index=True)
    # Whom a bulk run takes them for: one number on all that it takes to be one person. It proposes; nobody is joined by it.
    taken_for = models.UUIDField(null=True, db_index=True, editable=False)

    class Meta:
        ordering = ("-main", "id")
        constraints = [models.UniqueConstraint(fields=("encounter", "code"), name="person_once_in_encounter")]

    def __str__(self) -> str:
        return self.label


class Identification(models.Model):
    """What somebody said of who a person of an encounter is. Append-only; the last one stands."""

    class Said(models.TextChoices):
        THEM = "them", "This is them"
        NOT_THEM = "not_them", "Not them"
        NEW = "new", "Not known before"
        OPEN = "open", "Left open"

    person = models.ForeignKey(EncounterPerson, on_delete=models.CASCADE, related_name="identifications")
    known = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    said = models.CharField(max_length=10, choices=Said.choices)
    why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.person}: {self.said}"


class FoundInText(models.Model):
    """Something recognised in the narrative, or added by the officer, and what the officer said of it."""

    class Decision(models.TextChoices):
        NOT_YET = "not_yet", "Not checked yet"
        ACCEPTED = "accepted", "Yes"
        REJECTED = "rejected", "Not right"

    encounter = models.ForeignKey(Encounter, on_delete=models.CASCADE, related_name="findings")
    person = models.ForeignKey(EncounterPerson, on_delete=models.CASCADE, null=True, related_name="findings")
    concept = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=choices(Kind))
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    polarity = models.CharField(max_length=10, choices=choices(Polarity))
    time = models.CharField(max_length=12, choices=choices(Time))
    state = models.CharField(max_length=12, choices=choices(State))
    rule = models.TextField()
    cues = models.TextField(blank=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.NOT_YET)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ("start", "end", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("start")), name="finding_span_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.concept} {self.start}-{self.end}"


class RecordedObservation(models.Model):
    """The atom of record: append-only; a later one corrects an earlier one. ``told_by``: who said it, where somebody else recorded it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(EncounterPerson, on_delete=models.CASCADE, related_name="observations")
    concept = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=choices(State))
    why = models.CharField(max_length=40, blank=True, choices=choices(Why))
    evidence = models.TextField(blank=True)
    rule = models.TextField(blank=True)
    told_by = models.CharField(max_length=250, blank=True)
    observer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    observed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    ends_on = models.DateField(null=True, blank=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    finding = models.ForeignKey(FoundInText, on_delete=models.PROTECT, null=True, related_name="observations")

    class Meta:
        ordering = ("recorded_at", "id")

    def __str__(self) -> str:
        return f"{self.concept}: {self.state}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValueError("An observation is never changed: record a later one that corrects it.")
        super().save(*args, **kwargs)


class Assessment(models.Model):
    """A named professional's judgement on a picture, signed. Append-only: a later one may follow it, none replaces it.

    ``pathways``: what was open when it was signed, {pathway: state}; ``worst``: the gravest of their harms, to order queues.
    ``waiting``: nobody has reviewed it and no later one follows; kept beside so that a queue of millions is read in its order.
    ``differs``: what was said of grade and picture not sitting together; ``reason``: what the assessor answered.
    """

    once = models.UUIDField(unique=True)
    person = models.ForeignKey(EncounterPerson, on_delete=models.PROTECT, related_name="assessments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assessments")
    at = models.DateTimeField(db_index=True)
    grade = models.CharField(max_length=10, choices=choices(Grade))
    threat = models.TextField(blank=True)
    harm = models.TextField(blank=True)
    risk = models.TextField(blank=True)
    investigation = models.TextField(blank=True)
    vulnerability = models.TextField(blank=True)
    engagement = models.TextField(blank=True)
    actions = models.JSONField(default=list)
    pathways = models.JSONField(default=dict)
    worst = models.PositiveSmallIntegerField(default=0)
    differs = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    previous = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    force = models.ForeignKey("accounts.Force", on_delete=models.PROTECT, related_name="+")
    waiting = models.BooleanField(default=True)

    class Meta:
        ordering = ("-at", "-id")
        indexes = [
            models.Index(
                "force",
                models.F("worst").desc(),
                "at",
                condition=models.Q(waiting=True),
                name="assessment_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.grade}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValueError("A signed assessment is never changed: sign a later one.")
        super().save(*args, **kwargs)


class AssessmentReview(models.Model):
    """What a supervisor said of an assessment. Each is reviewed once; what is returned is answered by a later assessment."""

    class Outcome(models.TextChoices):
        AGREED = "agreed", "Agreed"
        RETURNED = "returned", "Returned with a comment"

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="review")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    comment = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.assessment}: {self.outcome}"


class QualityCheck(models.Model):
    """A dip sample: somebody else read the account again and said what had been missed."""

    once = models.UUIDField(unique=True)
    encounter = models.OneToOneField(Encounter, on_delete=models.PROTECT, related_name="quality_check")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    comment = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.encounter}"


class Missed(models.Model):
    """One thing that an account said and nobody had recorded."""

    check_made = models.ForeignKey(QualityCheck, on_delete=models.PROTECT, related_name="missed")
    concept = models.CharField(max_length=80)
    words = models.TextField()

    def __str__(self) -> str:
        return self.concept


class Draft(models.Model):
    """An account being written, kept on the server as it is typed. Keeping it triggers nothing.

    ``version`` goes up with each save, so that two windows on one draft are told apart. ``window``: the one that saved last;
    ``before_text`` and ``before_place``: what stood there when it took over from another, which both began with.
    """

    once = models.UUIDField(unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    text = models.TextField(blank=True)
    place = models.CharField(max_length=250, blank=True)
    version = models.PositiveIntegerField(default=0)
    window = models.CharField(max_length=16, blank=True)
    before_text = models.TextField(blank=True)
    before_place = models.CharField(max_length=250, blank=True)
    kept_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("kept_at",)

    def __str__(self) -> str:
        return f"{self.owner}: {self.kept_at}"


class Retention(models.Model):
    """How long somebody's record is kept. ``group``: of the force's rules, empty until somebody has said which.

    ``due``: when somebody must look again; ``hold``: why it may not be disposed of (an inquiry, a claim), empty for no hold.
    """

    person = models.OneToOneField("people.Person", on_delete=models.CASCADE, related_name="retention")
    force = models.ForeignKey("accounts.Force", on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=10, blank=True)
    due = models.DateField()
    reviewed_on = models.DateField(null=True)
    hold = models.TextField(blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True)
    proposed_why = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=("force", "due"), name="retention_due_in_a_force")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.group or 'not grouped'}, {self.due}"


class RetentionDecision(models.Model):
    """What somebody decided of keeping a record, and why. Append-only; it outlives the record, whose number it carries."""

    class Decision(models.TextChoices):
        KEPT = "kept", "Keep, and look again later"
        HELD = "held", "Hold: it may not be disposed of for now"
        RELEASED = "released", "End the hold"
        PROPOSED = "proposed", "Propose to dispose of it"
        REFUSED = "refused", "Do not dispose of it"
        DISPOSED = "disposed", "Dispose of it"

    record_number = models.UUIDField(db_index=True)
    force = models.ForeignKey("accounts.Force", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    group = models.CharField(max_length=10, blank=True)
    why = models.TextField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.record_number}: {self.decision}"


class Disposal(models.Model):
    """That a record was disposed of: when, by which two people, why, how much, and nothing of what it said.

    ``digest``: SHA-256 of what was destroyed, so that a copy found later can be shown to be it.
    """

    record_number = models.UUIDField(unique=True)
    force = models.ForeignKey("accounts.Force", on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=10)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    why = models.TextField()
    destroyed = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.record_number}: {self.at:%d %B %Y}"


class AccountWord(models.Model):
    """A word that stands in some account of a force, with what a misspelt one is found by (core.spelling)."""

    force_id = models.BigIntegerField()
    word = models.CharField(max_length=40)
    first = models.CharField(max_length=1)
    length = models.PositiveSmallIntegerField()
    sound = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("force_id", "word"), name="word_once_in_a_force")]
        indexes = [
            models.Index(fields=("force_id", "first", "length"), name="word_by_first_and_length"),
            models.Index(fields=("force_id", "sound"), name="word_by_sound"),
        ]

    def __str__(self) -> str:
        return self.word
