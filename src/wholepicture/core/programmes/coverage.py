"""What a programme teaches, practises and assesses, and what it does not; and what differs between two versions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wholepicture.core.practice import Catalogue, Kind
from wholepicture.core.programmes.specification import (
    Method,
    Outcome,
    ProgrammeModule,
    Specification,
    as_table,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One outcome: where it is taught, practised and assessed. ``gaps`` says what is missing, in words."""

    module: ProgrammeModule
    outcome: Outcome
    methods: tuple[Method, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Something of the catalogue, of the programme's strands, that no outcome names."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole matrix. ``covered`` of ``there`` are the concepts and pathways of the programme's strands that it teaches."""

    rows: tuple[Row, ...]
    uncovered: tuple[Uncovered, ...]
    covered: int
    there: int
    standards: tuple[tuple[str, int], ...]


def coverage_of(specification: Specification, catalogue: Catalogue) -> Coverage:
    """Where each outcome stands, and which concepts and pathways of the strands are in none."""
    rows = tuple(_row(m, o) for m in specification.modules for o in m.outcomes)
    named = {c for o in specification.outcomes for c in (*o.concepts, *o.pathways)}
    of_strands = set(specification.strands)
    there = [
        Uncovered(c.id, c.name, c.kind.value)
        for c in catalogue.concepts.values()
        if of_strands & set(c.strands) and not c.retired and c.kind in (Kind.FACTOR, Kind.FEATURE, Kind.HARM)
    ] + [
        Uncovered(p.id, p.name, "pathway")
        for p in catalogue.pathways.values()
        if of_strands & set(p.strands) and not p.retired
    ]
    missing = tuple(x for x in there if x.id not in named)
    return Coverage(
        rows=rows,
        uncovered=missing,
        covered=len(there) - len(missing),
        there=len(there),
        standards=tuple(
            (s, sum(s in o.standards for o in specification.outcomes)) for s in specification.standards
        ),
    )


def _row(module: ProgrammeModule, outcome: Outcome) -> Row:
    methods = tuple(dict.fromkeys(m for c in outcome.criteria for m in c.methods))
    gaps = []
    if not module.hours:
        gaps.append("not taught")
    if not outcome.practised:
        gaps.append("not practised")
    if not outcome.criteria:
        gaps.append("not assessed")
    elif any(len(c.methods) < 2 and c.critical for c in outcome.criteria):
        gaps.append("a critical criterion can be shown in one way only")
    return Row(module, outcome, methods, tuple(gaps))


class Changed(StrEnum):
    """What became of a part between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs, and what of it did, in words ("" where it was or is not there)."""

    part: str
    changed: Changed
    before: str
    after: str


def compare(before: Specification, after: Specification) -> tuple[Difference, ...]:
    """What differs between two versions, part by part, in the order of the later one and then of what is gone."""
    one, other = as_table(before), as_table(after)
    found = []
    for part in [*other, *(p for p in one if p not in other)]:
        was, now = one.get(part, {}), other.get(part, {})
        if was == now:
            continue
        changed = Changed.ADDED if not was else Changed.REMOVED if not now else Changed.CHANGED
        fields = [f for f in {**now, **was} if was.get(f) != now.get(f)]
        found.append(Difference(part, changed, _said(was, fields), _said(now, fields)))
    return tuple(found)


def _said(part: dict[str, Any], fields: list[str]) -> str:
    """The fields of a part that differ, in words."""
    return "; ".join(
        f"{f}: {', '.join(part[f]) if isinstance(part[f], tuple) else part[f]}"
        for f in fields
        if part.get(f) not in (None, ())
    )
