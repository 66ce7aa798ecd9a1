"""Licences to practise: schemes as data, and the life of a licence as a fold of dated events."""

from wholepicture.core.licensing.drawn import diagram
from wholepicture.core.licensing.guards import cannot
from wholepicture.core.licensing.lifecycle import (
    APPEALED,
    IN_FORCE,
    MOVE,
    MOVES,
    OPEN_APPLICATION,
    Actor,
    Condition,
    Event,
    Rules,
    Standing,
    State,
    Step,
    standing_on,
)
from wholepicture.core.licensing.scheme import (
    Requirement,
    Scheme,
    Shown,
    Standard,
    read_scheme,
    shipped_scheme,
    shipped_scheme_text,
    shipped_schemes,
)

__all__ = [
    "APPEALED",
    "IN_FORCE",
    "MOVE",
    "MOVES",
    "OPEN_APPLICATION",
    "Actor",
    "Condition",
    "Event",
    "Requirement",
    "Rules",
    "Scheme",
    "Shown",
    "Standard",
    "Standing",
    "State",
    "Step",
    "cannot",
    "diagram",
    "read_scheme",
    "shipped_scheme",
    "shipped_scheme_text",
    "shipped_schemes",
    "standing_on",
]
