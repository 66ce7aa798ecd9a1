"""Cut scores by Angoff, and groups side by side that give nobody away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.measurement import angoff, side_by_side

JUDGED = {
    "a": {"Q1": 0.9, "Q2": 0.5, "Q3": 0.6},
    "b": {"Q1": 0.8, "Q2": 0.6, "Q3": 0.7},
    "c": {"Q1": 0.7, "Q2": 0.4, "Q3": 0.5},
}


def test_the_line_is_the_sum_of_what_judges_expect() -> None:
    found = angoff(JUDGED)
    assert found is not None
    assert found.score == pytest.approx(1.9)  # totals 2.0, 2.1, 1.6
    assert found.error == pytest.approx(0.1528, abs=1e-4)  # their deviation, 0.2646, over the root of three
    assert found.needed == 2
    assert [(q, round(m, 2), round(s, 2)) for q, m, s in found.questions] == [
        ("Q1", 0.8, 0.2),
        ("Q2", 0.5, 0.2),
        ("Q3", 0.6, 0.2),
    ]


def test_a_line_on_a_whole_number_does_not_ask_one_more() -> None:
    found = angoff({"a": {f"Q{n}": 0.1 for n in range(10)}})
    assert found is not None
    assert found.needed == 1
    assert found.error is None
    assert angoff({}) is None


def test_judges_must_have_judged_alike() -> None:
    with pytest.raises(ValueError, match="each question"):
        angoff({"a": {"Q1": 0.4}, "b": {"Q2": 0.4}})
    with pytest.raises(ValueError, match="between 0 and 1"):
        angoff({"a": {"Q1": 40}})


@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.fixed_dictionaries({q: st.floats(0, 1) for q in "xyz"}), min_size=1
    )
)
def test_the_line_lies_between_the_strictest_and_the_mildest(judged: dict[str, dict[str, float]]) -> None:
    found = angoff(judged)
    totals = [sum(j.values()) for j in judged.values()]
    assert found is not None
    assert min(totals) - 1e-9 <= found.score <= max(totals) + 1e-9


GROUPS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 40), st.integers(0, 40)).map(
        lambda g: (g[0], min(g[1], g[2]), g[2])
    ),
    max_size=8,
    unique_by=lambda g: g[0],
)


@given(GROUPS)
def test_no_small_group_can_be_worked_out(groups: list[tuple[str, int, int]]) -> None:
    found = side_by_side(groups)
    there = [g for g in groups if g[2]]
    assert [g.name for g in found] == [g[0] for g in there]
    hidden = [g for g in found if g.hidden]
    numbers = {g[0]: g for g in there}
    assert all(numbers[g.name][2] >= 10 for g in found if not g.hidden)
    # The whole is known, and so is what is shown: what is left over must be of several groups, and of enough people.
    if hidden and len(hidden) < len(found):
        assert len(hidden) > 1
        assert sum(numbers[g.name][2] for g in hidden) >= 10


def test_large_groups_are_all_shown_with_their_interval() -> None:
    found = side_by_side([("women", 30, 40), ("men", 40, 50)])
    assert [(g.passed, g.of) for g in found] == [(30, 40), (40, 50)]
    assert found[0].share is not None
    assert found[0].share.low < 0.75 < found[0].share.high
    assert side_by_side([("a", 1, 2)])[0].hidden
