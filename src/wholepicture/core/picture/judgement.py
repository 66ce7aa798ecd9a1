"""What a picture has to say to a professional's judgement. It never grades: it prompts, and says where a grade and it differ."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wholepicture.core.picture.draw import PathwayResult, PathwayState, Picture, actions_for
from wholepicture.core.picture.lens import questions
from wholepicture.core.practice import Catalogue, Kind, Nation, State

GRAVE = 5
_ENGAGING = (
    "does-not-see-abuse",
    "distrusts-authority",
    "avoids-services",
    "needs-interpreter",
    "communication-need",
    "not-seen-alone",
)


class Grade(StrEnum):
    """A risk grade, as a professional gives it."""

    STANDARD = "standard"
    MEDIUM = "medium"
    HIGH = "high"


class Head(StrEnum):
    """The six heads of THRIVE."""

    THREAT = "threat"
    HARM = "harm"
    RISK = "risk"
    INVESTIGATION = "investigation"
    VULNERABILITY = "vulnerability"
    ENGAGEMENT = "engagement"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the picture holds under one head, to write from."""

    head: Head
    asks: str
    holds: tuple[str, ...]


def prompts(catalogue: Catalogue, picture: Picture, *, nation: Nation = Nation.ENGLAND) -> tuple[Prompt, ...]:
    """The six heads, each with what the picture holds under it, in plain words."""
    open_now = picture.by_state(PathwayState.OPEN, PathwayState.UNGUARDED)
    seen = [(catalogue.concepts[n], h) for n, h in picture.held.items() if n in catalogue.concepts]
    present = [c for c, h in seen if h.state in (State.PRESENT, State.THREATENED, State.SUFFERED)]
    harms = dict.fromkeys(catalogue.concepts[r.pathway.harm].name for r in open_now)
    suffered = [c.name for c in present if c.kind is Kind.HARM]
    down = [
        c
        for c, h in seen
        if c.kind is Kind.CONTROL and h.state in (State.FAILED, State.WEAKENING, State.ABSENT)
    ]
    return (
        Prompt(
            Head.THREAT,
            "What or who threatens them?",
            tuple(c.name for c in present if c.kind is Kind.FEATURE),
        ),
        Prompt(Head.HARM, "What has happened, and what could?", tuple(dict.fromkeys((*suffered, *harms)))),
        Prompt(
            Head.RISK,
            "How likely, how soon, and what stands between?",
            (
                *(r.pathway.name for r in open_now),
                *(f"{c.name}: {picture.state(c.id).replace('_', ' ')}" for c in down),
            ),
        ),
        Prompt(
            Head.INVESTIGATION,
            "What must be found out, and how?",
            tuple(q.text for q in questions(catalogue, picture, most=3)),
        ),
        Prompt(
            Head.VULNERABILITY,
            "What about them makes it harder to be safe?",
            tuple(c.name for c in present if c.kind is Kind.FACTOR),
        ),
        Prompt(
            Head.ENGAGEMENT,
            "What do they want? Who else must act?",
            (
                *(c.name for c in present if c.id in _ENGAGING),
                *(catalogue.concepts[a].name for a, _ in actions_for(catalogue, picture, nation=nation)[:3]),
            ),
        ),
    )


def disagreement(catalogue: Catalogue, picture: Picture, grade: Grade) -> str:
    """Where a grade and the open pathways do not sit together, said so that a reason can be given; "" where they do."""
    open_now = picture.by_state(PathwayState.OPEN)
    unguarded = picture.by_state(PathwayState.UNGUARDED)
    grave = [r for r in open_now if catalogue.concepts[r.pathway.harm].severity >= GRAVE]
    if grade is Grade.STANDARD and (open_now or unguarded):
        shown = open_now or unguarded
        return f"The grade is standard, and {_counted(len(shown), 'pathway')} {_is(shown)} open: {_named(shown)}."
    if grade is Grade.MEDIUM and grave:
        return f"The grade is medium, and nothing stands between them and {_harms(catalogue, grave)}: {_named(grave)}."
    if grade is Grade.HIGH and not (open_now or unguarded):
        return "The grade is high, and nothing recorded is known to be open. What do you know that is not recorded yet?"
    return ""


def worst(catalogue: Catalogue, picture: Picture) -> int:
    """The gravest harm (1 to 5) that a pathway is open to; 0 where none is. It only orders queues."""
    open_now = picture.by_state(PathwayState.OPEN, PathwayState.UNGUARDED)
    return max((catalogue.concepts[r.pathway.harm].severity for r in open_now), default=0)


def _named(results: list[PathwayResult]) -> str:
    names = [r.pathway.name[0].lower() + r.pathway.name[1:] for r in results[:3]]
    more = f" and {len(results) - 3} more" if len(results) > 3 else ""
    return "; ".join(names) + more


def _harms(catalogue: Catalogue, results: list[PathwayResult]) -> str:
    names = list(dict.fromkeys(catalogue.concepts[r.pathway.harm].name.lower() for r in results))
    return " or ".join(names[:2])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _is(results: list[PathwayResult]) -> str:
    return "is" if len(results) == 1 else "are"
