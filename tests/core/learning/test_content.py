"""Scenarios and courses from files: what ships is whole, and what is wrong is said where it stands."""

from __future__ import annotations

from typing import Any

import pytest

from wholepicture.core.learning import (
    ContentError,
    ItemKind,
    Scenario,
    read_course,
    read_scenario,
    shipped_course,
    shipped_files,
)
from wholepicture.core.learning.read import parse_toml
from wholepicture.core.learning.scenario import Quality, Worth
from wholepicture.core.measurement import Mark, SaidLink, Work, mark_work
from wholepicture.core.practice import load_default

COURSE = "look-beyond-the-obvious"


def scenarios() -> list[Scenario]:
    return list(shipped_course(COURSE).scenarios.values())


def told() -> list[Scenario]:
    return [s.told(v) for s in scenarios() for v in ("", *(v.id for v in s.variations))]


def test_the_shipped_course_has_what_it_promises() -> None:
    course = shipped_course(COURSE)
    assert len(course.scenarios) >= 12
    assert sum(s.clean for s in course.scenarios.values()) >= 3
    assert 300 <= course.minutes <= 480
    assert {i.kind for i in course.items} == set(ItemKind)
    strands = {x for s in course.scenarios.values() for x in s.strands}
    assert len(strands) >= 12
    by_asking = [
        s
        for s in course.scenarios.values()
        if any(t.critical and s.line(t.where) not in s.log for t in s.targets)
    ]
    assert len(by_asking) >= 5


@pytest.mark.parametrize("scenario", told(), ids=lambda s: f"{s.id}-{s.people[0].label}")
def test_every_key_can_be_reached_and_gets_full_marks(scenario: Scenario) -> None:
    """Whoever sees, asks and does everything the key holds is marked as having missed and imagined nothing."""
    marks = tuple(Mark(t.id, t.where, t.start, t.end, t.kind, t.person) for t in scenario.targets)
    # In the order in which what is needed first is asked first, without the poor ones.
    asked = tuple(a.id for a in scenario.asks if a.quality is not Quality.CLOSES)
    links = tuple(SaidLink(x.person, x.factors, x.features, x.controls, x.harm) for x in scenario.links)
    work = Work(
        marks=marks,
        asked=asked,
        controls={(c.concept, c.person): c.state for c in scenario.controls},
        links=links,
        grade=scenario.grade,
        actions=frozenset(a.concept for a in scenario.actions if a.worth is Worth.NEEDED),
    )
    marked = mark_work(scenario, work)
    assert marked.counts.misses == 0
    assert [i.mark for i in marked.imagined] == []
    assert marked.critical == ()
    assert all(x.whole for x in marked.links)
    assert all(c.right for c in marked.controls)
    assert marked.grade_off == 0
    assert marked.passed(hits=1.0, false_alarms=0.0)


@pytest.mark.parametrize("scenario", told(), ids=lambda s: f"{s.id}-{s.people[0].label}")
def test_the_key_fact_can_be_had_in_the_time_there_is(scenario: Scenario) -> None:
    """Critical facts that must be asked for cost no more than the minutes given, with whatever must be asked before."""
    asks = {a.id: a for a in scenario.asks}
    wanted: set[str] = set()
    for t in scenario.targets:
        name = t.where if t.critical and t.where in asks else ""
        while name:
            wanted.add(name)
            name = asks[name].needs
    assert sum(asks[n].minutes for n in wanted) <= scenario.minutes
    # And not everything can be asked, or time would cost nothing.
    assert not scenario.asks or sum(a.minutes for a in scenario.asks) > scenario.minutes


def test_a_variation_tells_it_in_other_words_and_leaves_out() -> None:
    base = shipped_course(COURSE).scenarios["noise-again"]
    other = base.told("second")
    assert "Colin" in base.log[3].text
    assert "Colin" not in " ".join(x.text for x in other.log)
    assert len(other.asks) == len(base.asks) - 1
    for t in other.targets:
        line = other.line(t.where)
        assert line is not None
        assert line.text[t.start : t.end] == t.words


def minimal(**changes: Any) -> dict[str, Any]:
    table: dict[str, Any] = {
        "id": "s",
        "title": "T",
        "briefing": "B",
        "grade_why": "G",
        "teaches": "L",
        "people": [{"code": "a", "label": "A", "role": "victim"}],
        "log": [{"id": "l1", "text": "She is 14 weeks pregnant and afraid."}],
        "targets": [
            {"id": "t1", "where": "l1", "words": "14 weeks pregnant", "concept": "pregnant", "person": "a"}
        ],
        "actions": [{"concept": "arrest", "worth": "needed", "why": "W"}],
    }
    return table | changes


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {
                "targets": [
                    {"id": "t1", "where": "l1", "words": "15 weeks", "concept": "pregnant", "person": "a"}
                ]
            },
            "do not stand in l1",
        ),
        (
            {"targets": [{"id": "t1", "where": "l9", "words": "x", "concept": "pregnant", "person": "a"}]},
            "no such line",
        ),
        (
            {
                "targets": [
                    {"id": "t1", "where": "l1", "words": "afraid", "concept": "nonsense", "person": "a"}
                ]
            },
            "concept must be the id",
        ),
        (
            {"targets": [{"id": "t1", "where": "l1", "words": "afraid", "concept": "afraid", "person": "z"}]},
            "no such person",
        ),
        ({"log": []}, "there is no [[log]]"),
        ({"people": []}, "there are no [[people]]"),
        ({"grade": "severe"}, "grade is 'severe'"),
        ({"minutes": "ten"}, "minutes must be a whole number"),
        ({"title": 3}, "title must be a text"),
        (
            {"variations": [{"id": "v", "put": [["pregnant", "ill"]]}, {"id": "w", "put": "x"}]},
            "put must be a list of pairs",
        ),
    ],
)
def test_what_is_wrong_is_said_with_where(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_scenario(minimal(**changes), load_default(), name="s.toml")
    assert any(said in p and p.startswith("s.toml") for p in caught.value.problems), caught.value.problems


def test_no_key_is_not_an_empty_key() -> None:
    table = minimal()
    del table["targets"]
    with pytest.raises(ContentError, match="there is no key"):
        read_scenario(table, load_default(), name="s.toml")
    assert read_scenario(minimal(targets=[]), load_default(), name="s.toml").clean


def test_overlapping_targets_of_one_person_are_refused_and_of_two_are_not() -> None:
    both = [
        {"id": "t1", "where": "l1", "words": "14 weeks pregnant", "concept": "pregnant", "person": "a"},
        {"id": "t2", "where": "l1", "words": "pregnant and afraid", "concept": "afraid", "person": "a"},
    ]
    with pytest.raises(ContentError, match="overlap"):
        read_scenario(minimal(targets=both), load_default(), name="s.toml")
    both[1]["person"] = "b"
    people = [{"code": c, "label": c, "role": "victim"} for c in "ab"]
    assert len(read_scenario(minimal(targets=both, people=people), load_default(), name="s").targets) == 2


def test_a_variation_that_loses_a_key_is_refused() -> None:
    targets = [{"id": "t1", "where": "l1", "words": "weeks pregnant", "concept": "pregnant", "person": "a"}]
    table = minimal(targets=targets, variations=[{"id": "v", "put": [["14 weeks", "five months"]]}])
    with pytest.raises(ContentError, match="variation v loses the words of t1"):
        read_scenario(table, load_default(), name="s.toml")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.pop("course.toml"), "no course.toml"),
        (
            lambda f: f.update({"course.toml": f["course.toml"].replace("format = 1", "format = 9")}),
            "format is 9",
        ),
        (lambda f: f.update({"course.toml": "title = "}), "course.toml:"),
        (lambda f: f.pop("readings/asking.md"), "no file readings/asking.md"),
        (lambda f: f.update({"readings/spare.md": "x"}), "no step of course.toml uses this file"),
        (lambda f: f.update({"checks/asking.toml": "questions = []"}), "there are no [[questions]]"),
        (lambda f: f.update({"scenarios/a-photo.toml": "id = 3"}), "scenarios/a-photo.toml"),
    ],
)
def test_a_package_with_a_fault_says_which_file(change: Any, said: str) -> None:
    files = shipped_files(COURSE)
    change(files)
    with pytest.raises(ContentError) as caught:
        read_course(files, load_default())
    assert any(said in p for p in caught.value.problems), caught.value.problems


def test_not_toml_says_the_line() -> None:
    with pytest.raises(ContentError, match=r"x\.toml: .*line 2"):
        parse_toml("a = 1\nb = = 3\nc = 4", "x.toml")
