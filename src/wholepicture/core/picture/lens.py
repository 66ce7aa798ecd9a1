"""The investigative lens: which unanswered question would change the picture most.

For each pathway that something points to, its true state is closed, guarded or open with chances that follow from the
catalogue's priors. A question's gain is the expected drop in that uncertainty (information gain, in bits; Shannon 1948),
summed over the pathways it bears on and weighted by the severity of the harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log2

from wholepicture.core.picture.draw import PathwayResult, PathwayState, Picture
from wholepicture.core.picture.logic import likelihood
from wholepicture.core.practice import Catalogue, Kind, State

KNOWN = {
    State.PRESENT: 1.0,
    State.ABSENT: 0.0,
    State.HOLDING: 1.0,
    State.WEAKENING: 0.0,
    State.FAILED: 0.0,
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question worth asking. ``settles`` are pathway ids, the most affected first; ``gain`` is severity-weighted bits."""

    concept: str
    text: str
    settles: tuple[str, ...]
    gain: float


def questions(
    catalogue: Catalogue, picture: Picture, *, most: int = 6, rates: Mapping[str, float] | None = None
) -> list[Question]:
    """The best few questions not answered yet. ``rates`` are a force's own base rates, where it has them, in place of priors."""
    chance = {
        c.id: (rates or {}).get(c.id, c.prior)
        for c in catalogue.concepts.values()
        if c.kind is not Kind.ACTION
    }
    for name, held in picture.held.items():
        if held.state in KNOWN:
            chance[name] = KNOWN[held.state]
    gains: dict[str, dict[str, float]] = {}
    for result in picture.pathways:
        if result.touched and not result.suffered and result.state is not PathwayState.CLOSED:
            for concept, gain in _gains(catalogue, picture, result, chance).items():
                gains.setdefault(concept, {})[result.pathway.id] = gain
    found = [_question(catalogue, concept, by_pathway) for concept, by_pathway in gains.items()]
    found.sort(key=lambda q: (-q.gain, q.concept))
    return found[:most]


def _question(catalogue: Catalogue, concept: str, by_pathway: dict[str, float]) -> Question:
    settles = tuple(sorted(by_pathway, key=lambda p: (-by_pathway[p], p)))
    return Question(
        concept, catalogue.concepts[concept].question, settles, round(sum(by_pathway.values()), 4)
    )


def _gains(
    catalogue: Catalogue, picture: Picture, result: PathwayResult, chance: dict[str, float]
) -> dict[str, float]:
    pathway = result.pathway
    names = [*pathway.person.concepts(), *pathway.situation.concepts(), *pathway.guards]
    before = _uncertainty(result, chance)
    found: dict[str, float] = {}
    for name in names:
        if (
            picture.state(name) is not State.NOT_KNOWN
            or not catalogue.concepts[name].question
            or catalogue.concepts[name].retired
        ):
            continue
        prior = chance[name]
        after = 0.0
        for answer, weight in ((1.0, prior), (0.0, 1 - prior)):
            chance[name] = answer
            after += weight * _uncertainty(result, chance)
        chance[name] = prior
        gain = result.severity * (before - after)
        if gain > 1e-9:
            found[name] = gain
    return found


def _uncertainty(result: PathwayResult, chance: Mapping[str, float]) -> float:
    """Entropy, in bits, of {closed, guarded, open}."""
    pathway = result.pathway
    active = likelihood(pathway.person, chance) * likelihood(pathway.situation, chance)
    unguarded = 1.0
    for guard in pathway.guards:
        unguarded *= 1 - chance[guard]
    return sum(-p * log2(p) for p in (1 - active, active * unguarded, active * (1 - unguarded)) if p > 0)
