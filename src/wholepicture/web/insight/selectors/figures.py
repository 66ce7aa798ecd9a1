"""A force's figures, each with its definition, the query that it asks, and what it does not say. Counts of people are rounded, small ones kept back."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from wholepicture.core.days import months_after
from wholepicture.core.insight.together import FEWEST, Together, in_words, said, together
from wholepicture.core.practice import load_default
from wholepicture.web.accounts.models import Force, Team, User
from wholepicture.web.encounters.selectors import counting
from wholepicture.web.encounters.selectors.counting import Scope
from wholepicture.web.insight.selectors import wellbeing
from wholepicture.web.insight.selectors.needs import needs_of
from wholepicture.web.licensing import selectors as licensing
from wholepicture.web.partners.models import Referral, Watched
from wholepicture.web.partners.selectors.figures import by_partner
from wholepicture.web.training.models import Enrolment

PERIODS = {3: "three months", 12: "a year", 24: "two years"}
Cells = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom and of when figures are asked. ``wellbeing``: whether whoever asks may see how people say they are."""

    force: Force
    months: int
    until: datetime
    team: Team | None
    wellbeing: bool = True

    @property
    def scope(self) -> Scope:
        """As accounts are asked for."""
        since = datetime.combine(
            months_after(timezone.localdate(self.until), -self.months), datetime.min.time(), self.until.tzinfo
        )
        return Scope(self.force.pk, since, self.until, self.team.pk if self.team else None)

    @property
    def words(self) -> str:
        """It in words."""
        of = f"of {self.team}" if self.team else "of the whole force"
        return f"over the last {PERIODS[self.months].removeprefix('a ')}, {of}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``bars``: (name, count) to be drawn, at most a dozen; ``upset``: combinations to be drawn; ``rows`` is always the same as a table."""

    id: str
    title: str
    value: str
    reading: str
    definition: str
    caveats: tuple[str, ...]
    queries: tuple[str, ...]
    heads: tuple[str, ...] = ()
    rows: Cells = ()
    bars: tuple[tuple[str, int], ...] = ()
    upset: Together | None = None
    names: dict[str, str] = field(default_factory=dict)
    address: str = ""
    next: str = ""


def sql(found: QuerySet[Any, Any]) -> str:
    """A query as it is asked, a clause a line."""
    text = str(found.query)
    return re.sub(r" (FROM|INNER JOIN|LEFT OUTER JOIN|WHERE|AND|ORDER BY|GROUP BY|LIMIT) ", r"\n\1 ", text)


SMALL = f"Counts of people are rounded to the nearest five; fewer than {FEWEST} are not shown."


def demand(asked: Asked, seen: counting.Seen) -> Figure:
    """Accounts by strand."""
    names = load_default().strands
    whole = sum(seen.by_month.values())
    rows = sorted(seen.strands.items(), key=lambda x: (-x[1], x[0]))
    bars = tuple((names.get(s, s), n) for s, n in rows[:12] if n >= FEWEST)
    return Figure(
        "demand",
        "What comes in, by strand",
        f"{whole:,} account{'' if whole == 1 else 's'}",
        f"Most often: {bars[0][0].lower()}, in {bars[0][1]:,} of them."
        if bars
        else "Nothing is recorded yet.",
        "Confirmed accounts by the day on which what they tell of happened. An account counts for a strand where something was recorded that belongs to it alone, or where it is the strand to which most of what was recorded belongs.",
        (
            "It counts what was recorded, not what happened: better recognising makes it go up.",
            "An account can count for several strands, so that they add up to more than all accounts.",
            f"A strand with fewer than {FEWEST} accounts is not drawn.",
        ),
        (
            sql(counting.accounts(asked.scope).values("id")),
            sql(counting.recorded(asked.scope).values("concept", "person__encounter_id")),
        ),
        ("Strand", "Accounts"),
        tuple((names.get(s, s), said(n)) for s, n in rows),
        bars,
        next=reverse("insight:needs"),
    )


def comes_together(asked: Asked, seen: counting.Seen) -> Figure:
    """How often vulnerabilities come together of one person."""
    names = {c.id: c.name for c in load_default().concepts.values()}
    found = together(seen.people)
    several = "Few" if found.several is None else f"{found.several:,}"
    return Figure(
        "together",
        "How often vulnerabilities come together",
        f"{several} of {found.people:,} people have two or more",
        "Each column is one exact combination; its dots say of what. People rarely have one vulnerability."
        if found.meetings
        else "Too few people are recorded to show combinations.",
        "People of confirmed accounts with something recorded as there of them or of their situation. Somebody known from several accounts counts once. The twelve commonest things are told apart in the chart.",
        (
            SMALL,
            f"{found.rare:,} combinations are rarer than those drawn, or of fewer than {FEWEST} people.",
            "A combination is of the twelve commonest things alone; somebody may have others besides.",
        ),
        (sql(counting.recorded(asked.scope).values("concept", "person_id", "person__identity_id")),),
        ("Together of one person", "People"),
        tuple((name, f"{n:,}") for name, n in in_words(found, names)),
        upset=found,
        names=names,
    )


def repeat(asked: Asked) -> Figure:
    """Who comes up again, and whose accounts only together show it."""
    found = counting.repeated(asked.scope)
    part = (
        ""
        if found.drawn >= found.twice + found.oftener
        else f"Only the {found.drawn:,} who come up most were looked at for what shows together."
    )
    return Figure(
        "repeat",
        "People who come up again",
        f"{said(found.twice + found.oftener)} of {said(found.people)} known people",
        f"For {said(found.hidden)} of them no account alone shows a way to harm that all show together.",
        "Known people (not suspects) of confirmed accounts. Hidden: a way to harm is open, or open as far as we know, when their accounts are read together, and in none of them alone.",
        tuple(
            c
            for c in (
                SMALL,
                "Only people whom somebody said who they are can be followed from one account to another.",
                part,
            )
            if c
        ),
        (sql(counting.appearances(asked.scope).values("identity_id", "encounter_id")),),
        ("", "People"),
        (
            ("In one account", said(found.people - found.twice - found.oftener)),
            ("In two accounts", said(found.twice)),
            ("In three accounts or more", said(found.oftener)),
            ("Hidden: only their accounts together show it", said(found.hidden)),
        ),
    )


def _half(hours: list[float]) -> str:
    if len(hours) < FEWEST:
        return "too few to say"
    middle = median(hours)
    return f"{middle:.0f} hours" if middle < 72 else f"{middle / 24:.1f} days"


def timeliness(asked: Asked) -> Figure:
    """From account to assessment to review."""
    assess, review = counting.hours_to_assess(asked.scope), counting.hours_to_review(asked.scope)
    waiting = counting.waiting(asked.scope)
    oldest = f"The oldest has waited {(asked.until - waiting[0]).days} days." if waiting else "None waits."
    return Figure(
        "timeliness",
        "How soon we look and decide",
        f"{_half(assess)} to an assessment",
        f"Half are quicker and half slower. Then {_half(review)} to a review. {len(waiting)} wait for one now. {oldest}",
        "Hours from when an account was confirmed to the first signed assessment of somebody in it, and from there to its review by a supervisor. Medians.",
        (
            "Accounts that nobody assessed are not in it.",
            "A quick review may be no review: read it beside what was sent back.",
        ),
        (sql(counting.assessed(asked.scope).values("at")), sql(counting.reviewed(asked.scope).values("at"))),
        ("", "Half within", "How many"),
        (
            ("Account to assessment", _half(assess), f"{len(assess):,}"),
            ("Assessment to review", _half(review), f"{len(review):,}"),
            ("Waiting for a review now", "", f"{len(waiting):,}"),
        ),
    )


def partners(asked: Asked) -> Figure:
    """How partners answer."""
    referrals = Referral.objects.filter(force=asked.force)
    rows = by_partner(referrals, since=asked.scope.since.date())
    sent, late = sum(r.sent for r in rows), sum(r.open_late for r in rows)
    shown = [r for r in rows if not r.small]
    return Figure(
        "partners",
        "How partners answer",
        f"{sent:,} requests sent",
        f"{sum(r.accepted for r in rows):,} accepted, {sum(r.declined for r in rows):,} declined or passed on, {late:,} late now."
        if sent
        else "Nothing was asked of partners yet.",
        "Requests to partners that were sent, by the partner asked. Hours from sending to the first decision; medians.",
        (
            f"A partner asked fewer than {FEWEST} times is not shown.",
            "It is of the whole force: requests are not a team's.",
        ),
        (
            sql(
                referrals.filter(sent_at__gte=asked.scope.since).order_by().values("organisation_id", "state")
            ),
        ),
        ("Partner", "Sent", "Hours to a decision", "Declined", "Controls restored"),
        tuple(
            (
                r.name,
                str(r.sent),
                "" if r.decided is None else f"{r.decided:g}",
                str(r.declined),
                str(r.restored),
            )
            for r in shown
        ),
        address=reverse("partners:figures"),
    )


def controls(asked: Asked) -> Figure:
    """What stands between people and harm, and ends or has failed."""
    rows = Watched.objects.filter(force=asked.force)
    if asked.team:
        rows = rows.filter(team=asked.team)
    soon = timezone.localdate(asked.until) + timedelta(days=30)
    ends, down = rows.filter(kind=Watched.Kind.ENDS, ends_on__lte=soon), rows.filter(kind=Watched.Kind.FAILED)
    alone = down.filter(picked_up_at=None).count()
    return Figure(
        "controls",
        "Protections that end soon or have failed",
        f"{ends.count():,} end within 30 days",
        f"{down.count():,} ways to harm stand open because a control failed; for {alone:,} of them nobody has said what they do about it.",
        "Ways to harm held shut only by controls that end within 30 days, and those open because a control failed, as the control watch has them now.",
        ("It is of now, whatever period is chosen.",),
        (sql(ends.order_by().values("pathway")), sql(down.order_by().values("pathway"))),
        ("", "Ways to harm"),
        (
            ("End within 30 days", str(ends.count())),
            ("Open because a control failed", str(down.count())),
            ("Of these, nobody on it yet", str(alone)),
        ),
    )


def capability(asked: Asked, seen: counting.Seen) -> Figure:
    """Who is licensed, against what comes in."""
    rows = []
    names = load_default().strands
    for c in licensing.capability_of(asked.force):
        bears_on = _bears_on(c.slug)
        comes = max((seen.strands.get(s, 0) for s in bears_on), default=0)
        heads = f"{comes / c.in_force:.0f}" if c.in_force and comes else ""
        rows.append(
            (
                c.scheme.title,
                str(c.in_force),
                str(c.soon),
                str(c.exempt),
                said(comes) if bears_on else "not known",
                heads,
                ", ".join(names.get(s, s).lower() for s in bears_on) or "no strand is named",
            )
        )
    licensed = sum(int(r[1]) for r in rows)
    return Figure(
        "capability",
        "Licensed people, against what comes in",
        f"{licensed:,} licences in force",
        "Accounts in a scheme's strands, for each person licensed under it: a guide to load, not a standard.",
        "Licences in force today by scheme, those that end within three months, people who lead by exemption, and accounts of the period in the scheme's strands (the largest of them).",
        (
            "Not every account becomes a case that a licensed person leads.",
            "Schemes say nothing of strands: which belong to which is ours.",
            "It is of the whole force, but for accounts when a team is chosen.",
        ),
        (sql(counting.recorded(asked.scope).values("concept", "person__encounter_id")),),
        ("Scheme", "In force", "End soon", "By exemption", "Accounts", "Accounts a head", "Strands"),
        tuple(rows),
        address=reverse("licensing:capability"),
    )


def _bears_on(slug: str) -> tuple[str, ...]:
    if slug.startswith("csa"):
        return ("child-sexual-exploitation", "child-abuse", "online-child-abuse")
    return ("domestic-abuse",) if slug.startswith("domestic-abuse") else ()


def training(asked: Asked) -> Figure:
    """How many of each team have finished a course."""
    people = User.objects.filter(force=asked.force, is_active=True).exclude(role="partner").order_by()
    if asked.team:
        people = people.filter(team=asked.team)
    finished = Enrolment.objects.filter(
        learner__in=people, completed_at__gte=asked.scope.since, completed_at__lte=asked.until
    ).order_by()
    who = set(finished.values_list("learner_id", flat=True))
    counts: dict[str, list[int]] = {}
    for pk, team in people.values_list("pk", "team__name"):
        row = counts.setdefault(team or "No team", [0, 0])
        row[0] += pk in who
        row[1] += 1
    done, whole = sum(r[0] for r in counts.values()), sum(r[1] for r in counts.values())
    return Figure(
        "training",
        "Training reach",
        f"{done:,} of {whole:,} people",
        "They have finished a course in the period.",
        "People with an account here, but for partners, who completed at least one course in the period, by team.",
        (
            f"A team of fewer than {FEWEST} is not shown.",
            "A course finished elsewhere counts only if it was recorded here.",
        ),
        (sql(finished.values("learner_id")),),
        ("Team", "Finished a course", "People"),
        tuple((team, str(n), str(of)) for team, (n, of) in sorted(counts.items()) if of >= FEWEST),
        address="",
    )


def missed(asked: Asked) -> Figure:
    """What dip samples say was missed."""
    found = needs_of(asked.force, asked.scope)
    rows = [n for n in found.concepts if n.share]
    first = rows[0] if rows else None
    return Figure(
        "missed",
        "What practice misses",
        f"{found.missed:,} of {found.chances:,} things",
        f"Most: {first.name.lower()} ({first.missed} of {first.of})."
        if first
        else "Too few accounts were looked at to say what.",
        "Things that accounts looked at in dip samples say, and how many of them nobody had recorded.",
        (
            "Dip samples are drawn by chance among accounts that nobody looked at yet; what the reader misses too is not in it.",
        ),
        (sql(counting.checks(asked.scope).values("encounter_id", "at")),),
        ("What", "Missed", "Of"),
        tuple((n.name, str(n.missed), str(n.of)) for n in rows[:12]),
        address=reverse("insight:needs"),
        next=reverse("insight:needs"),
    )


def people_say(asked: Asked) -> Figure:
    """How people say they are."""
    found = wellbeing.told(asked.force, asked.scope.since.date(), asked.team)
    return Figure(
        "wellbeing",
        "How those who do this work say they are",
        f"{found.answers:,} answers" if found.answers is not None else "too few answers to show",
        found.reading,
        "Confidential weekly check-ins, which keep no name and no time. A group is shown from ten answers up.",
        ("Who answers is not who does not.", "Nobody's own answer can be seen by anybody, nor changed."),
        (),
        ("", "Of all answers"),
        found.rows,
    )


def figures_of(asked: Asked, *, only: str = "") -> list[Figure]:
    """Every figure, or one: each asks only what it needs."""
    held: list[counting.Seen] = []

    def seen() -> counting.Seen:
        if not held:
            held.append(counting.seen_in(asked.scope))
        return held[0]

    makers: dict[str, Callable[[], Figure]] = {
        "demand": lambda: demand(asked, seen()),
        "together": lambda: comes_together(asked, seen()),
        "repeat": lambda: repeat(asked),
        "missed": lambda: missed(asked),
        "timeliness": lambda: timeliness(asked),
        "controls": lambda: controls(asked),
        "partners": lambda: partners(asked),
        "capability": lambda: capability(asked, seen()),
        "training": lambda: training(asked),
        "wellbeing": lambda: people_say(asked),
    }
    if not asked.wellbeing:
        del makers["wellbeing"]
    return [make() for name, make in makers.items() if only in ("", name)]


SLOW_SECONDS, KEPT_SECONDS = 1.0, 70 * 60


@dataclass(frozen=True, slots=True)
class Shown:
    """Every figure, and as of when."""

    figures: tuple[Figure, ...]
    at: datetime


def _key(asked: Asked) -> str:
    return f"figures-{asked.force.pk}-{asked.months}-{asked.team.pk if asked.team else 0}-{asked.wellbeing:d}"


def shown(asked: Asked) -> Shown:
    """Every figure, for the page that has all. Where they take long they are kept for an hour: counts alone, and the page says as of when."""
    held: Shown | None = cache.get(_key(asked))
    return held or _made(asked)


def _made(asked: Asked) -> Shown:
    began = time.monotonic()
    found = Shown(tuple(figures_of(asked)), asked.until)
    if time.monotonic() - began > SLOW_SECONDS:
        cache.set(_key(asked), found, KEPT_SECONDS)
    return found


def make_ready(now: datetime) -> None:
    """Have each large force's figures ready before anybody asks: a year, of the whole force. The worker does it every hour."""
    for force in Force.objects.all():
        for sees in (True, False):
            _made(Asked(force, 12, now, None, sees))
