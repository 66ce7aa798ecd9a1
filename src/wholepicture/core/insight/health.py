"""A force's look at itself: areas and statements, each with what every level looks like. Versioned data, read and checked here."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from statistics import median_low

SHIPPED = Path(__file__).with_name("health-check.toml")


class Level(IntEnum):
    """How far a force is with something."""

    NOT_BEGUN = 0
    BEGUN = 1
    IN_PLACES = 2
    THROUGHOUT = 3
    LEARNING = 4

    @property
    def words(self) -> str:
        """What it is called."""
        return ("Not begun", "Begun", "In places", "Throughout", "Throughout, and learning from it")[self]


@dataclass(frozen=True, slots=True)
class Question:
    """One statement. ``looks_for``: what would show it. ``figure``: the product's own figure that bears on it ("" for none)."""

    id: str
    area: str
    text: str
    looks_for: str
    figure: str


@dataclass(frozen=True, slots=True)
class Area:
    """One area, and what to do first where it is weak."""

    id: str
    title: str
    about: str
    first: str


@dataclass(frozen=True, slots=True)
class Questions:
    """One version of the questions."""

    title: str
    version: str
    source: str
    areas: tuple[Area, ...]
    questions: tuple[Question, ...]
    digest: str

    def of(self, area: str) -> tuple[Question, ...]:
        """The questions of an area."""
        return tuple(q for q in self.questions if q.area == area)


class HealthCheckError(ValueError):
    """Questions that cannot be used; the message says which entry and what is wrong."""


def read(text: str) -> Questions:
    """Read questions from TOML.

    Raises:
        HealthCheckError: with every fault found.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise HealthCheckError(f"It is no TOML: {error}.") from None
    faults: list[str] = []
    areas = [
        Area(*(str(a.get(k, "")) for k in ("id", "title", "about", "first"))) for a in table.get("area", [])
    ]
    questions = [
        Question(*(str(q.get(k, "")) for k in ("id", "area", "text", "looks_for", "figure")))
        for q in table.get("question", [])
    ]
    known = {a.id for a in areas}
    faults += [f"An area has no id or title: {a}." for a in areas if not a.id or not a.title]
    for n, q in enumerate(questions, 1):
        if not (q.id and q.text):
            faults.append(f"Question {n} has no id or no text.")
        if q.area not in known:
            faults.append(f"Question {q.id or n}: there is no area “{q.area}”.")
    ids = [q.id for q in questions]
    faults += [f"Two questions are called {i}." for i in {i for i in ids if ids.count(i) > 1}]
    if not questions:
        faults.append("There is no question in it.")
    if faults:
        raise HealthCheckError("\n".join(faults))
    return Questions(
        str(table.get("title", "Health check")),
        str(table.get("version", "1")),
        str(table.get("source", "")),
        tuple(areas),
        tuple(questions),
        hashlib.sha256(text.encode()).hexdigest(),
    )


@lru_cache(maxsize=1)
def shipped() -> Questions:
    """The questions that come with the product."""
    return read(SHIPPED.read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Standing:
    """What respondents made of one question. ``level``: the middle one, the lower of two; None where nobody said."""

    question: Question
    answers: tuple[int, ...]
    unsure: int

    @property
    def level(self) -> Level | None:
        """The middle answer: no mean, for levels are an order and no measure."""
        return Level(median_low(self.answers)) if self.answers else None

    @property
    def apart(self) -> bool:
        """Whether respondents see it so differently that it should be talked about: two levels or more between them."""
        return bool(self.answers) and max(self.answers) - min(self.answers) >= 2


@dataclass(frozen=True, slots=True)
class AreaStanding:
    """One area: the lowest third of its questions weighs as much as the middle, so it is shown as a spread, not as one mark."""

    area: Area
    questions: tuple[Standing, ...]

    @property
    def levels(self) -> tuple[Level, ...]:
        """The level of each question that has one."""
        return tuple(s.level for s in self.questions if s.level is not None)

    @property
    def level(self) -> Level | None:
        """The middle of its questions' levels."""
        return Level(median_low(self.levels)) if self.levels else None

    @property
    def lowest(self) -> Standing | None:
        """The question with the lowest level: where to begin."""
        said = [s for s in self.questions if s.level is not None]
        return min(said, key=lambda s: (s.level or 0, s.question.id)) if said else None


def standing(questions: Questions, answers: Mapping[str, Iterable[int | None]]) -> tuple[AreaStanding, ...]:
    """How a force stands by its respondents' answers: question id to a level each (None: "I cannot say")."""
    found = []
    for area in questions.areas:
        rows = []
        for q in questions.of(area.id):
            given = list(answers.get(q.id, ()))
            rows.append(
                Standing(q, tuple(sorted(a for a in given if a is not None)), sum(a is None for a in given))
            )
        found.append(AreaStanding(area, tuple(rows)))
    return tuple(found)
