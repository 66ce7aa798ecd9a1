"""What a learner has done in an attempt, between the page, the database and the measure of it."""

from __future__ import annotations

from typing import Any

from wholepicture.core.learning import Scenario
from wholepicture.core.measurement import Mark, Marked, SaidLink, Work
from wholepicture.core.picture import Grade
from wholepicture.core.practice import Kind, State

MEASURE = 1


def read_work(kept: dict[str, Any]) -> Work:
    """The work as it is measured, from the work as it is kept."""
    return Work(
        marks=tuple(
            Mark(m["id"], m["where"], m["start"], m["end"], Kind(m["kind"]), m["person"])
            for m in kept.get("marks", [])
        ),
        asked=tuple(kept.get("asked", [])),
        controls={
            (concept, person): State(state)
            for key, state in kept.get("controls", {}).items()
            for concept, person in [key.split("|")]
        },
        links=tuple(
            SaidLink(x["person"], tuple(x["factors"]), tuple(x["features"]), tuple(x["controls"]), x["harm"])
            for x in kept.get("links", [])
        ),
        grade=Grade(kept["grade"]) if kept.get("grade") else None,
        actions=frozenset(kept.get("actions", [])),
    )


def result_of(scenario: Scenario, marked: Marked, *, hits: float, false_alarms: float) -> dict[str, Any]:
    """What came of an attempt, to be kept with it. ``measure`` says which rules it was marked by."""
    counts = marked.counts
    return {
        "measure": MEASURE,
        "targets": [
            {"id": r.target.id, "seen": r.seen.value, "mark": r.mark.id if r.mark else None}
            for r in (*marked.targets, *marked.contested)
        ],
        "imagined": [{"mark": i.mark.id, "why": i.lure.why if i.lure else ""} for i in marked.imagined],
        "counts": [counts.hits, counts.misses, counts.false_alarms, counts.correct_rejections],
        "kinds": {kind.value: [c.hits, c.misses, c.false_alarms] for kind, c in marked.by_kind.items()},
        "links": [
            {
                "id": r.link.id,
                "person": r.person,
                "situation": r.situation,
                "control": r.control,
                "harm": r.harm,
            }
            for r in marked.links
        ],
        "links_imagined": len(marked.links_imagined),
        "controls": [
            {
                "concept": c.key.concept,
                "person": c.key.person,
                "said": c.said.value if c.said else None,
                "right": c.right,
            }
            for c in marked.controls
        ],
        "grade_off": marked.grade_off,
        "needed_missed": [a.concept for a in marked.needed_missed],
        "needed_taken": [a.concept for a in marked.needed_taken],
        "unsafe": [a.concept for a in marked.unsafe_taken],
        "not_needed": [a.concept for a in marked.not_needed_taken],
        "critical": list(marked.critical),
        "stopped": marked.stopped,
        "only_obvious": marked.only_obvious,
        "sensitivity": counts.sensitivity,
        "precision": marked.precision,
        "false_alarm_rate": counts.false_alarm_rate,
        "d": counts.d_prime,
        "c": counts.criterion,
        "passed": marked.passed(hits=hits, false_alarms=false_alarms),
        "rule": [hits, false_alarms],
    }
