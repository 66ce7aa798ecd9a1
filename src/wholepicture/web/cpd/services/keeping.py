"""One's own cycle: begun, planned, written in and shared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.days import months_after
from wholepicture.web.accounts.models import User
from wholepicture.web.audit.services import record
from wholepicture.web.cpd.access import may_keep
from wholepicture.web.cpd.models import Cycle, Entry, Framework
from wholepicture.web.programmes.services import CannotDoError
from wholepicture.web.programmes.services.evidencing import keep_file


@transaction.atomic
def begin(*, framework: Framework, by: User, today: date | None = None) -> Cycle:
    """Begin a cycle, or go on with the one that is open.

    Raises:
        CannotDoError: the framework is of an older version.
    """
    if not may_keep(by) or framework.force_id != by.force_id:
        raise PermissionDenied
    User.objects.select_for_update().get(pk=by.pk)
    held = by.cycles.filter(framework__slug=framework.slug, declared_at=None).first()
    if held:
        return held
    latest = Framework.objects.filter(force_id=by.force_id, slug=framework.slug).order_by("-number")[0]
    last = by.cycles.filter(framework__slug=framework.slug).order_by("-ends_on").first()
    day = today or timezone.localdate()
    starts = max(day, months_after(last.ends_on, 0)) if last else day
    made = Cycle.objects.create(
        person=by,
        framework=latest,
        begins_on=starts,
        ends_on=months_after(starts, latest.content.cycle_months),
    )
    record(by=by, what="cpd.begun", about=f"cycle:{made.pk}", why=str(latest))
    return made


def writable(cycle: Cycle, by: User) -> Cycle:
    """The cycle, held for writing by whose it is.

    Raises:
        PermissionDenied: it is somebody else's.
        CannotDoError: it is declared.
    """
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("framework").get(pk=cycle.pk)
    if cycle.person_id != by.pk:
        raise PermissionDenied
    if cycle.declared_at and cycle.audit != Cycle.Audit.MORE:
        raise CannotDoError("This cycle is declared. What is new belongs in the next.")
    return cycle


@transaction.atomic
def plan(*, cycle: Cycle, topics: dict[str, str], by: User) -> Cycle:
    """Say for each topic what one means to do."""
    cycle = writable(cycle, by)
    cycle.plan = {t.id: topics.get(t.id, "").strip()[:2_000] for t in cycle.framework.content.topics}
    cycle.save(update_fields=["plan"])
    record(by=by, what="cpd.planned", about=f"cycle:{cycle.pk}")
    return cycle


@dataclass(frozen=True, slots=True)
class Did:
    """Something that was done, as it is given."""

    kind: str
    title: str
    happened_on: date
    topics: tuple[str, ...] = ()
    reflection: str = ""
    effect: str = ""
    question: str = ""
    minutes: int = 0
    upload: tuple[str, bytes] | None = None


@transaction.atomic
def keep(*, cycle: Cycle, did: Did, by: User, entry: Entry | None = None, source: str = "") -> Entry:
    """Keep something that was done, or change it. It is private until it is shared.

    Raises:
        CannotDoError: it lies outside the cycle, is yet to come, or names a topic that is not there.
    """
    cycle = writable(cycle, by)
    content = cycle.framework.content
    if did.happened_on > timezone.localdate():
        raise CannotDoError("The day is yet to come. Give the day on which it happened.")
    if not cycle.begins_on <= did.happened_on <= cycle.ends_on:
        raise CannotDoError(
            f"It must lie in this cycle, from {cycle.begins_on:%-d %B %Y} to {cycle.ends_on:%-d %B %Y}."
        )
    if any(content.topic(t) is None for t in did.topics):
        raise CannotDoError("Choose topics of the framework.")
    if entry is not None and entry.cycle_id != cycle.pk:
        raise PermissionDenied
    if entry is not None and entry.shared_at:
        raise CannotDoError("You have shared it. Keep what is new as another entry.")
    made = entry or Entry(cycle=cycle, source=source)
    made.kind, made.title, made.happened_on = did.kind, did.title, did.happened_on
    made.topics, made.question, made.minutes = list(did.topics), did.question, did.minutes
    made.reflection, made.effect = did.reflection.strip(), did.effect.strip()
    if did.upload:
        made.document = keep_file(*did.upload, by)
    made.save()
    record(by=by, what="cpd.kept", about=f"cycle:{cycle.pk}")
    return made


@transaction.atomic
def share(*, entry: Entry, by: User) -> Entry:
    """Share what one did and what changed. The reflection stays one's own.

    Raises:
        CannotDoError: what changed is not said, it names no topic, or it was shared.
    """
    cycle = writable(entry.cycle, by)
    if entry.shared_at:
        raise CannotDoError("You have shared it already.")
    if not entry.topics:
        raise CannotDoError("Choose at least one topic that it is about.")
    if not entry.effect.strip():
        raise CannotDoError("Say what changed because of it. That is what is shared; your reflection is not.")
    entry.shared_at = timezone.now()
    entry.save(update_fields=["shared_at"])
    record(by=by, what="cpd.shared", about=f"cycle:{cycle.pk}")
    return entry
