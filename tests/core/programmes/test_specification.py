"""A programme as data: what ships is whole, what it covers, what differs between versions, and what is wrong is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wholepicture.core.learning import ContentError, shipped_course
from wholepicture.core.practice import load_default
from wholepicture.core.programmes import (
    Changed,
    compare,
    coverage_of,
    read_specification,
    shipped_specification,
    shipped_text,
)


def changed(*pairs: tuple[str, str]) -> str:
    text = shipped_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_the_shipped_programme_is_whole_and_says_what_it_is_not() -> None:
    found = shipped_specification()
    assert len(found.modules) >= 10
    assert found.hours >= 40
    assert len(found.entry) >= 3
    assert all(c.methods for c in found.criteria)
    assert sum(c.critical for c in found.criteria) >= 5
    assert "not the College of Policing's specification" in found.basis
    scenarios = shipped_course("look-beyond-the-obvious").scenarios
    assert {p for o in found.outcomes for p in o.practised} <= set(scenarios)


def test_it_teaches_nearly_all_that_the_catalogue_has_of_its_strands() -> None:
    found = coverage_of(shipped_specification(), load_default())
    assert found.covered == found.there
    assert all(number for _, number in found.standards)


def test_the_matrix_says_what_is_not_taught_practised_or_assessed() -> None:
    text = changed(
        ('practised = ["a-photo"]\n', ""),
        (
            'methods = ["observation", "scenario"]\ncritical = true',
            'methods = ["observation"]\ncritical = true',
        ),
        ('"sextortion-to-suicide"', '"abuse-to-suicide"'),
    )
    found = coverage_of(read_specification(text, load_default()), load_default())
    gaps = {r.outcome.id: r.gaps for r in found.rows}
    assert gaps["O5.1"] == ("not practised",)
    assert gaps["O6.1"] == ("a critical criterion can be shown in one way only",)
    assert gaps["O10.1"] == ("not taught",)
    assert [u.id for u in found.uncovered] == ["sextortion-to-suicide"]
    assert found.there - found.covered == 1


def test_two_versions_are_compared_part_by_part() -> None:
    text = changed(
        ("hours = 6", "hours = 7"),
        ("Plans disruption of those who exploit beside the safety of the child.", "Plans disruption."),
        ('id = "C9.1.1"', 'id = "C9.1.9"'),
        ("critical = true", "critical = false"),
    )
    before, after = shipped_specification(), read_specification(text, load_default())
    found = {d.part: d for d in compare(before, after)}
    assert found["module M1"].changed is Changed.CHANGED
    assert (found["module M1"].before, found["module M1"].after) == ("hours: 6", "hours: 7")
    assert found["criterion C9.1.1"].changed is Changed.REMOVED
    assert found["criterion C9.1.9"].changed is Changed.ADDED
    assert (found["criterion C1.1.2"].before, found["criterion C1.1.2"].after) == (
        "critical: yes",
        "critical: no",
    )
    assert "methods: professional discussion, witness testimony" in found["criterion C9.1.9"].after
    assert found["criterion C9.1.9"].before == ""
    assert set(found) == {
        "module M1",
        "criterion C4.1.2",
        "criterion C9.1.1",
        "criterion C9.1.9",
        "criterion C1.1.2",
    }
    assert compare(before, before) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.replace("format = 1", "format = 2"), "format is 2"),
        (lambda t: t.replace('id = "C1.1.2"', 'id = "C1.1.1"'), "C1.1.1 is given twice"),
        (lambda t: t.replace('"injury-to-a-baby"', '"nothing"'), "pathways: there is no 'nothing'"),
        (lambda t: t.replace('"Working together with partners",\n]', "]"), "standards: there is no"),
        (lambda t: t.replace('"knowledge test"', '"exam"'), "methods: 'exam' is none of"),
        (
            lambda t: t.replace('methods = ["portfolio", "observation"]', "methods = []", 1),
            "Say how it may be shown",
        ),
        (lambda t: t.replace("hours = 10", 'hours = "ten"'), "hours must be a whole number"),
        (lambda t: t.replace("title = ", "titel = ", 1), "title is missing"),
        (lambda t: t[: t.index("[[modules]]")], "there are no [[modules]]"),
        (lambda t: t + "\n[[modules]\n", "line"),
    ],
)
def test_what_is_wrong_is_said(change: Callable[[str], str], said: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_specification(change(shipped_text()), load_default())
    assert any(said in p for p in caught.value.problems), caught.value.problems
