"""What a taught programme is: modules, outcomes and criteria, mapped to what practice knows; read from data, so that none is in code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from wholepicture.core.learning import ContentError
from wholepicture.core.learning.course import CheckQuestion, read_question
from wholepicture.core.learning.read import Entry, parse_toml
from wholepicture.core.practice import Catalogue, load_default

HERE = Path(__file__).parent
FORMAT = 1


class Delivery(StrEnum):
    """How a module is given."""

    CLASSROOM = "classroom"
    ONLINE = "online"
    BLENDED = "blended"
    WORKPLACE = "workplace"


class Method(StrEnum):
    """How a criterion is assessed."""

    OBSERVATION = "observation"
    PORTFOLIO = "portfolio"
    WITNESS = "witness testimony"
    DISCUSSION = "professional discussion"
    TEST = "knowledge test"
    SCENARIO = "scenario"


@dataclass(frozen=True, slots=True)
class Criterion:
    """What somebody must show, and by which methods it may be shown. ``critical``: nothing makes up for it."""

    id: str
    text: str
    methods: tuple[Method, ...]
    critical: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What somebody can do afterwards. ``concepts`` and ``pathways`` are of the catalogue; ``practised``: training scenarios.

    ``standards``: the role standards it answers to, by name.
    """

    id: str
    text: str
    concepts: tuple[str, ...]
    pathways: tuple[str, ...]
    practised: tuple[str, ...]
    standards: tuple[str, ...]
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeModule:
    """Outcomes taught together. ``hours``: of teaching, 0 where it is done at work alone."""

    id: str
    title: str
    hours: int
    delivery: Delivery
    content: tuple[str, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """What somebody needs to be let in, and what shows it."""

    id: str
    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Approval:
    """What a provider must show before it may give the programme."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class TestQuestion:
    """A question of the knowledge test, and the outcome it is about."""

    outcome: str
    asked: CheckQuestion


@dataclass(frozen=True, slots=True)
class Specification:
    """One version of a programme. ``basis`` says where it comes from, and what it is not.

    ``attendance``: the least share of sessions to attend, in percent. ``days_to_show_again``: how long somebody has to show a
    criterion again.
    """

    id: str
    title: str
    aims: tuple[str, ...]
    basis: str
    strands: tuple[str, ...]
    entry: tuple[Requirement, ...]
    standards: tuple[str, ...]
    portfolio_months: int
    refresh_months: int
    modules: tuple[ProgrammeModule, ...]
    approval: tuple[Approval, ...] = ()
    test: tuple[TestQuestion, ...] = ()
    attendance: int = 90
    days_to_show_again: int = 28

    @property
    def hours(self) -> int:
        """Hours of teaching."""
        return sum(m.hours for m in self.modules)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Every outcome, in order."""
        return tuple(o for m in self.modules for o in m.outcomes)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Every criterion, in order."""
        return tuple(c for o in self.outcomes for c in o.criteria)

    def criterion(self, ident: str) -> Criterion | None:
        """A criterion by its id."""
        return next((c for c in self.criteria if c.id == ident), None)

    def outcome_of(self, ident: str) -> Outcome | None:
        """The outcome that a criterion is of."""
        return next((o for o in self.outcomes if any(c.id == ident for c in o.criteria)), None)

    def module_of(self, ident: str) -> ProgrammeModule | None:
        """The module that a criterion is of."""
        return next((m for m in self.modules for o in m.outcomes for c in o.criteria if c.id == ident), None)


def read_specification(text: str, catalogue: Catalogue, *, name: str = "specification.toml") -> Specification:
    """A specification from its TOML.

    Raises:
        ContentError: with every fault found, each naming its entry.
    """
    table = parse_toml(text, name)
    entry = Entry(table, name, [])
    if table.get("format") != FORMAT:
        entry.wrong(f"format is {table.get('format')!r}. This version reads format = {FORMAT}.")
    found = _Reader(entry, catalogue).read()
    if entry.problems:
        raise ContentError(entry.problems)
    return found


class _Reader:
    def __init__(self, entry: Entry, catalogue: Catalogue) -> None:
        self.entry, self.catalogue = entry, catalogue

    def read(self) -> Specification:
        e = self.entry
        self.standards = e.texts("standards")
        self.strands = self._known(e, "strands", self.catalogue.strands)
        made = Specification(
            id=e.text("id", longest=60),
            title=e.text("title", longest=160),
            aims=e.texts("aims"),
            basis=e.text("basis"),
            strands=self.strands,
            entry=tuple(
                Requirement(r.text("id", longest=20), r.text("text"), r.text("evidence"))
                for r in e.entries("entry")
            ),
            standards=self.standards,
            portfolio_months=e.number("portfolio_months", default=12, least=0, most=60),
            refresh_months=e.number("refresh_months", default=0, least=0, most=120),
            modules=tuple(self._module(m) for m in e.entries("modules")),
            approval=tuple(Approval(a.text("id", longest=20), a.text("text")) for a in e.entries("approval")),
            test=tuple(
                TestQuestion(q.text("outcome", longest=20), read_question(q)) for q in e.entries("questions")
            ),
            attendance=e.number("attendance", default=90, least=0, most=100),
            days_to_show_again=e.number("days_to_show_again", default=28, least=1, most=365),
        )
        outcomes = {o.id for o in made.outcomes}
        for question in made.test:
            if question.outcome not in outcomes:
                e.wrong(
                    f"the question {question.asked.id} names the outcome {question.outcome!r}, which is not there."
                )
        if not made.modules:
            e.wrong("there are no [[modules]]. Give at least one.")
        ids = [m.id for m in made.modules] + [o.id for o in made.outcomes] + [c.id for c in made.criteria]
        ids += [r.id for r in made.entry] + [a.id for a in made.approval] + [q.asked.id for q in made.test]
        for twice in sorted({i for i in ids if i and ids.count(i) > 1}):
            e.wrong(f"the id {twice} is given twice. Each part must have its own.")
        return made

    def _known(self, e: Entry, field: str, known: Iterable[str]) -> tuple[str, ...]:
        names = set(known)
        given = e.texts(field)
        for name in given:
            if name not in names:
                e.wrong(f"{field}: there is no {name!r}.")
        return given

    def _module(self, e: Entry) -> ProgrammeModule:
        outcomes = tuple(self._outcome(o) for o in e.entries("outcomes"))
        if not outcomes:
            e.wrong("it has no [[modules.outcomes]]. Say what people can do afterwards.")
        return ProgrammeModule(
            id=e.text("id", longest=20),
            title=e.text("title", longest=160),
            hours=e.number("hours", default=0, least=0, most=400),
            delivery=e.choice("delivery", Delivery, Delivery.CLASSROOM),
            content=e.texts("content"),
            outcomes=outcomes,
        )

    def _outcome(self, e: Entry) -> Outcome:
        return Outcome(
            id=e.text("id", longest=20),
            text=e.text("text"),
            concepts=self._known(e, "concepts", self.catalogue.concepts),
            pathways=self._known(e, "pathways", self.catalogue.pathways),
            practised=e.texts("practised"),
            standards=self._known(e, "standards", self.standards),
            criteria=tuple(self._criterion(c) for c in e.entries("criteria")),
        )

    def _criterion(self, e: Entry) -> Criterion:
        methods = []
        for name in e.texts("methods"):
            try:
                methods.append(Method(name))
            except ValueError:
                e.wrong(f"methods: {name!r} is none of {', '.join(Method)}.")
        if not methods:
            e.wrong("methods is missing. Say how it may be shown.")
        return Criterion(e.text("id", longest=20), e.text("text"), tuple(methods), e.yes("critical"))


def shipped_text(name: str = "scaidp") -> str:
    """The specification that comes with the product, as its file has it."""
    return (HERE / name / "specification.toml").read_text("utf-8")


@lru_cache(maxsize=4)
def shipped_specification(name: str = "scaidp") -> Specification:
    """The specification that comes with the product."""
    return read_specification(shipped_text(name), load_default())


def as_table(specification: Specification) -> dict[str, dict[str, Any]]:
    """Every part of a specification by a name that does not depend on its place, field by field, for comparing versions."""
    found: dict[str, dict[str, Any]] = {
        "programme": {
            "title": specification.title,
            "aims": specification.aims,
            "basis": specification.basis,
            "strands": specification.strands,
            "portfolio months": specification.portfolio_months,
            "refreshed every, months": specification.refresh_months,
            "attendance, percent": specification.attendance,
            "days to show again": specification.days_to_show_again,
        }
    }
    for a in specification.approval:
        found[f"approval {a.id}"] = {"text": a.text}
    for q in specification.test:
        found[f"question {q.asked.id}"] = {
            "outcome": q.outcome,
            "text": q.asked.text,
            "options": tuple(f"{o.text}{' (right)' if o.right else ''}" for o in q.asked.options),
        }
    for r in specification.entry:
        found[f"entry {r.id}"] = {"text": r.text, "evidence": r.evidence}
    for m in specification.modules:
        found[f"module {m.id}"] = {
            "title": m.title,
            "hours": m.hours,
            "delivery": m.delivery.value,
            "content": m.content,
        }
        for o in m.outcomes:
            found[f"outcome {o.id}"] = {
                "module": m.id,
                "text": o.text,
                "concepts": o.concepts,
                "pathways": o.pathways,
                "practised": o.practised,
                "standards": o.standards,
            }
            for c in o.criteria:
                found[f"criterion {c.id}"] = {
                    "outcome": o.id,
                    "text": c.text,
                    "methods": tuple(x.value for x in c.methods),
                    "critical": "yes" if c.critical else "no",
                }
    return found
