"""Which decisions to look at again, and how far providers differ beyond chance.

Sampling follows the practice of awarding bodies (by candidate, assessor, method, element, record and area; more where risk is
greater; none of one's own): practice judgement. Funnel limits: Spiegelhalter (2005), "Funnel plots for comparing institutional
performance", Statistics in Medicine, with exact binomial limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import exp, lgamma, log

# Where to begin with at high risk: the share of learners by how many there are.
STARTING_SHARES = ((18, 0.35), (100, 0.25), (200, 0.15), (500, 0.10))
LEAST = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """One assessor's decision on one learner's module, and what makes it a risk."""

    id: str
    learner: str
    assessor: str
    module: str
    method: str
    site: str = ""
    new_assessor: bool = False
    new_module: bool = False
    borderline: bool = False
    disagreed_before: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A decision that is to be looked at again, and why it was drawn."""

    decision: Decision
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A sampling plan: what was drawn, and for each of the rest why it was not. The same seed and decisions give the same."""

    seed: str
    drawn: tuple[Drawn, ...]
    left: tuple[tuple[Decision, str], ...]


def sampling_plan(decisions: Iterable[Decision], *, seed: str, verifier: str) -> Plan:
    """Draw decisions for a verifier: every risk, then every assessor, module, method and site at least once, then to the share.

    The verifier's own decisions are never drawn. Order does not matter: a decision's turn is told by the seed and its id.
    """
    everything = sorted(decisions, key=lambda d: sha256(f"{seed}\0{d.id}".encode()).digest())
    own = [d for d in everything if d.assessor == verifier]
    others = [d for d in everything if d.assessor != verifier]
    reasons: dict[str, list[str]] = {d.id: _risks(d) for d in others}
    for what in ("assessor", "module", "method", "site"):
        seen = {getattr(d, what) for d in others if reasons[d.id]}
        for decision in others:
            value = getattr(decision, what)
            if value and value not in seen:
                seen.add(value)
                reasons[decision.id].append(f"the first of {what} {value}")
    learners = sorted({d.learner for d in others})
    wanted = min(len(learners), max(LEAST, round(_share(len(learners)) * len(learners) + 0.499)))
    reached = {d.learner for d in others if reasons[d.id]}
    for decision in others:
        if len(reached) >= wanted:
            break
        if decision.learner not in reached:
            reached.add(decision.learner)
            reasons[decision.id].append("drawn by chance")
    drawn = tuple(Drawn(d, tuple(reasons[d.id])) for d in others if reasons[d.id])
    left = [
        (d, "low risk, and its assessor, module and method are covered") for d in others if not reasons[d.id]
    ]
    return Plan(seed, drawn, (*left, *((d, "the verifier's own decision") for d in own)))


def _risks(decision: Decision) -> list[str]:
    named = (
        (decision.new_assessor, "a new assessor"),
        (decision.new_module, "a new module"),
        (decision.borderline, "near the line"),
        (decision.disagreed_before, "this assessor was disagreed with before"),
    )
    return [said for holds, said in named if holds]


def _share(learners: int) -> float:
    return next((share for most, share in STARTING_SHARES if learners <= most), STARTING_SHARES[-1][1])


@dataclass(frozen=True, slots=True)
class Funnel:
    """One provider beside the whole: its share, and the limits within which chance alone would keep it."""

    name: str
    passed: int
    of: int
    inside_95: bool
    inside_998: bool
    low: float
    high: float


def funnel(providers: Sequence[tuple[str, int, int]]) -> list[Funnel]:
    """Each provider (name, passed, of) beside the share of all, with exact binomial limits; those of nobody are left out.

    A provider outside the 99.8% limits differs beyond what chance explains; between the two, look again next time.
    """
    there = [p for p in providers if p[2] > 0]
    whole = sum(of for *_, of in there)
    if not whole:
        return []
    share = sum(passed for _, passed, _ in there) / whole
    found = []
    for name, passed, of in there:
        low95, high95 = limits(of, share, 0.025)
        low, high = limits(of, share, 0.001)
        found.append(
            Funnel(
                name, passed, of, low95 <= passed <= high95, low <= passed <= high, low95 / of, high95 / of
            )
        )
    return found


def limits(n: int, p: float, tail: float) -> tuple[int, int]:
    """The fewest and most of ``n`` that are in neither tail of the binomial distribution with share ``p``."""
    if p <= 0 or p >= 1:
        return (0, 0) if p <= 0 else (n, n)
    low, high, below = 0, n, 0.0
    for k in range(n + 1):
        below += _mass(k, n, p)
        if below > tail:
            low = k
            break
    above = 0.0
    for k in range(n, -1, -1):
        above += _mass(k, n, p)
        if above > tail:
            high = k
            break
    return low, high


def _mass(k: int, n: int, p: float) -> float:
    return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log(1 - p))
