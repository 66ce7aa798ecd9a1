"""Figures of what comes in: by strand, together of one person, again of the same person."""

from __future__ import annotations

from django.urls import reverse

from wholepicture.core.insight.together import FEWEST, few, in_words, said, together
from wholepicture.core.practice import load_default
from wholepicture.web.encounters.selectors import counting
from wholepicture.web.insight.selectors.figure import SMALL, Asked, Figure, sql


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
            f"A strand with fewer than {FEWEST} accounts is not drawn; the table says only that there were some.",
        ),
        (
            sql(counting.accounts(asked.scope).values("id")),
            sql(counting.recorded(asked.scope).values("concept", "person__encounter_id")),
        ),
        ("Strand", "Accounts"),
        tuple((names.get(s, s), few(n)) for s, n in rows),
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
