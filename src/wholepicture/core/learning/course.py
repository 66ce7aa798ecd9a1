"""What a course is: modules of readings, short checks and scenarios, made from the files of a package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from wholepicture.core.learning.read import ContentError, Entry, parse_toml, read_scenario
from wholepicture.core.learning.scenario import Scenario
from wholepicture.core.practice import Catalogue, load_default

FORMAT = 1
MANIFEST = "course.toml"
SHIPPED = Path(__file__).parent / "courses"
_ASIDE = ("README.md", "LICENSE.txt")


class ItemKind(StrEnum):
    """What one step of a module is."""

    READING = "reading"
    CHECK = "check"
    SCENARIO = "scenario"


class Measure(StrEnum):
    """Which side of the comparison of before and after a module's scenarios stand on."""

    NONE = ""
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer offered, whether it is right, and what to say of it."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True, slots=True)
class CheckQuestion:
    """A question of a check. More than one option may be right; all of them are then to be chosen."""

    id: str
    text: str
    options: tuple[Option, ...]

    @property
    def several(self) -> bool:
        """Whether more than one is to be chosen."""
        return sum(o.right for o in self.options) > 1

    def right(self, chosen: frozenset[int]) -> bool:
        """Whether just the right options were chosen (numbers from 0)."""
        return chosen == {n for n, o in enumerate(self.options) if o.right}


@dataclass(frozen=True, slots=True)
class Item:
    """One step of a module; ``file`` is where its content stands in the package."""

    id: str
    kind: ItemKind
    title: str
    minutes: int
    file: str


@dataclass(frozen=True, slots=True)
class Module:
    """Steps that belong together. ``after_days``: it opens so many days after the rest is done, and the certificate does not wait for it.

    ``measure``: what its scenarios are for, when first handed in, in the comparison of before and after.
    """

    id: str
    title: str
    about: str
    items: tuple[Item, ...]
    measure: Measure
    after_days: int


@dataclass(frozen=True, slots=True)
class Course:
    """A course as one version has it. ``hits``, ``false_alarms``: the shares by which a scenario is passed (docs/measurement.md)."""

    id: str
    title: str
    about: str
    audience: tuple[str, ...]
    prerequisites: tuple[str, ...]
    refresh_months: int
    due_days: int
    hits: float
    false_alarms: float
    modules: tuple[Module, ...]
    readings: Mapping[str, str]
    checks: Mapping[str, tuple[CheckQuestion, ...]]
    scenarios: Mapping[str, Scenario]

    @property
    def items(self) -> tuple[Item, ...]:
        """Every step, in order."""
        return tuple(i for m in self.modules for i in m.items)

    @property
    def first_part(self) -> tuple[Item, ...]:
        """The steps that the certificate asks for: those that do not open later."""
        return tuple(i for m in self.modules if not m.after_days for i in m.items)

    def module_of(self, ident: str) -> Module | None:
        """The module that a step stands in."""
        return next((m for m in self.modules if any(i.id == ident for i in m.items)), None)

    @property
    def minutes(self) -> int:
        """About how long it takes."""
        return sum(i.minutes for i in self.items)

    def item(self, ident: str) -> Item | None:
        """A step by id."""
        return next((i for i in self.items if i.id == ident), None)


def read_course(files: Mapping[str, str], catalogue: Catalogue) -> Course:
    """A course from the files of its package, by path.

    Raises:
        ContentError: with every fault found, each naming its file.
    """
    if MANIFEST not in files:
        raise ContentError(
            [f"The package has no {MANIFEST}. It must stand at the top of the package, or of its one folder."]
        )
    table = parse_toml(files[MANIFEST], MANIFEST)
    if table.get("format") != FORMAT:
        raise ContentError(
            [
                f"{MANIFEST}: format is {table.get('format')!r}. This version reads format = {FORMAT}; write that, or bring the package up to it."
            ]
        )
    return _CourseReader(files, Entry(table, MANIFEST, []), catalogue).read()


class _CourseReader:
    def __init__(self, files: Mapping[str, str], entry: Entry, catalogue: Catalogue) -> None:
        self.files, self.entry, self.catalogue = files, entry, catalogue
        self.problems = entry.problems
        self.readings: dict[str, str] = {}
        self.checks: dict[str, tuple[CheckQuestion, ...]] = {}
        self.scenarios: dict[str, Scenario] = {}

    def read(self) -> Course:
        e = self.entry
        modules = tuple(self._module(x) for x in e.entries("modules"))
        ids = [i.id for m in modules for i in m.items]
        for twice in sorted({i for i in ids if ids.count(i) > 1}):
            e.wrong(f"the step {twice!r} stands in it twice. Each id must be its own.")
        if not ids:
            e.wrong("there are no [[modules]] with [[modules.items]]. Give at least one.")
        used = {i.file for m in modules for i in m.items} | {MANIFEST, *_ASIDE}
        for spare in sorted(set(self.files) - used):
            self.problems.append(
                f"{spare}: no step of {MANIFEST} uses this file. List it there, or take it out."
            )
        course = Course(
            id=e.text("id", longest=60),
            title=e.text("title", longest=120),
            about=e.text("about"),
            audience=e.texts("audience"),
            prerequisites=e.texts("prerequisites"),
            refresh_months=e.number("refresh_months", default=0, least=0, most=120),
            due_days=e.number("due_days", default=30, least=1, most=730),
            hits=e.share("pass_hits", 0.6) or 0.0,
            false_alarms=e.share("pass_false_alarms", 0.25) or 0.0,
            modules=modules,
            readings=self.readings,
            checks=self.checks,
            scenarios=self.scenarios,
        )
        if self.problems:
            raise ContentError(self.problems)
        return course

    def _module(self, e: Entry) -> Module:
        return Module(
            e.text("id", longest=60),
            e.text("title", longest=120),
            e.text("about", required=False),
            tuple(self._item(x) for x in e.entries("items")),
            e.choice("measure", Measure, Measure.NONE),
            e.number("after_days", default=0, least=0, most=730),
        )

    def _item(self, e: Entry) -> Item:
        item = Item(
            id=e.text("id", longest=60),
            kind=e.choice("kind", ItemKind, ItemKind.READING),
            title=e.text("title", longest=120),
            minutes=e.number("minutes", default=5, least=1, most=480),
            file=e.text("file", longest=200),
        )
        text = self.files.get(item.file)
        if text is None:
            if item.file:
                e.wrong(f"the package has no file {item.file}. Put it in, or name another.")
        elif item.kind is ItemKind.READING:
            self.readings[item.id] = text
        else:
            self._read_file(item, text)
        return item

    def _read_file(self, item: Item, text: str) -> None:
        try:
            table = parse_toml(text, item.file)
            if item.kind is ItemKind.SCENARIO:
                self.scenarios[item.id] = read_scenario(table, self.catalogue, name=item.file)
            else:
                self.checks[item.id] = read_questions(Entry(table, item.file, self.problems))
        except ContentError as error:
            self.problems.extend(error.problems)


def read_questions(e: Entry) -> tuple[CheckQuestion, ...]:
    """The [[questions]] of an entry, at least one. What is wrong is added to its problems."""
    found = tuple(read_question(q) for q in e.entries("questions"))
    if not found:
        e.wrong("there are no [[questions]]. Give at least one.")
    return found


def read_question(q: Entry) -> CheckQuestion:
    """One question with its [[questions.options]]. What is wrong is added to its problems."""
    options = tuple(
        Option(o.text("text", longest=400), o.yes("right"), o.text("why", required=False, longest=800))
        for o in q.entries("options")
    )
    if len(options) < 2 or not any(o.right for o in options):
        q.wrong("give at least two [[questions.options]], one of them with right = true.")
    return CheckQuestion(q.text("id", longest=40), q.text("text", longest=600), options)


def shipped_files(name: str) -> dict[str, str]:
    """The files of a course that comes with the product, by path."""
    root = SHIPPED / name
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for path in sorted(root.rglob("*"))
        if path.suffix in (".toml", ".md")
    }


@lru_cache(maxsize=8)
def shipped_course(name: str) -> Course:
    """A course that comes with the product."""
    return read_course(shipped_files(name), load_default())
