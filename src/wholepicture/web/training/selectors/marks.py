"""What is marked in an attempt under way, for its pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wholepicture.core.learning.scenario import Line
from wholepicture.core.practice import Kind
from wholepicture.web.training.models import Attempt
from wholepicture.web.training.selectors.debrief import KIND_NAMES, LineShown, pieces_of
from wholepicture.web.training.services.playing import texts_of


@dataclass(frozen=True, slots=True)
class MarkShown:
    """One mark in words."""

    id: str
    where: str
    words: str
    kind: str
    kind_name: str
    person: str
    person_code: str


def marks_shown(attempt: Attempt) -> list[MarkShown]:
    """The marks so far, in the order of the text."""
    texts, scenario = texts_of(attempt), attempt.scenario
    order = {name: n for n, name in enumerate(texts)}
    marks = [m for m in attempt.work.get("marks", []) if m["where"] in texts]
    return [
        MarkShown(
            m["id"],
            m["where"],
            texts[m["where"]][m["start"] : m["end"]],
            m["kind"],
            KIND_NAMES[Kind(m["kind"])],
            scenario.label(m["person"]),
            m["person"],
        )
        for m in sorted(marks, key=lambda m: (order[m["where"]], m["start"]))
    ]


def marked_lines(attempt: Attempt, lines: Iterable[Line]) -> list[LineShown]:
    """Lines with the learner's own marks in them."""
    scenario, marks = attempt.scenario, attempt.work.get("marks", [])
    return [
        LineShown(
            line,
            pieces_of(
                line.text,
                [
                    (
                        m["start"],
                        m["end"],
                        f"wp-find wp-find--{m['kind']}",
                        f"{KIND_NAMES[Kind(m['kind'])]}, {scenario.label(m['person'])}",
                    )
                    for m in marks
                    if m["where"] == line.id
                ],
            ),
        )
        for line in lines
    ]
