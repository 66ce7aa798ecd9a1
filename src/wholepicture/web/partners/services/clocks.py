"""What is done as time passes: reminders, escalation to a named person, the reconciler, what slipped through, the daily digest."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.partners.lifecycle import WITH_PARTNER, Due, State, Step
from wholepicture.core.partners.sharing import canonical
from wholepicture.core.picture import PathwayState, worst
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.models import Force, Outgoing, Role, User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.accounts.services.outgoing import post
from wholepicture.web.audit.services import record
from wholepicture.web.encounters.models import Assessment, Encounter, EncounterPerson
from wholepicture.web.encounters.selectors import key_of, picture_of
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners import access
from wholepicture.web.partners.models import Referral, Slipped, WatchDone, Watched
from wholepicture.web.partners.services.steps import CLOCK, Told, append, locked, tell_partner
from wholepicture.web.partners.services.watching import NEVER, refresh

# A shift to finish in, well within the day by which it must be found.
SLIPPED_AFTER = timedelta(hours=12)
LOOK_BACK = timedelta(days=14)
DECLINED_WAITS = timedelta(hours=24)
DIGEST_DAYS = 7
# How often the watch goes on within one habit, so that no habit takes long.
GOES = 4
WITH_PARTNER_VALUES = [s.value for s in WITH_PARTNER]


def named_person(user: User) -> User | None:
    """Who is told when somebody's referral or account waits: their team's supervisor, or else one of the safeguarding unit."""
    active = User.objects.filter(force_id=user.force_id, is_active=True).exclude(pk=user.pk)
    found = None
    if user.team_id:
        found = active.filter(role=Role.SUPERVISOR, team_id=user.team_id).order_by("pk").first()
    return (
        found
        or active.filter(role=Role.SAFEGUARDING).order_by("pk").first()
        or active.filter(role=Role.SUPERVISOR).order_by("pk").first()
    )


def remind_and_escalate(now: datetime) -> int:
    """Remind partners of what is late, and bring it to a named person when it stays so. Returns how many were touched."""
    late = Referral.objects.filter(due__lt=now, state__in=WITH_PARTNER_VALUES, escalated_at=None)
    declined = Referral.objects.filter(
        state__in=(State.DECLINED, State.REDIRECTED),
        attention_since__lt=now - DECLINED_WAITS,
        escalated_at=None,
    )
    touched = 0
    for pk in [
        *late.order_by("due").values_list("pk", flat=True)[:500],
        *declined.values_list("pk", flat=True)[:500],
    ]:
        touched += _late(pk, now)
    return touched


@transaction.atomic
def _late(pk: object, now: datetime) -> bool:
    referral = locked(Referral(pk=pk))
    if referral.escalated_at:
        return False
    if referral.standing in WITH_PARTNER:
        if referral.due is None or referral.due >= now or referral.sent_at is None:
            return False
        due = Due(referral.due_what, referral.due)
        if referral.reminded_at is None:
            return _remind(referral, now)
        if now < due.escalates_at(referral.since):
            return False
        why = f"{due.what[:1].upper()}{due.what[1:]} was due on {timezone.localtime(due.at):%-d %B at %H:%M}."
    else:
        why = f"It has been {referral.state} since {timezone.localtime(referral.since):%-d %B at %H:%M}, and nobody has said what is done instead."
    return _escalate(referral, why, now)


def _remind(referral: Referral, now: datetime) -> bool:
    append(referral, Step.REMIND, CLOCK)
    referral.reminded_at = now
    referral.save(update_fields=["reminded_at"])
    about = f"referral:{referral.pk}"
    text = f"{referral.number} waits for {referral.due_what}. Sign in to Wholepicture, or use the link you were sent, to answer."
    if referral.organisation:
        tell_partner(
            referral.organisation,
            about=about,
            subject=f"A reminder: {referral.number} waits for you",
            text=text,
        )
    tell_people(
        [referral.by],
        about=about,
        subject=f"{referral.number} is late",
        text=f"{referral.number} still waits for {referral.due_what}. The partner has been reminded.",
    )
    return True


def _escalate(referral: Referral, why: str, now: datetime) -> bool:
    to = named_person(referral.by)
    if referral.standing in WITH_PARTNER or referral.standing is State.DECLINED:
        append(referral, Step.ESCALATE, CLOCK, Told(why=f"{why} It goes to {to}." if to else why))
    referral.escalated_at, referral.escalated_to = now, to
    referral.save(update_fields=["escalated_at", "escalated_to"])
    tell_people(
        [u for u in (to, referral.by) if u],
        about=f"referral:{referral.pk}",
        subject=f"{referral.number} needs somebody",
        text=f"{referral.number} has waited too long. Open it in Wholepicture: it says whom to ring.",
    )
    return True


def deliver(item: Outgoing) -> str:
    """Give a referral to a partner's system; what went wrong, or nothing. It bears the referral's own id each time, so that
    a system that had it before lets it go."""
    pk = item.body["referral"]
    referral = Referral.objects.select_related("organisation__system").filter(pk=pk).first()
    if referral is None or referral.standing not in WITH_PARTNER:
        return ""
    if item.webhook is None or item.webhook.stopped_at:
        return "The partner's system is not told any more."
    assert referral.sent_at
    payload = {
        "type": "referral.sent",
        "timestamp": referral.sent_at.isoformat(),
        "data": {"referral": str(referral.pk), "digest": referral.digest, "document": referral.document},
    }
    problem = post(referral.pk, item.webhook, canonical(payload))
    if not problem:
        delivered(referral)
    return problem


@transaction.atomic
def delivered(referral: Referral) -> None:
    """A partner's system has taken it. Said again, or after they have opened it, it changes nothing."""
    referral = locked(referral)
    if referral.standing is State.SENT:
        append(referral, Step.DELIVER, CLOCK)


def reconcile(now: datetime) -> int:
    """Bring what was sent and what waits to be sent into line; returns how much was mended.

    A referral that is sent and not delivered must have a message that waits. One whose message was sent is delivered; one whose
    message is gone or given up gets another, and somebody is told to ring.
    """
    mended = 0
    waiting = Referral.objects.filter(
        state=State.SENT, organisation__system__isnull=False, sent_at__lt=now - timedelta(minutes=5)
    ).select_related("organisation__system", "by")
    for referral in waiting[:500]:
        mended += _reconciled(referral, now)
    return mended


@transaction.atomic
def _reconciled(referral: Referral, now: datetime) -> bool:
    referral = locked(referral)
    about = f"referral:{referral.pk}"
    messages = Outgoing.objects.filter(about=about, kind=Outgoing.Kind.REFERRAL)
    if referral.standing is not State.SENT or messages.filter(state=Outgoing.State.WAITING).exists():
        return False
    if messages.filter(state=Outgoing.State.SENT).exists():
        delivered(referral)
        return True
    given_up = messages.filter(state=Outgoing.State.GIVEN_UP).exists()
    if given_up and referral.escalated_at is None:
        _escalate(referral, "The partner’s system has not taken it for two days. Ring them.", now)
    assert referral.organisation
    Outgoing.objects.create(
        kind=Outgoing.Kind.REFERRAL,
        force_id=referral.force_id,
        webhook_id=referral.organisation.system_id,
        about=about,
        body={"referral": str(referral.pk)},
        due=now + timedelta(hours=1) if given_up else now,
    )
    return True


def find_slipped(now: datetime) -> int:
    """Find whoever slipped through: their picture has open pathways, and twelve hours on nobody chose an action or asked a partner.

    Each account is looked at once; what has been done since closes what was found. Returns how many were found.
    """
    found = 0
    for force in Force.objects.all():
        done, _ = WatchDone.objects.get_or_create(
            force=force, defaults={"up_to": NEVER, "day": timezone.localtime(now).date()}
        )
        since = done.slipped_up_to or now - LOOK_BACK
        until = now - SLIPPED_AFTER
        encounters = Encounter.objects.filter(force=force, confirmed_at__gt=since, confirmed_at__lte=until)
        for encounter in encounters.select_related("started_by").order_by("confirmed_at"):
            for person in encounter.people.select_related("identity__into", "encounter"):
                found += _slipped(person, now)
        WatchDone.objects.filter(pk=done.pk).update(slipped_up_to=max(until, since))
    return found


def _slipped(person: EncounterPerson, now: datetime) -> bool:
    picture = picture_of(person)
    open_now = picture.by_state(PathwayState.OPEN, PathwayState.UNGUARDED)
    if not open_now or acted_on(person):
        return False
    to = named_person(person.encounter.started_by)
    with transaction.atomic():
        _, made = Slipped.objects.get_or_create(
            person=person,
            defaults={
                "force_id": person.encounter.force_id,
                "to": to,
                "pathways": [r.pathway.id for r in open_now],
                "worst": worst(default_recogniser().catalogue, picture),
                "found_at": now,
            },
        )
        if made:
            tell_people(
                [u for u in (to, person.encounter.started_by) if u],
                about=f"encounter:{person.encounter_id}",
                subject="Somebody may have slipped through",
                text="An account shows somebody at risk of harm, and nobody has chosen an action or asked a partner. Open Today in Wholepicture to see whom.",
            )
    return made


def acted_on(person: EncounterPerson) -> bool:
    """Whether anybody chose an action for them or asked a partner, since this account was recorded."""
    key = key_of(person)
    own = [person.pk]
    if not key.startswith("a"):
        own = list(EncounterPerson.objects.filter(identity=key).values_list("pk", flat=True)) + list(
            EncounterPerson.objects.filter(identity__into=key).values_list("pk", flat=True)
        )
    since = person.encounter.started_at
    sent = Referral.objects.filter(person__in=own, sent_at__gte=since).exclude(state=State.RECALLED)
    if sent.exists():
        return True
    signed = Assessment.objects.filter(person__in=own, at__gte=since).values_list("actions", flat=True)
    return any(signed)


@transaction.atomic
def settle_slipped(now: datetime) -> int:
    """Close what has been acted on since it was found."""
    closed = 0
    for row in Slipped.objects.filter(closed_at=None).select_related(
        "person__encounter", "person__identity__into"
    ):
        if acted_on(row.person):
            row.closed_at, row.closed_why = now, "An action was chosen, or a partner asked."
            row.save(update_fields=["closed_at", "closed_why"])
            closed += 1
    return closed


@transaction.atomic
def close_slipped(*, row: Slipped, why: str, by: User) -> Slipped:
    """Say why nothing more is to be done.

    Raises:
        CannotDoError: no reason is given.
    """
    if not access.slipped_to(by).filter(pk=row.pk).exists():
        raise PermissionDenied
    if not why.strip():
        raise CannotDoError("Say why neither an action nor a partner is needed.")
    row = Slipped.objects.select_for_update().get(pk=row.pk)
    row.closed_at, row.closed_by, row.closed_why = timezone.now(), by, why.strip()[:400]
    row.save(update_fields=["closed_at", "closed_by", "closed_why"])
    record(by=by, what="slipped.closed", about=f"person:{row.person_id}", why=why)
    return row


def refresh_all(now: datetime) -> int:
    """Bring the watch of every force up to date, as far as it comes in one go; returns how many have come up to now."""
    return sum(any(refresh(force, now) for _ in range(GOES)) for force in Force.objects.all())


@transaction.atomic
def digest(now: datetime) -> int:
    """Once a day, tell those who watch how many controls end within a week, and how many have failed with nobody on it. No names."""
    told = 0
    today = timezone.localtime(now).date()
    for force in Force.objects.all():
        rows = Watched.objects.filter(force=force)
        ends = rows.filter(
            kind=Watched.Kind.ENDS, ends_on__gte=today, ends_on__lte=today + timedelta(days=DIGEST_DAYS)
        ).count()
        failed = rows.filter(kind=Watched.Kind.FAILED, picked_up_at=None).count()
        if not ends and not failed:
            continue
        people = [u for u in User.objects.filter(force=force, is_active=True) if access.may_watch(u)]
        tell_people(
            people,
            about=f"watch:{today}",
            subject=f"Control watch: {ends} to end within a week, {failed} failed and open",
            text=f"{ends} ways to harm are held shut only by controls that end within {DIGEST_DAYS} days. {failed} stand open because a control has failed and nobody has said what they do about it. Open Watch in Wholepicture.",
        )
        told += len(people)
    return told
