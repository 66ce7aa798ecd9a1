"""Figures of what is done about it: how soon, by partners, by protections that hold, by people who are licensed."""

from __future__ import annotations

from datetime import timedelta
from statistics import median

from django.urls import reverse
from django.utils import timezone

from wholepicture.core.insight.together import FEWEST, few
from wholepicture.core.practice import load_default
from wholepicture.web.encounters.selectors import counting
from wholepicture.web.insight.selectors.figure import Asked, Figure, sql
from wholepicture.web.licensing import selectors as licensing
from wholepicture.web.partners.models import Referral, Watched
from wholepicture.web.partners.selectors.figures import by_partner


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
                few(comes) if bears_on else "not known",
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
