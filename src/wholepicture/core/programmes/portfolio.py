"""Where somebody stands in a programme: each criterion, and what is in the way of a result. Folds of what was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Said(StrEnum):
    """What an assessor decides of a criterion."""

    MET = "met"
    NOT_YET = "not-yet"


class Standing(StrEnum):
    """Where one criterion stands."""

    NOTHING = "no evidence yet"
    GATHERING = "evidence, not yet handed in"
    WAITING = "with the assessor"
    AGAIN = "to be shown again"
    DIFFERS = "two assessors differ"
    MET = "met"


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of evidence for a criterion. ``counts``: it is whole (a witness has signed) and was not withdrawn."""

    id: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision, when it was made and on which evidence."""

    said: Said
    at: datetime
    on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """Where a criterion stands and, if it is not as one would think, why."""

    standing: Standing
    why: str = ""


def where(
    evidence: Sequence[Shown],
    handed_in: datetime | None,
    decisions: Sequence[Decided],
    *,
    differs: bool = False,
) -> Where:
    """Where a criterion stands.

    ``decisions``: those that count (not a second opinion that agrees or waits to be settled), in any order; the last one rules.
    A criterion that was met on evidence withdrawn since goes back to the assessor: nothing is met on what is not there.
    """
    if differs:
        return Where(Standing.DIFFERS)
    there = {e.id for e in evidence if e.counts}
    last = max(decisions, key=lambda d: d.at, default=None)
    if last is not None and last.said is Said.MET:
        if set(last.on) <= there:
            return Where(Standing.MET)
        return Where(Standing.WAITING, "Evidence that it was met on has been withdrawn.")
    if last is not None and (handed_in is None or handed_in <= last.at):
        return Where(Standing.AGAIN)
    if handed_in is not None and there:
        return Where(Standing.WAITING)
    if there:
        return Where(Standing.GATHERING)
    return Where(Standing.NOTHING)


@dataclass(frozen=True, slots=True)
class Progress:
    """All that a result depends on, of one learner. Times in sessions; ``test`` None where the programme has none."""

    entry_missing: tuple[str, ...]
    not_met: tuple[str, ...]
    test_passed: bool | None
    attended: int
    sessions: int
    attendance: int
    differences: int
    not_verified: int
    blocks: tuple[str, ...] = field(default=())


def in_the_way(progress: Progress) -> tuple[str, ...]:
    """What keeps a result from being released, in words; nothing when it can be."""
    p, found = progress, []
    if p.entry_missing:
        found.append(f"Entry requirements not shown: {', '.join(p.entry_missing)}.")
    if p.sessions == 0:
        found.append("No session of the cohort has been held.")
    elif p.attended * 100 < p.attendance * p.sessions:
        found.append(f"Attended {p.attended} of {p.sessions} sessions; {p.attendance}% are needed.")
    if p.test_passed is False:
        found.append("The knowledge test is not passed.")
    if p.not_met:
        found.append(
            f"{len(p.not_met)} {'criterion is' if len(p.not_met) == 1 else 'criteria are'} not met: {', '.join(p.not_met)}."
        )
    if p.differences:
        found.append(
            f"{p.differences} {'difference' if p.differences == 1 else 'differences'} between assessors not settled."
        )
    if p.not_verified:
        found.append(
            f"{p.not_verified} sampled {'decision' if p.not_verified == 1 else 'decisions'} not yet looked at by internal quality assurance."
        )
    found.extend(f"Held by external quality assurance: {b}" for b in p.blocks)
    return tuple(found)
