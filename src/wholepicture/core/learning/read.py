"""Read scenarios and courses from TOML, saying of each fault what is wrong, where, and how to mend it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from enum import StrEnum
from itertools import pairwise
from typing import Any, TypeVar

from wholepicture.core.learning.scenario import (
    MARKED_KINDS,
    Ask,
    KeyAction,
    KeyControl,
    Line,
    Link,
    Lure,
    Quality,
    Scenario,
    Someone,
    Target,
    Variation,
    Worth,
)
from wholepicture.core.picture import Grade
from wholepicture.core.practice import STATES, Catalogue, Kind, State

LONGEST_LINE = 2_000
MOST_LINES = 120
E_ = TypeVar("E_", bound=StrEnum)
T_ = TypeVar("T_")


class ContentError(ValueError):
    """Content that cannot be used. ``problems`` says file, entry and field of each fault."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def parse_toml(text: str, name: str) -> dict[str, Any]:
    """The table of a TOML file.

    Raises:
        ContentError: not TOML; the message says the line.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ContentError([f"{name}: {error}. Mend that place and try again."]) from None


def read_scenario(table: dict[str, Any], catalogue: Catalogue, *, name: str) -> Scenario:
    """A scenario from its table.

    Raises:
        ContentError: with every fault found.
    """
    return _ScenarioReader(table, catalogue, name).read()


class Entry:
    """One table of a file, whose fields are asked for by name; what is wrong is gathered, not raised."""

    def __init__(self, table: dict[str, Any], at: str, problems: list[str]) -> None:
        self.table, self.at, self.problems = table, at, problems

    def wrong(self, what: str) -> None:
        """Note a fault of this entry."""
        self.problems.append(f"{self.at}: {what}")

    def text(self, field: str, *, required: bool = True, longest: int = 4_000) -> str:
        """A text; "" (and a fault, if required) when it is not there."""
        value = self.table.get(field, "")
        if not isinstance(value, str):
            self.wrong(f"{field} must be a text, in quotation marks.")
            return ""
        if required and not value.strip():
            self.wrong(f"{field} is missing. Give it.")
        if len(value) > longest:
            self.wrong(f"{field} has {len(value):,} characters; at most {longest:,} may be given.")
        return value.strip().replace("\0", "")

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.table.get(field, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.wrong(f'{field} must be a list of texts, such as ["a", "b"].')
            return ()
        return tuple(value)

    def number(self, field: str, *, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self.table.get(field, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.wrong(f"{field} must be a whole number from {least} to {most}.")
            return default
        return value

    def share(self, field: str, default: float | None) -> float | None:
        """A share from 0 to 1."""
        value = self.table.get(field, default)
        if value is None:
            return None
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 1:
            self.wrong(f"{field} must be a number from 0 to 1.")
            return default
        return float(value)

    def yes(self, field: str) -> bool:
        """True or false; false when it is not there."""
        value = self.table.get(field, False)
        if not isinstance(value, bool):
            self.wrong(f"{field} must be true or false.")
            return False
        return value

    def choice(self, field: str, kind: type[E_], default: E_) -> E_:
        """One of an enumeration's values."""
        value = self.table.get(field, default.value)
        try:
            return kind(value)
        except ValueError:
            self.wrong(f"{field} is {value!r}; it must be one of {', '.join(kind)}.")
            return default

    def one_of(self, field: str, known: Iterable[str], what: str) -> str:
        """The id of something known."""
        value = self.text(field)
        if value and value not in set(known):
            self.wrong(f"{field} is {value!r}, and there is no such {what}.")
        return value

    def entries(self, field: str) -> list[Entry]:
        """The tables of a list of tables."""
        value = self.table.get(field, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self.wrong(f"{field} must be given as [[{field}]] tables.")
            return []
        return [
            Entry(v, f"{self.at}, {field} {v.get('id', v.get('concept', n))}", self.problems)
            for n, v in enumerate(value, 1)
        ]


class _ScenarioReader:
    def __init__(self, table: dict[str, Any], catalogue: Catalogue, name: str) -> None:
        self.problems: list[str] = []
        self.entry = Entry(table, name, self.problems)
        self.catalogue = catalogue

    def read(self) -> Scenario:
        e = self.entry
        self.people = tuple(self._person(x) for x in e.entries("people"))
        self.codes = [p.code for p in self.people]
        self.log = tuple(self._line(x, n) for n, x in enumerate(e.entries("log"), 1))
        self.asks = tuple(self._ask(x) for x in e.entries("questions"))
        self.texts = {x.id: x.text for x in self.log} | {a.id: a.answer for a in self.asks}
        self._once("people", self.codes)
        self._once("log and questions", [*(x.id for x in self.log), *(a.id for a in self.asks)])
        targets = tuple(t for x in e.entries("targets") if (t := self._target(x)))
        self._once("targets", [t.id for t in targets])
        self._apart(targets)
        ids = [t.id for t in targets]
        scenario = Scenario(
            id=e.text("id", longest=60),
            title=e.text("title", longest=120),
            briefing=e.text("briefing"),
            strands=tuple(self._strand(s) for s in e.texts("strands")),
            minutes=e.number("minutes", default=15, least=0, most=240),
            people=self.people,
            log=self.log,
            asks=self.asks,
            targets=targets,
            lures=tuple(u for x in e.entries("lures") if (u := self._lure(x))),
            controls=tuple(self._control(x) for x in e.entries("controls")),
            links=tuple(self._link(x, ids) for x in e.entries("links")),
            actions=tuple(self._action(x) for x in e.entries("actions")),
            grade=e.choice("grade", Grade, Grade.STANDARD),
            grade_why=e.text("grade_why"),
            teaches=e.text("teaches"),
            obvious=e.text("obvious", required=False),
            panel=e.number("panel", default=0, least=0, most=50),
            variations=tuple(self._variation(x) for x in e.entries("variations")),
        )
        self._whole(scenario)
        if self.problems:
            raise ContentError(self.problems)
        return scenario

    def _whole(self, s: Scenario) -> None:
        """Faults of the scenario as a whole."""
        if not s.log:
            self.entry.wrong("there is no [[log]]. Give at least one line to read.")
        if len(s.log) > MOST_LINES:
            self.entry.wrong(f"the log has {len(s.log)} lines; at most {MOST_LINES} may be given.")
        if not s.people:
            self.entry.wrong("there are no [[people]]. Say who is in it.")
        if not s.targets and "targets" not in self.entry.table:
            self.entry.wrong(
                "there is no key. Give [[targets]], or write targets = [] if there is nothing to see."
            )
        if not s.actions:
            self.entry.wrong("there are no [[actions]] to choose from.")
        if s.obvious and s.obvious not in {t.id for t in s.targets}:
            self.entry.wrong(f"obvious is {s.obvious!r}, and there is no such target.")
        for variation in s.variations:
            told = s.told(variation.id)
            gone = {t.id for t in s.targets if t.where not in variation.leave_out} - {
                t.id for t in told.targets
            }
            if gone:
                self.entry.wrong(
                    f"variation {variation.id} loses the words of {', '.join(sorted(gone))}. Put words that still hold them."
                )

    def _once(self, what: str, names: list[str]) -> None:
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            self.entry.wrong(f"{what}: {', '.join(twice)} is given twice. Each id must be its own.")

    def _strand(self, name: str) -> str:
        if name not in self.catalogue.strands:
            self.entry.wrong(f"strands: there is no strand {name!r} in the catalogue.")
        return name

    def _person(self, e: Entry) -> Someone:
        return Someone(e.text("code", longest=20), e.text("label", longest=60), e.text("role", longest=20))

    def _line(self, e: Entry, number: int) -> Line:
        ident = e.text("id", required=False, longest=20) or f"l{number}"
        text = e.text("text", longest=LONGEST_LINE)
        return Line(ident, text, e.text("time", required=False), e.text("who", required=False))

    def _ask(self, e: Entry) -> Ask:
        return Ask(
            id=e.text("id", longest=20),
            whom=e.one_of("whom", self.codes, "person"),
            text=e.text("text", longest=400),
            answer=e.text("answer", longest=LONGEST_LINE),
            guarded=e.text("guarded", required=False, longest=400) or "“I don't want to talk about that.”",
            minutes=e.number("minutes", default=2, least=0, most=60),
            quality=e.choice("quality", Quality, Quality.FAIR),
            why=e.text("why", required=False),
            needs=e.text("needs", required=False),
        )

    def _place(self, e: Entry, make: Callable[[str, str, int], T_]) -> T_ | None:
        """Where words stand in a line: its id, the words, and how many code points come before."""
        where, words = e.one_of("where", self.texts, "line or question"), e.text("words")
        text = self.texts.get(where)
        if text is None or not words:
            return None
        start = text.find(words)
        if start < 0:
            e.wrong(
                f"the words {words!r} do not stand in {where}. Copy them exactly: it says {text[:80]!r}..."
            )
            return None
        return make(where, words, start)

    def _target(self, e: Entry) -> Target | None:
        concept = self.catalogue.concepts.get(e.text("concept"))
        if concept is None or concept.kind not in MARKED_KINDS:
            e.wrong("concept must be the id of a factor, feature, control or harm of the catalogue.")
            return None
        default = {Kind.CONTROL: State.FAILED, Kind.HARM: State.SUFFERED}.get(concept.kind, State.PRESENT)
        state = e.choice("state", State, default)
        if state not in STATES[concept.kind]:
            e.wrong(f"state {state} is not one that a {concept.kind} can have.")
        person = e.one_of("person", self.codes, "person")

        def made(where: str, words: str, start: int) -> Target:
            return Target(
                id=e.text("id", longest=20),
                where=where,
                words=words,
                start=start,
                end=start + len(words),
                concept=concept.id,
                kind=concept.kind,
                person=person,
                state=state,
                critical=e.yes("critical"),
                contested=e.yes("contested"),
                agreed=e.share("agreed", None),
                why=e.text("why", required=False),
            )

        return self._place(e, made)

    def _apart(self, targets: tuple[Target, ...]) -> None:
        """Targets of one person must not overlap, or nobody could tell which a mark was meant for."""
        ordered = sorted(targets, key=lambda t: (t.where, t.person, t.start))
        for one, other in pairwise(ordered):
            if one.where == other.where and one.person == other.person and other.start < one.end:
                self.entry.wrong(
                    f"targets {one.id} and {other.id} overlap in {one.where}. Give each its own words."
                )

    def _lure(self, e: Entry) -> Lure | None:
        why = e.text("why")
        return self._place(e, lambda where, words, start: Lure(where, words, start, start + len(words), why))

    def _concept(self, e: Entry, field: str, kind: Kind) -> str:
        # Retired ones too: what was published before they were must still be read.
        known = (c.id for c in self.catalogue.concepts.values() if c.kind is kind)
        return e.one_of(field, known, f"{kind} in the catalogue")

    def _control(self, e: Entry) -> KeyControl:
        state = e.choice("state", State, State.FAILED)
        if state not in STATES[Kind.CONTROL]:
            e.wrong(f"state {state} is not one that a control can have.")
        return KeyControl(
            self._concept(e, "concept", Kind.CONTROL),
            e.one_of("person", self.codes, "person"),
            state,
            e.text("why"),
        )

    def _link(self, e: Entry, targets: list[str]) -> Link:
        factors, features, controls = e.texts("factors"), e.texts("features"), e.texts("controls")
        for name in (*factors, *features):
            if name not in targets:
                e.wrong(f"there is no target {name!r}.")
        for name in controls:
            if name not in self.catalogue.concepts:
                e.wrong(f"there is no control {name!r} in the catalogue.")
        return Link(
            id=e.text("id", longest=20),
            person=e.one_of("person", self.codes, "person"),
            factors=factors,
            features=features,
            controls=controls,
            harm=self._concept(e, "harm", Kind.HARM),
            why=e.text("why"),
        )

    def _action(self, e: Entry) -> KeyAction:
        return KeyAction(
            self._concept(e, "concept", Kind.ACTION),
            e.choice("worth", Worth, Worth.HELPFUL),
            e.text("why"),
            e.yes("critical"),
        )

    def _variation(self, e: Entry) -> Variation:
        pairs = e.table.get("put", [])
        if not isinstance(pairs, list) or not all(
            isinstance(p, list) and len(p) == 2 and all(isinstance(x, str) and x for x in p) for p in pairs
        ):
            e.wrong('put must be a list of pairs, such as [["Anna", "Ruth"]].')
            pairs = []
        return Variation(
            id=e.text("id", longest=20),
            put=tuple((p[0], p[1]) for p in pairs),
            leave_out=e.texts("leave_out"),
            grade=e.choice("grade", Grade, Grade.STANDARD) if "grade" in e.table else None,
            grade_why=e.text("grade_why", required=False),
        )
