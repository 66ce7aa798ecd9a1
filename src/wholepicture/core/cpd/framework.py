"""What people in a role keep up, over which cycle, and how many are looked at: data.

Output-based, as the College of Policing's approach is: what counts is what changed, not hours, unless a framework asks for hours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from pathlib import Path

from wholepicture.core.learning import ContentError
from wholepicture.core.learning.read import Entry, parse_toml

HERE = Path(__file__).parent / "frameworks"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Topic:
    """Something to keep up, and what somebody who does can show."""

    id: str
    title: str
    shows: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question for a senior officer to put to their own people, about a figure of their own force."""

    id: str
    topic: str
    figure: str
    text: str


@dataclass(frozen=True, slots=True)
class Framework:
    """One version of a framework. ``hours``: 0 where none are asked; ``sample_percent``: how many are looked at by chance."""

    id: str
    title: str
    who: str
    basis: str
    cycle_months: int
    hours: int
    least_entries: int
    sample_percent: float
    topics: tuple[Topic, ...]
    questions: tuple[Question, ...]

    def topic(self, ident: str) -> Topic | None:
        """A topic by its id."""
        return next((t for t in self.topics if t.id == ident), None)


def read_framework(text: str, *, name: str = "framework.toml") -> Framework:
    """A framework from its TOML.

    Raises:
        ContentError: with every fault found, each naming its entry.
    """
    e = Entry(parse_toml(text, name), name, [])
    if e.number("format", default=0, least=0, most=99) != FORMAT:
        e.wrong(f"This version reads format = {FORMAT}.")
    topics = tuple(
        Topic(t.text("id", longest=20), t.text("title", longest=120), t.text("shows"))
        for t in e.entries("topics")
    )
    known = {t.id for t in topics}
    found = Framework(
        id=e.text("id", longest=60),
        title=e.text("title", longest=120),
        who=e.text("who"),
        basis=e.text("basis"),
        cycle_months=e.number("cycle_months", default=12, least=1, most=60),
        hours=e.number("hours", default=0, least=0, most=500),
        least_entries=e.number("least_entries", default=4, least=1, most=50),
        sample_percent=e.number("sample_per_thousand", default=25, least=0, most=1000) / 10,
        topics=topics,
        questions=tuple(
            Question(
                q.text("id", longest=20),
                q.one_of("topic", known, "topic"),
                q.text("figure", longest=40),
                q.text("text"),
            )
            for q in e.entries("questions")
        ),
    )
    if not topics:
        e.wrong("there are no [[topics]]. Give at least one.")
    if e.problems:
        raise ContentError(e.problems)
    return found


def shipped_frameworks() -> tuple[str, ...]:
    """The names of the frameworks that come with the product."""
    return tuple(sorted(p.stem for p in HERE.glob("*.toml")))


def shipped_framework_text(name: str) -> str:
    """One of them, as its file has it."""
    return (HERE / f"{name}.toml").read_text("utf-8")


def audit_sample(
    people: Iterable[str],
    *,
    percent: float,
    seed: str,
    risks: Collection[str] = (),
    spared: Collection[str] = (),
) -> dict[str, str]:
    """Whom to look at, and why: every risk, then by chance to the share (rounded up, of those who can be drawn).

    ``spared``: in their first cycle; looked at only when they are a risk. The same people, seed and risks give the same.
    """
    everyone = sorted(set(people))
    found = {p: "a risk" for p in everyone if p in set(risks)}
    able = [p for p in everyone if p not in found and p not in set(spared)]
    wanted = ceil(len(able) * percent / 100 - 1e-9)
    able.sort(key=lambda p: sha256(f"{seed}\0{p}".encode()).digest())
    return found | dict.fromkeys(able[:wanted], "drawn by chance")
