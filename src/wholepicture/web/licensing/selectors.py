"""Reads of licences: what is met, where each stands, who may work today, and what the force can do."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.db.models import Q
from django.utils import timezone

from wholepicture.core.days import months_after
from wholepicture.core.licensing import (
    IN_FORCE,
    Requirement,
    Scheme,
    Shown,
    Standing,
    State,
)
from wholepicture.core.measurement import Agreement, agreement
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.cpd.services import declared_in_date
from wholepicture.web.licensing.models import (
    CaseLed,
    Declaration,
    Exemption,
    Licence,
    LicenceEvidence,
    StandardDecision,
)
from wholepicture.web.programmes.models import Award
from wholepicture.web.training.models import Certificate

WELLBEING_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Task:
    """One requirement: whether it is met, by what, and what is still to do."""

    requirement: Requirement
    met: bool
    said: str
    declaration: Declaration | None = None


def tasks_of(licence: Licence, *, renewal: bool = False, on: date | None = None) -> list[Task]:
    """What a licence needs, filled in from training, programmes, CPD and what was declared."""
    day = on or timezone.localdate()
    told: dict[str, Declaration] = {}
    for d in licence.declarations.select_related("by"):
        told.setdefault(d.requirement, d)
    return [
        _task(licence, r, told.get(r.id), day)
        for r in licence.scheme.content.requirements
        if (r.renewal or not renewal) and not (r.shown is Shown.CPD and not renewal)
    ]


def _task(licence: Licence, r: Requirement, declared: Declaration | None, day: date) -> Task:
    holder = licence.holder
    if r.shown is Shown.COURSE:
        return _course(r, holder, day)
    if r.shown is Shown.PROGRAMME:
        award = Award.objects.filter(
            result__place__learner=holder, result__place__cohort__version__programme__slug=r.name
        ).first()
        if award:
            return Task(r, True, f"Passed on {award.issued_at:%-d %B %Y}, given by {award.given_by}.")
        return Task(r, False, "Not passed yet. Ask for a place under Programmes.")
    if r.shown is Shown.LICENCE:
        return _licence(r, holder, day)
    if r.shown is Shown.CASES:
        count = licence.evidence.filter(case=True, withdrawn_at=None).count()
        return Task(r, count >= r.number, f"{count} of {r.number} given.")
    if r.shown is Shown.CPD:
        cycle = declared_in_date(holder, r.name, day)
        if cycle and cycle.declared_at:
            return Task(r, True, f"Declared on {cycle.declared_at:%-d %B %Y}.")
        return Task(r, False, "Not declared for the last cycle. Open CPD to see what it lacks.")
    return _declared(r, declared, day)


def _course(r: Requirement, holder: User, day: date) -> Task:
    last = (
        Certificate.objects.filter(enrolment__learner=holder, enrolment__course__slug=r.name)
        .order_by("-issued_at")
        .first()
    )
    if last is None:
        return Task(r, False, "Not completed yet. It is under Training.")
    if last.refresh_by and last.refresh_by < day:
        return Task(r, False, f"Completed, but to be refreshed since {last.refresh_by:%-d %B %Y}.")
    return Task(r, True, f"Completed on {last.issued_at:%-d %B %Y}.")


def _licence(r: Requirement, holder: User, day: date) -> Task:
    for held in Licence.objects.filter(holder=holder, scheme__slug=r.name).select_related("scheme"):
        s = held.standing(day)
        if s.state in IN_FORCE or (s.until and day <= months_after(s.until, 60)):
            return Task(r, True, f"Held: {s.state.value}, to {s.until:%-d %B %Y}.")
    return Task(r, False, "Not held, nor within five years.")


def _declared(r: Requirement, declared: Declaration | None, day: date) -> Task:
    if declared is None:
        return Task(r, False, f"To be declared by: {r.by}.")
    if r.by == "occupational health" and declared.on < months_after(day, -WELLBEING_MONTHS):
        return Task(r, False, f"The last was on {declared.on:%-d %B %Y}: a newer one is needed.", declared)
    return Task(r, True, f"{declared.on:%-d %B %Y}, by {declared.by}.", declared)


def missing(licence: Licence, *, renewal: bool = False) -> list[Task]:
    """What is not met yet."""
    return [t for t in tasks_of(licence, renewal=renewal) if not t.met]


def twice(licence: Licence) -> bool:
    """Whether an application is assessed twice: a share, told by its id, so that nobody chooses which."""
    number = int(sha256(str(licence.pk).encode()).hexdigest(), 16) % 100
    return number < licence.scheme.content.double_percent


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether somebody may lead a case today, and why."""

    yes: bool
    why: str
    conditions: tuple[str, ...] = ()


def may_lead(person: User, slug: str, on: date | None = None) -> Answer:
    """Whether somebody may lead a case of an area today: a licence in force, or an exemption that somebody senior has agreed to."""
    day = on or timezone.localdate()
    best: Standing | None = None
    for held in Licence.objects.filter(holder=person, scheme__slug=slug).select_related("scheme"):
        s = held.standing(day)
        if s.may_work:
            said = f"Licensed to {s.until:%-d %B %Y}." if s.until else "Licensed."
            return Answer(True, said, tuple(f"{c.text} ({c.measure}; {c.seen_to_by})" for c in s.conditions))
        if s.terms and (best is None or s.since > best.since):
            best = s
    exemption = Exemption.objects.filter(person=person, slug=slug, until__gte=day).first()
    if exemption:
        return Answer(
            True,
            f"Not licensed. {exemption.senior} has agreed until {exemption.until:%-d %B %Y}, supervised by {exemption.supervisor}.",
        )
    if best is None:
        return Answer(False, "No licence.")
    if best.state is State.GRACE:
        return Answer(
            False, "The licence has ended and is in grace: what they have goes on, nothing new may be given."
        )
    # Why it is not in force is the holder's own; that it is not is enough.
    return Answer(False, "The licence is not in force today.")


@dataclass(frozen=True, slots=True)
class Held:
    """One licence and where it stands today."""

    licence: Licence
    standing: Standing

    @property
    def ends_soon(self) -> bool:
        """Whether its term ends within three months."""
        end = self.standing.until
        return bool(self.standing.may_work and end and end <= timezone.localdate() + timedelta(90))


def held_in(force: Force, *, words: str = "", slug: str = "") -> list[Held]:
    """Licences that were granted, of a force, by name."""
    found = (
        Licence.objects.filter(scheme__force=force)
        .select_related("scheme", "holder")
        .prefetch_related("events")
    )
    if slug:
        found = found.filter(scheme__slug=slug)
    for word in words.split():
        found = found.filter(
            Q(holder__first_name__icontains=word)
            | Q(holder__last_name__icontains=word)
            | Q(holder__username__icontains=word)
        )
    held = [Held(x, x.standing()) for x in found.order_by("holder__last_name", "holder__first_name")]
    return [h for h in held if h.standing.terms]


@dataclass(frozen=True, slots=True)
class Capability:
    """What a force can do under one scheme."""

    scheme: Scheme
    slug: str
    in_force: int
    conditions: int
    soon: int
    not_in_force: int
    applying: int
    exempt: int
    cases: int

    @property
    def over(self) -> float | None:
        """Cases a head beyond what the scheme says is the most; None when it says nothing or nobody leads."""
        heads = self.in_force + self.exempt
        if not self.scheme.cases_a_head or not heads:
            return None
        return self.cases / heads - self.scheme.cases_a_head

    @property
    def load(self) -> str:
        """Cases a head, in words."""
        heads = self.in_force + self.exempt
        if not self.cases:
            return "No open case is recorded."
        if not heads:
            return f"{self.cases} open cases, and nobody who may lead them."
        said = f"{self.cases} open cases, {self.cases / heads:.1f} a head"
        if self.over is None:
            return said + "."
        return f"{said}; {abs(self.over):.1f} a head {'over' if self.over > 0 else 'under'} the most of {self.scheme.cases_a_head}."

    @property
    def words(self) -> str:
        """It in a sentence."""
        if not self.in_force:
            return "Nobody is licensed."
        said = f"{self.in_force} licensed"
        if self.soon:
            said += f"; {self.soon} of them end within three months"
        if self.over and self.over > 0:
            said += f"; {self.over:.1f} cases a head over"
        return said + "."


def capability_of(force: Force) -> list[Capability]:
    """What a force can do, scheme by scheme: counts only."""
    day = timezone.localdate()
    by_slug: dict[str, list[Held]] = defaultdict(list)
    latest: dict[str, Scheme] = {}
    for scheme in force.schemes.order_by("slug", "number"):
        latest[scheme.slug] = scheme.content
        by_slug.setdefault(scheme.slug, [])
    licences = (
        Licence.objects.filter(scheme__force=force)
        .select_related("scheme", "holder")
        .prefetch_related("events")
    )
    for licence in licences:
        by_slug[licence.scheme.slug].append(Held(licence, licence.standing(day)))
    found = []
    for slug, held in by_slug.items():
        found.append(
            Capability(
                latest[slug],
                slug,
                sum(h.standing.may_work for h in held),
                sum(h.standing.state is State.CONDITIONS for h in held),
                sum(h.ends_soon for h in held),
                sum(bool(h.standing.terms) and not h.standing.may_work for h in held),
                sum(
                    not h.standing.terms and h.standing.state not in (State.REFUSED, State.WITHDRAWN)
                    for h in held
                ),
                Exemption.objects.filter(person__force=force, slug=slug, until__gte=day).count(),
                CaseLed.objects.filter(person__force=force, slug=slug, ended_on=None).count(),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Load:
    """What one person leads."""

    person: User
    scheme: str
    cases: tuple[CaseLed, ...]
    most: int
    may: Answer

    @property
    def wrong(self) -> str:
        """Why it needs looking at; "" when it does not."""
        if not self.may.yes:
            return f"{self.may.why} Give these to somebody else."
        if self.most and len(self.cases) > self.most:
            return f"{len(self.cases) - self.most} over the most of {self.most}."
        return ""


def loads_of(force: Force) -> list[Load]:
    """Who leads what today, first those who may no longer and those who have too much."""
    latest = {s.slug: s for s in force.schemes.order_by("slug", "number")}
    held: dict[tuple[User, str], list[CaseLed]] = defaultdict(list)
    for case in CaseLed.objects.filter(person__force=force, ended_on=None).select_related("person"):
        held[case.person, case.slug].append(case)
    found = []
    for (who, slug), cases in held.items():
        scheme = latest.get(slug)
        most = scheme.content.cases_a_head if scheme else 0
        found.append(Load(who, str(scheme or slug), tuple(cases), most, may_lead(who, slug)))
    return sorted(found, key=lambda x: (not x.wrong, -len(x.cases), str(x.person)))


def to_bring(licence: Licence) -> list[LicenceEvidence]:
    """Evidence of earlier applications of the same person that this one could use: not withdrawn, not brought, young enough."""
    known = {s.id for s in licence.scheme.content.standards}
    brought = set(licence.evidence.exclude(brought=None).values_list("brought", flat=True))
    earlier = (
        LicenceEvidence.objects.filter(
            licence__holder=licence.holder_id,
            licence__scheme__slug=licence.scheme.slug,
            withdrawn_at=None,
            brought=None,
            happened_on__gte=months_after(timezone.localdate(), -60),
        )
        .exclude(licence=licence)
        .order_by("-happened_on")
    )
    return [e for e in earlier if e.pk not in brought and known & set(e.standards)]


def double_agreement(force: Force) -> Agreement | None:
    """How far first and second assessors agree, over every standard that both decided."""
    pairs: dict[tuple[object, str], dict[bool, str]] = defaultdict(dict)
    for d in StandardDecision.objects.filter(licence__scheme__force=force).order_by("at"):
        pairs[d.licence_id, d.standard][d.second] = d.said
    return agreement([[p[False], p[True]] for p in pairs.values() if len(p) == 2])
