"""Combinations are counted, and nobody can be worked out from what is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.insight.together import FEWEST, few, in_words, rounded, said, together


def test_combinations_are_exact_and_the_commonest_first() -> None:
    people = [frozenset("ab")] * 12 + [frozenset("a")] * 20 + [frozenset("c")] * 4 + [frozenset()] * 9
    found = together(people)
    assert [(m.of, m.people) for m in found.meetings] == [(("a",), 20), (("a", "b"), 10)]
    assert found.sets == (("a", 30), ("b", 10))
    assert found.people == 35
    assert found.several == 10
    assert found.rare == 1
    assert in_words(found, {"a": "Debt", "b": "Grief"}) == [("Debt", 20), ("Debt and Grief", 10)]


def test_a_count_is_rounded_and_a_small_one_is_not_said() -> None:
    assert [rounded(n) for n in (0, 1, 4, 5, 7, 8, 12, 13)] == [0, None, None, 5, 5, 10, 10, 15]
    assert said(3) == "fewer than 5"
    assert said(1238) == "1,240"
    assert [few(n) for n in (0, 4, 9, 1238)] == ["0", "fewer than 5", "9", "1,238"]


@given(st.lists(st.frozensets(st.sampled_from("abcdef")), max_size=60))
def test_nothing_small_is_shown_and_all_that_is_shown_is_rounded(people: list[frozenset[str]]) -> None:
    found = together(people)
    for meeting in found.meetings:
        assert sum(p == frozenset(meeting.of) for p in people) >= FEWEST
        assert meeting.people % 5 == 0
    assert all(n % 5 == 0 for _, n in found.sets)
    assert {s for m in found.meetings for s in m.of} <= {s for s, _ in found.sets}
