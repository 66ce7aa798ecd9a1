"""The picture on the page that explains the approach: somebody made up, whose situation and controls a reader changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from wholepicture.core.picture import Observation, draw
from wholepicture.core.practice import Expression, State, load_default
from wholepicture.web.encounters.drawing import View, view_of

PATHWAY = "cuckooing"
PERSON, SITUATION = ("learning-disability", "drug-dependence"), ("home-taken-over", "threats-or-intimidation")
CONTROLS = ("adult-social-care", "landlord-or-housing")
STATES = {
    "holding": State.HOLDING,
    "failed": State.FAILED,
    "absent": State.ABSENT,
    "not-known": State.NOT_KNOWN,
}
WORDS = {"holding": "Holding", "failed": "Failed", "absent": "Never there", "not-known": "Nobody asked"}
_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Example:
    """What a reader chose, and the picture of it. ``said``: where that pathway stands, in words."""

    there: tuple[tuple[str, str, bool], ...]
    situation: tuple[tuple[str, str, bool], ...]
    controls: tuple[tuple[str, str, str], ...]
    view: View
    said: str


def _concepts(of: Expression) -> set[str]:
    found: set[str] = set()
    for part in of.parts:
        found |= {part} if isinstance(part, str) else _concepts(part)
    return found


def example(given: Mapping[str, str], *, chosen: bool) -> Example:
    """The picture of what was chosen; of all that is there and one control that failed where nothing was."""
    catalogue = load_default()
    names = {c: catalogue.concepts[c].name for c in (*PERSON, *SITUATION, *CONTROLS)}
    there = {c: (c in given) if chosen else True for c in (*PERSON, *SITUATION)}
    first = {"adult-social-care": "failed", "landlord-or-housing": "absent"}
    held = {c: given.get(c, "") if given.get(c) in STATES else first[c] for c in CONTROLS}
    seen = [(c, State.PRESENT if yes else State.ABSENT) for c, yes in there.items()]
    seen += [(c, STATES[held[c]]) for c in CONTROLS]
    # The rest of what this way turns on is taken for not there, so that it turns on what the reader moves.
    pathway = catalogue.pathways[PATHWAY]
    rest = {*_concepts(pathway.person), *_concepts(pathway.situation), *pathway.guards} - {c for c, _ in seen}
    seen += [(c, State.ABSENT) for c in sorted(rest)]
    picture = draw(
        catalogue, [Observation(str(n), "p", c, s, _AT, _AT) for n, (c, s) in enumerate(seen)], at=_AT
    )
    result = next(r for r in picture.pathways if r.pathway.id == PATHWAY)
    whole = view_of(catalogue, picture)
    lanes = tuple(lane for lane in whole.lanes if lane.result.pathway.id == PATHWAY)
    return Example(
        tuple((c, names[c], there[c]) for c in PERSON),
        tuple((c, names[c], there[c]) for c in SITUATION),
        tuple((c, names[c], held[c]) for c in CONTROLS),
        View(lanes, (), (), 0, "", (), (), ()),
        result.state.name.lower(),
    )
