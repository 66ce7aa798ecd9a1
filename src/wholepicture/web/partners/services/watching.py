"""The control watch, worked out ahead: whoever something was recorded of, and whose control's last day has passed, is drawn anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wholepicture.core.picture import PathwayResult, PathwayState, Picture, watch
from wholepicture.core.practice import State
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.audit.services import record
from wholepicture.web.encounters.models import EncounterPerson, RecordedObservation
from wholepicture.web.encounters.selectors import cumulative, key_of
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners import access
from wholepicture.web.partners.models import ReferralEvent, WatchDone, Watched
from wholepicture.web.partners.selectors.watching import alike

AHEAD_DAYS = 3_660
# The clock of another server may be a little behind: what it recorded is looked at again.
OVERLAP = timedelta(minutes=5)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
MOST_AT_ONCE = 5_000


def refresh(force: Force, now: datetime | None = None, *, most: int = MOST_AT_ONCE) -> bool:
    """Work out the watch of a force from where it stands; whether it has come up to now. Only what has changed is drawn.

    ``most``: observations looked at, oldest first; what is left is for next time.
    """
    moment = now or timezone.now()
    day = timezone.localtime(moment).date()
    done, _ = WatchDone.objects.get_or_create(force=force, defaults={"up_to": NEVER, "day": day})
    rows = list(
        RecordedObservation.objects.filter(
            person__encounter__force=force, recorded_at__gt=done.up_to - OVERLAP, recorded_at__lte=moment
        )
        .order_by("recorded_at")
        .values_list("person_id", "recorded_at")[:most]
    )
    whole = len(rows) < most or rows[-1][1] <= done.up_to
    people = {pk for pk, _ in rows}
    if done.day < day:
        ended = Watched.objects.filter(force=force, ends_on__lt=day)
        people |= set(ended.values_list("person_id", flat=True))
    for person in EncounterPerson.objects.filter(pk__in=people).select_related("encounter", "identity__into"):
        refresh_person(person)
    WatchDone.objects.filter(pk=done.pk).update(up_to=moment if whole else rows[-1][1], day=day)
    return whole


@transaction.atomic
def refresh_person(person: EncounterPerson) -> None:
    """Work out the watch of one person."""
    key = key_of(person)
    latest = _latest(person)
    picture = cumulative(latest)
    wanted = {(w.pathway, w.kind): w for w in _rows(latest, key, picture)}
    encounter = latest.encounter
    for held in Watched.objects.select_for_update().filter(force_id=encounter.force_id, key=key):
        new = wanted.pop((held.pathway, held.kind), None)
        if new is None:
            held.delete()
        elif (held.controls, held.ends_on, held.holder, held.person_id) != (
            new.controls,
            new.ends_on,
            new.holder,
            new.person_id,
        ):
            if (held.controls, held.ends_on) != (new.controls, new.ends_on):
                # Something else holds it, or to another day: what was said of it is said of the past.
                held.picked_up, held.picked_up_by, held.picked_up_at = "", None, None
            held.controls, held.ends_on, held.holder = new.controls, new.ends_on, new.holder
            held.person, held.severity, held.team_id = new.person, new.severity, new.team_id
            held.save()
    Watched.objects.bulk_create(wanted.values(), ignore_conflicts=True)
    # Known by another key before somebody said who they are.
    Watched.objects.filter(person=person).exclude(key=key).delete()


def _latest(person: EncounterPerson) -> EncounterPerson:
    if person.identity is None:
        return person
    root = person.identity.into or person.identity
    found = (
        EncounterPerson.objects.filter(
            Q(identity=root) | Q(identity__into=root), encounter__confirmed_at__isnull=False
        )
        .select_related("encounter__started_by", "identity__into")
        .order_by("-encounter__happened_at", "-pk")
        .first()
    )
    return found or person


def _rows(person: EncounterPerson, key: str, picture: Picture) -> Iterable[Watched]:
    ends = watch(picture, within_days=AHEAD_DAYS)
    for item in ends:
        yield _row(person, key, picture, Watched.Kind.ENDS, item.result, item.controls, item.ends_on)
    for result in picture.by_state(PathwayState.OPEN, PathwayState.UNGUARDED):
        down = tuple(g for g, s in result.guards if s in (State.FAILED, State.WEAKENING))
        if down:
            yield _row(person, key, picture, Watched.Kind.FAILED, result, down, None)


def _row(
    person: EncounterPerson,
    key: str,
    picture: Picture,
    kind: str,
    result: PathwayResult,
    controls: tuple[str, ...],
    ends_on: date | None,
) -> Watched:
    basis = [picture.held[c].basis for c in controls]
    told = ReferralEvent.objects.filter(observation__in=[b.id for b in basis]).exclude(holder="").first()
    concepts = default_recogniser().catalogue.concepts
    today = timezone.localdate()
    ended = [b.ends_on for b in basis if kind == Watched.Kind.FAILED and b.ends_on and b.ends_on < today]
    since = max(b.recorded_at for b in basis)
    if ended:
        midnight = datetime.combine(
            max(ended) + timedelta(days=1), datetime.min.time(), timezone.get_current_timezone()
        )
        since = max(since, midnight)
    return Watched(
        force_id=person.encounter.force_id,
        key=key,
        person=person,
        team_id=person.encounter.started_by.team_id,
        kind=kind,
        pathway=result.pathway.id,
        controls=list(controls),
        holder=told.holder if told else ", ".join(dict.fromkeys(concepts[c].holder for c in controls)),
        severity=result.severity,
        ends_on=ends_on,
        since=since,
    )


@transaction.atomic
def pick_up(*, watched: Watched, what: str, by: User) -> Watched:
    """Say what one does about it, for every way to harm that rests on the same controls. It stays on the watch until they hold again.

    Raises:
        CannotDoError: nothing is said.
    """
    if not access.watched_by(by).filter(pk=watched.pk).exists():
        raise PermissionDenied
    if not what.strip():
        raise CannotDoError("Say what you do about it, and by when.")
    watched = Watched.objects.select_for_update().get(pk=watched.pk)
    alike(watched).update(picked_up=what.strip()[:300], picked_up_by=by, picked_up_at=timezone.now())
    record(by=by, what="watch.picked-up", about=f"person:{watched.person_id}", why=what)
    return watched
