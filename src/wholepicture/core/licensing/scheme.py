"""What a licence is for, who may hold it and how long: data, so that a new scheme is no code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from wholepicture.core.learning import ContentError
from wholepicture.core.learning.read import Entry, parse_toml
from wholepicture.core.licensing.lifecycle import Rules

HERE = Path(__file__).parent / "schemes"
FORMAT = 1


class Shown(StrEnum):
    """How a requirement is shown to be met."""

    COURSE = "course"
    PROGRAMME = "programme"
    LICENCE = "licence"
    CASES = "cases"
    DECLARED = "declared"
    CPD = "cpd"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What an applicant needs. ``name``: the course, programme or scheme; ``by``: who declares it; ``number``: of cases."""

    id: str
    text: str
    shown: Shown
    name: str
    by: str
    number: int
    renewal: bool


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard that evidence is mapped to and an assessor decides on."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """One version of a licence scheme. ``area``: what work it covers; ``panel``: how many must vote.

    ``cases_a_head``: how many cases a holder should lead at once at the most; 0 when the scheme does not say.
    """

    id: str
    title: str
    area: str
    basis: str
    may_hold: str
    rules: Rules
    panel: int
    double_percent: int
    cases_a_head: int
    requirements: tuple[Requirement, ...]
    standards: tuple[Standard, ...]


BY = ("applicant", "line manager", "vetting", "occupational health")
_TIMES = {
    "validity_months": (36, 1, 120),
    "grace_days": (28, 0, 180),
    "renewal_days": (90, 1, 365),
    "notice_days": (21, 1, 90),
    "appeal_days": (28, 1, 180),
    "interim_months": (6, 1, 18),
    "suspension_months": (12, 1, 24),
    "conditions_months": (36, 1, 60),
    "bar_months": (12, 0, 120),
    "return_months": (6, 1, 24),
    "pause_adds": (0, 0, 1),
}


def read_scheme(text: str, *, name: str = "scheme.toml") -> Scheme:
    """A scheme from its TOML.

    Raises:
        ContentError: with every fault found, each naming its entry.
    """
    e = Entry(parse_toml(text, name), name, [])
    if e.number("format", default=0, least=0, most=99) != FORMAT:
        e.wrong(f"This version reads format = {FORMAT}.")
    times = {k: e.number(k, default=d, least=low, most=high) for k, (d, low, high) in _TIMES.items()}
    found = Scheme(
        id=e.text("id", longest=60),
        title=e.text("title", longest=120),
        area=e.text("area", longest=120),
        basis=e.text("basis"),
        may_hold=e.text("may_hold"),
        rules=Rules(**times),
        panel=e.number("panel", default=3, least=1, most=9),
        double_percent=e.number("double_percent", default=10, least=0, most=100),
        cases_a_head=e.number("cases_a_head", default=0, least=0, most=200),
        requirements=tuple(_requirement(r) for r in e.entries("requirements")),
        standards=tuple(Standard(s.text("id", longest=20), s.text("text")) for s in e.entries("standards")),
    )
    if not found.standards:
        e.wrong("there are no [[standards]]. Give at least one.")
    ids = [x.id for x in found.requirements] + [x.id for x in found.standards]
    for twice in sorted({i for i in ids if i and ids.count(i) > 1}):
        e.wrong(f"the id {twice} is given twice.")
    if e.problems:
        raise ContentError(e.problems)
    return found


def _requirement(e: Entry) -> Requirement:
    shown = e.choice("shown", Shown, Shown.DECLARED)
    by = e.one_of("by", BY, "who") if shown is Shown.DECLARED else ""
    named = shown in (Shown.COURSE, Shown.PROGRAMME, Shown.LICENCE, Shown.CPD)
    return Requirement(
        id=e.text("id", longest=20),
        text=e.text("text"),
        shown=shown,
        name=e.text("name", longest=60) if named else "",
        by=by,
        number=e.number("number", default=1, least=1, most=100) if shown is Shown.CASES else 0,
        renewal=e.yes("renewal"),
    )


def shipped_schemes() -> tuple[str, ...]:
    """The names of the schemes that come with the product."""
    return tuple(sorted(p.stem for p in HERE.glob("*.toml")))


def shipped_scheme_text(name: str) -> str:
    """One of them, as its file has it."""
    return (HERE / f"{name}.toml").read_text("utf-8")


@lru_cache(maxsize=16)
def shipped_scheme(name: str) -> Scheme:
    """One of them."""
    return read_scheme(shipped_scheme_text(name), name=f"{name}.toml")
