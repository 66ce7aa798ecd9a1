"""Every change to continuing development."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.cpd import audit_sample, read_framework, shipped_framework_text, shipped_frameworks
from wholepicture.core.days import months_after
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.cpd.access import may_keep, may_lead
from wholepicture.web.cpd.models import Cycle, Entry, Framework
from wholepicture.web.programmes.services import CannotDoError
from wholepicture.web.programmes.services.evidencing import keep_file
from wholepicture.web.training.models import Enrolment

REMIND_DAYS = (90, 30, 7)
MOST_ROWS = 2_000


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def install_shipped(force: Force) -> None:
    """Give a force the frameworks that come with the product, and newer versions of those it has made nothing of its own of."""
    for name in shipped_frameworks():
        text = shipped_framework_text(name)
        held = Framework.objects.filter(force=force, slug=name).order_by("-number")
        if held.exclude(by=None).exists() or held.filter(digest=_digest(text)).exists():
            continue
        Framework.objects.create(
            force=force,
            slug=name,
            number=held[0].number + 1 if held else 1,
            text=text,
            digest=_digest(text),
            note="As it comes with the product",
        )


@transaction.atomic
def publish(*, slug: str, text: str, note: str, by: User) -> Framework:
    """Publish a new version. Cycles that have begun keep theirs.

    Raises:
        ContentError: the text is no framework.
        CannotDoError: its id is another's, or nothing differs.
    """
    if not may_lead(by) or by.force is None:
        raise PermissionDenied
    text = text.replace("\r\n", "\n").replace("\0", "")
    found = read_framework(text)
    if found.id != slug:
        raise CannotDoError(f"The id is {found.id!r}, and this framework is {slug!r}. Keep the id as it is.")
    Force.objects.select_for_update().get(pk=by.force_id)
    latest = Framework.objects.filter(force=by.force, slug=slug).order_by("-number").first()
    if latest is None:
        raise PermissionDenied
    if latest.digest == _digest(text):
        raise CannotDoError(f"Nothing differs from version {latest.number}.")
    made = Framework.objects.create(
        force=by.force,
        slug=slug,
        number=latest.number + 1,
        text=text,
        digest=_digest(text),
        note=note,
        by=by,
    )
    record(by=by, what="cpd.published", about=f"framework:{made.pk}", why=note)
    return made


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


def _open(cycle: Cycle, by: User) -> Cycle:
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("framework").get(pk=cycle.pk)
    if cycle.person_id != by.pk:
        raise PermissionDenied
    if cycle.declared_at and cycle.audit != Cycle.Audit.MORE:
        raise CannotDoError("This cycle is declared. What is new belongs in the next.")
    return cycle


@transaction.atomic
def plan(*, cycle: Cycle, topics: dict[str, str], by: User) -> Cycle:
    """Say for each topic what one means to do."""
    cycle = _open(cycle, by)
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
    cycle = _open(cycle, by)
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
    cycle = _open(entry.cycle, by)
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


@transaction.atomic
def take_in_training(*, cycle: Cycle, by: User) -> int:
    """Take in what somebody has completed in training within the cycle. Each comes once. Returns how many came."""
    cycle = _open(cycle, by)
    found = Enrolment.objects.filter(
        learner=by, completed_at__date__gte=cycle.begins_on, completed_at__date__lte=cycle.ends_on
    ).select_related("course")
    count = 0
    for enrolment in found:
        _, made = Entry.objects.get_or_create(
            cycle=cycle,
            source=f"training:{enrolment.pk}",
            defaults={
                "kind": Entry.Kind.TRAINING,
                "title": enrolment.course.title[:160],
                "happened_on": timezone.localtime(enrolment.completed_at).date(),
            },
        )
        count += made
    record(by=by, what="cpd.took-in", about=f"cycle:{cycle.pk}", why=f"{count} from training")
    return count


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of a file that could not be used, and why."""

    number: int
    problem: str


_DONE = ("/completed", "/passed")


def rows_of_xapi(text: str) -> str:
    """xAPI 1.0.3 statements (a list, or an object with ``statements``) as the CSV that take_in_file reads: those that say something was done.

    Raises:
        CannotDoError: it is no list of statements.
    """
    try:
        found = json.loads(text)
        statements = found.get("statements") if isinstance(found, dict) else found
        if not isinstance(statements, list):
            raise ValueError
    except (ValueError, RecursionError):
        raise CannotDoError(
            "The file is no list of xAPI statements. Give one, or a CSV with date and title."
        ) from None
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("date", "title", "minutes"))
    for statement in statements:
        if not isinstance(statement, dict) or not str(_at(statement, "verb", "id")).endswith(_DONE):
            continue
        names = _at(statement, "object", "definition", "name")
        title = next(iter(names.values()), "") if isinstance(names, dict) else ""
        rows.writerow((str(statement.get("timestamp", ""))[:10], str(title)[:160], ""))
    return out.getvalue()


def _at(found: Any, *path: str) -> Any:
    for part in path:
        found = found.get(part, "") if isinstance(found, dict) else ""
    return found


@transaction.atomic
def take_in_file(*, cycle: Cycle, text: str, by: User) -> tuple[int, list[BadRow]]:
    """Take in a CSV with the columns date, title and, if wanted, minutes, or xAPI statements. Good rows are kept, each once; the others are named.

    Raises:
        CannotDoError: a column is missing, or there are too many rows.
    """
    cycle = _open(cycle, by)
    text = text.removeprefix("\ufeff").replace("\0", "")
    reader = csv.DictReader(io.StringIO(rows_of_xapi(text) if text.lstrip()[:1] in ("[", "{") else text))
    head = {(h or "").strip().lower() for h in reader.fieldnames or []}
    if not {"date", "title"} <= head:
        raise CannotDoError(
            "The first line must name the columns date and title. Such as: date,title,minutes"
        )
    kept, bad = 0, []
    for row in reader:
        if reader.line_num > MOST_ROWS:
            raise CannotDoError(f"The list has more than {MOST_ROWS:,} rows. Give it in parts.")
        given = {(k or "").strip().lower(): (v or "").strip() for k, v in row.items() if isinstance(v, str)}
        try:
            day = date.fromisoformat(given.get("date", ""))
            minutes = int(given.get("minutes") or 0)
        except ValueError:
            bad.append(BadRow(reader.line_num, "date must be as 2026-05-31, and minutes a number."))
            continue
        title = given.get("title", "")[:160]
        if not title or not cycle.begins_on <= day <= cycle.ends_on or not 0 <= minutes < 10_000:
            bad.append(BadRow(reader.line_num, "it has no title, or lies outside the cycle."))
            continue
        source = f"file:{hashlib.sha256(f'{day}{title}'.encode()).hexdigest()[:24]}"
        _, made = Entry.objects.get_or_create(
            cycle=cycle,
            source=source,
            defaults={"kind": Entry.Kind.TRAINING, "title": title, "happened_on": day, "minutes": minutes},
        )
        kept += made
    record(by=by, what="cpd.took-in", about=f"cycle:{cycle.pk}", why=f"{kept} from a file")
    return kept, bad


def lacking(cycle: Cycle) -> list[str]:
    """What a cycle lacks before it can be declared."""
    content = cycle.framework.content
    shared = [e for e in cycle.entries.all() if e.shared_at]
    found = []
    if len(shared) < content.least_entries:
        found.append(f"{len(shared)} of {content.least_entries} entries are shared.")
    missing = [t.title for t in content.topics if not any(t.id in e.topics for e in shared)]
    if missing:
        found.append(f"Nothing is shared on: {'; '.join(missing)}.")
    hours = sum(e.minutes for e in shared) / 60
    if content.hours and hours < content.hours:
        found.append(f"{hours:.0f} of {content.hours} hours.")
    return found


@transaction.atomic
def declare(*, cycle: Cycle, statement: str, by: User) -> Cycle:
    """Declare a cycle. The next can begin; this one may be drawn to be looked at.

    Raises:
        CannotDoError: something is lacking, or nothing is said.
    """
    cycle = _open(cycle, by)
    missing = lacking(cycle)
    if missing:
        raise CannotDoError(" ".join(missing))
    if not statement.strip():
        raise CannotDoError("Say in a few lines what changed in your work because of this cycle.")
    cycle.statement, cycle.declared_at = statement.strip(), cycle.declared_at or timezone.now()
    if cycle.audit == Cycle.Audit.MORE:
        cycle.audit = Cycle.Audit.OPEN
    cycle.save(update_fields=["statement", "declared_at", "audit"])
    record(by=by, what="cpd.declared", about=f"cycle:{cycle.pk}")
    return cycle


@transaction.atomic
def draw(*, slug: str, by: User, seed: str = "") -> list[Cycle]:
    """Draw declared cycles to be looked at: risks (late, or not met before), then by chance. First cycles are spared by chance.

    Raises:
        CannotDoError: nobody can be drawn.
    """
    if not may_lead(by):
        raise PermissionDenied
    seed = (seed.strip() or secrets.token_hex(6))[:40]
    declared = {
        str(c.pk): c
        for c in Cycle.objects.select_for_update(of=("self",))
        .filter(person__force_id=by.force_id, framework__slug=slug, declared_at__isnull=False, audit="")
        .exclude(person=by)
        .select_related("framework", "person")
    }
    if not declared:
        raise CannotDoError("No declared cycle waits to be drawn.")
    before = Cycle.objects.filter(framework__slug=slug, declared_at__isnull=False)
    risks, spared = set(), set()
    for key, cycle in declared.items():
        earlier = before.filter(person=cycle.person, ends_on__lt=cycle.ends_on)
        late = cycle.declared_at and cycle.declared_at.date() > cycle.ends_on
        if late or earlier.filter(audit=Cycle.Audit.NOT_MET).exists():
            risks.add(key)
        elif not earlier.exists():
            spared.add(key)
    percent = next(iter(declared.values())).framework.content.sample_percent
    drawn = audit_sample(declared, percent=percent, seed=seed, risks=risks, spared=spared)
    for key, why in drawn.items():
        cycle = declared[key]
        cycle.audit, cycle.audit_why, cycle.audit_seed = Cycle.Audit.OPEN, why, seed
        cycle.save(update_fields=["audit", "audit_why", "audit_seed"])
        tell_people(
            [cycle.person],
            about=f"cycle:{cycle.pk}",
            subject="Your declared cycle is looked at",
            text="Your declaration was drawn to be looked at. Nothing is to be done unless you are asked for more.",
        )
    record(
        by=by,
        what="cpd.drawn",
        about=f"framework:{slug}",
        why=f"{len(drawn)} of {len(declared)}, seed {seed}",
    )
    return [declared[k] for k in drawn]


@transaction.atomic
def look(*, cycle: Cycle, said: str, feedback: str, by: User) -> Cycle:
    """Say what one makes of a drawn cycle: meets it, more is asked, or does not. The person is told.

    Raises:
        CannotDoError: it is one's own or not drawn, somebody else said so, or nothing is said.
    """
    if not may_lead(by):
        raise PermissionDenied
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("person").get(pk=cycle.pk)
    if cycle.person.force_id != by.force_id or cycle.person_id == by.pk:
        raise PermissionDenied
    if cycle.audit != Cycle.Audit.OPEN:
        raise CannotDoError(f"It is {cycle.get_audit_display().lower()} already.")
    if said not in (Cycle.Audit.MET, Cycle.Audit.MORE, Cycle.Audit.NOT_MET):
        raise CannotDoError("Choose what you make of it.")
    if not feedback.strip():
        raise CannotDoError("Say why. They read it.")
    cycle.audit, cycle.audit_said, cycle.audit_by, cycle.audit_at = said, feedback.strip(), by, timezone.now()
    cycle.save(update_fields=["audit", "audit_said", "audit_by", "audit_at"])
    tell_people(
        [cycle.person],
        about=f"cycle:{cycle.pk}",
        subject="Your declared cycle was looked at",
        text=f"{cycle.get_audit_display()}. Open CPD in Wholepicture to read why.",
    )
    record(by=by, what="cpd.looked-at", about=f"cycle:{cycle.pk}", why=said)
    return cycle


def remind(now: datetime) -> int:
    """Remind people before a cycle ends. Returns how many were told."""
    return remind_on(timezone.localdate(now))


@transaction.atomic
def remind_on(day: date) -> int:
    """Remind people before a cycle ends, once for each of so many days. Returns how many were told."""
    count = 0
    for cycle in (
        Cycle.objects.select_for_update(of=("self",))
        .filter(declared_at=None)
        .select_related("person", "framework")
    ):
        left = (cycle.ends_on - day).days
        due = [d for d in REMIND_DAYS if left <= d and d not in cycle.reminded]
        if not due or left < 0:
            continue
        cycle.reminded = sorted({*cycle.reminded, *due})
        cycle.save(update_fields=["reminded"])
        tell_people(
            [cycle.person],
            about=f"cycle:{cycle.pk}",
            subject=f"CPD: {cycle.ends_on:%-d %B %Y}",
            text=f"Your cycle of {cycle.framework.content.title} ends on {cycle.ends_on:%-d %B %Y}. Open CPD in Wholepicture to see what it lacks.",
        )
        count += 1
    return count


def declared_in_date(person: User, slug: str, on: date) -> Cycle | None:
    """The declared cycle that counts on a day: the last, unless it was found not to meet the framework or is longer ago than a cycle."""
    last = (
        Cycle.objects.filter(person=person, framework__slug=slug, declared_at__isnull=False)
        .exclude(audit=Cycle.Audit.NOT_MET)
        .order_by("-ends_on")
        .first()
    )
    if last and on <= months_after(last.ends_on, last.framework.content.cycle_months):
        return last
    return None
