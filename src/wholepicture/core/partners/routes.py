"""Ways of asking a partner to act: what each asks first, on what lawful basis, with whose agreement, how soon. Data, not code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from wholepicture.core.learning import ContentError
from wholepicture.core.learning.read import Entry, parse_toml
from wholepicture.core.practice import Catalogue, Nation

FILE = Path(__file__).parent / "routes.toml"


class Agreement(StrEnum):
    """What the person's agreement is to a route."""

    NEEDED = "needed"
    ASKED = "asked for if it is safe to ask"
    NOT_NEEDED = "not needed"


class Ages(StrEnum):
    """Whom a route is for."""

    ANY = "anybody"
    CHILD = "children"
    ADULT = "adults"


@dataclass(frozen=True, slots=True)
class Basis:
    """A lawful basis for sharing, with guidance an officer can use. ``override``: it holds without, or against, agreement."""

    id: str
    name: str
    guidance: str
    source: str
    override: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One of a partner's own questions. ``concepts``: what of the picture answers it."""

    id: str
    text: str
    concepts: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Route:
    """One way of asking. ``kinds``: of partners; ``threshold``: when it is right, in the partner's words; ``below``: the route to take when it is not met."""

    id: str
    name: str
    kinds: tuple[str, ...]
    ages: Ages
    threshold: str
    below: str
    phone: str
    minimise: str
    bases: tuple[str, ...]
    legal_bases: tuple[str, ...]
    agreement: Agreement
    second_check: bool
    decide_hours: int
    source: str
    questions: tuple[Asked, ...]

    def open_to(self, age: int | None) -> bool:
        """Whether it is for somebody of that age; an age not known rules nothing out."""
        if age is None or self.ages is Ages.ANY:
            return True
        return (age < 18) == (self.ages is Ages.CHILD)


@dataclass(frozen=True, slots=True)
class Routes:
    """All of them, and the lawful bases they name."""

    routes: dict[str, Route]
    bases: dict[str, Basis]

    def for_kinds(
        self,
        kinds: tuple[str, ...],
        *,
        catalogue: Catalogue,
        on: date,
        nation: Nation,
        age: int | None = None,
    ) -> list[Route]:
        """Routes to any of these kinds of partner whose law is in force here and now, for somebody of that age."""
        return [
            r
            for r in self.routes.values()
            if set(kinds) & set(r.kinds)
            and r.open_to(age)
            and in_force(r, catalogue=catalogue, on=on, nation=nation)
        ]


def in_force(route: Route, *, catalogue: Catalogue, on: date, nation: Nation) -> bool:
    """Whether a route rests on no law, or on some that is in force on a day in a nation."""
    found = [catalogue.sources[b] for b in route.legal_bases if b in catalogue.sources]
    return not route.legal_bases or any(s.in_force(on=on, nation=nation) for s in found)


def read_routes(text: str, catalogue: Catalogue, *, name: str = "routes.toml") -> Routes:
    """Routes from their TOML.

    Raises:
        ContentError: with every fault found, each naming its entry.
    """
    top = Entry(parse_toml(text, name), name, [])
    bases = {b.id: b for b in (_basis(e, catalogue) for e in top.entries("basis"))}
    routes = [_route(e, catalogue, bases) for e in top.entries("route")]
    known = {r.id for r in routes}
    for route in routes:
        if route.below and route.below not in known:
            top.wrong(f"route {route.id}: below is {route.below!r}, and there is no such route.")
    if len(known) < len(routes):
        top.wrong("two routes have the same id.")
    if top.problems:
        raise ContentError(top.problems)
    return Routes({r.id: r for r in routes}, bases)


def _basis(e: Entry, catalogue: Catalogue) -> Basis:
    return Basis(
        e.text("id", longest=40),
        e.text("name", longest=120),
        e.text("guidance"),
        e.one_of("source", catalogue.sources, "source in the catalogue"),
        e.yes("override"),
    )


def _route(e: Entry, catalogue: Catalogue, bases: dict[str, Basis]) -> Route:
    for b in e.texts("bases"):
        if b not in bases:
            e.wrong(f"bases: there is no lawful basis {b!r}.")
    for s in e.texts("legal_bases"):
        if s not in catalogue.sources:
            e.wrong(f"legal_bases: there is no source {s!r} in the catalogue.")
    return Route(
        id=e.text("id", longest=40),
        name=e.text("name", longest=120),
        kinds=e.texts("kinds"),
        ages=e.choice("ages", Ages, Ages.ANY),
        threshold=e.text("threshold"),
        below=e.text("below", required=False, longest=40),
        phone=e.text("phone"),
        minimise=e.text("minimise"),
        bases=e.texts("bases"),
        legal_bases=e.texts("legal_bases"),
        agreement=e.choice("agreement", Agreement, Agreement.ASKED),
        second_check=e.yes("second_check"),
        decide_hours=e.number("decide_hours", default=0, least=0, most=2_000),
        source=e.one_of("source", catalogue.sources, "source in the catalogue"),
        questions=tuple(_question(q, catalogue) for q in e.entries("question")),
    )


def _question(e: Entry, catalogue: Catalogue) -> Asked:
    for c in e.texts("concepts"):
        if c not in catalogue.concepts:
            e.wrong(f"concepts: there is no concept {c!r} in the catalogue.")
    return Asked(
        e.text("id", longest=40), e.text("text", longest=300), e.texts("concepts"), e.yes("required")
    )


_READ: dict[tuple[str, str], Routes] = {}


def shipped_routes(catalogue: Catalogue) -> Routes:
    """The routes that come with the product, read once for each version of the catalogue."""
    key = (catalogue.version, catalogue.hash)
    if key not in _READ:
        _READ[key] = read_routes(FILE.read_text("utf-8"), catalogue)
    return _READ[key]
