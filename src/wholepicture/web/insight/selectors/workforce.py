"""Figures of those who do the work: whom training reaches, what they miss, how they say they are."""

from __future__ import annotations

from django.urls import reverse

from wholepicture.core.insight.together import FEWEST
from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.selectors import counting
from wholepicture.web.insight.selectors import wellbeing
from wholepicture.web.insight.selectors.figure import Asked, Figure, sql
from wholepicture.web.insight.selectors.needs import needs_of
from wholepicture.web.training.models import Enrolment


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
