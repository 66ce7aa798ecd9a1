"""The health check's questions and how a force stands by them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wholepicture.core.insight.health import SHIPPED, HealthCheckError, Level, read, shipped, standing


def test_the_shipped_questions_cover_every_area() -> None:
    found = shipped()
    assert [a.id for a in found.areas] == [
        "culture",
        "leadership",
        "training",
        "process",
        "partnership",
        "staff",
        "victims",
    ]
    assert all(len(found.of(a.id)) >= 3 for a in found.areas)
    assert all(a.first and a.about for a in found.areas)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.replace('area = "culture"', 'area = "cultur"', 1), "there is no area “cultur”"),
        (lambda t: t.replace('id = "culture-2"', 'id = "culture-1"'), "Two questions are called culture-1"),
        (lambda t: 'title = "x"', "no question"),
        (lambda t: "area = [", "no TOML"),
    ],
)
def test_what_is_wrong_with_questions_is_said(change: Callable[[str], str], said: str) -> None:
    with pytest.raises(HealthCheckError, match=said):
        read(change(SHIPPED.read_text("utf-8")))


def test_the_middle_answer_counts_and_people_who_differ_are_pointed_out() -> None:
    found = standing(
        shipped(), {"culture-1": [1, 2, 4, None], "culture-2": [3, 3], "culture-3": [None], "staff-1": [2, 3]}
    )
    culture = found[0]
    first, second, third = culture.questions
    assert (first.level, first.apart, first.unsure) == (Level.IN_PLACES, True, 1)
    assert (second.level, second.apart) == (Level.THROUGHOUT, False)
    assert third.level is None
    assert culture.level == Level.IN_PLACES
    assert culture.lowest is first
    assert next(a for a in found if a.area.id == "staff").level == Level.IN_PLACES
    assert next(a for a in found if a.area.id == "victims").level is None
