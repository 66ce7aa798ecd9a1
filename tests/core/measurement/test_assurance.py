"""Sampling that can be drawn again and leaves nothing out unsaid; funnels that respect small numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.measurement.assurance import LEAST, Decision, funnel, sampling_plan

flags = st.booleans()


@st.composite
def decided(draw: st.DrawFn) -> list[Decision]:
    number = draw(st.integers(0, 40))
    return [
        Decision(
            id=f"d{n}",
            learner=f"l{draw(st.integers(0, 12))}",
            assessor=f"a{draw(st.integers(0, 4))}",
            module=f"m{draw(st.integers(0, 5))}",
            method=draw(st.sampled_from(["observation", "portfolio", "test"])),
            site=draw(st.sampled_from(["", "north", "south"])),
            new_assessor=draw(flags) and draw(flags) and draw(flags),
            borderline=draw(flags) and draw(flags) and draw(flags),
            disagreed_before=draw(flags) and draw(flags) and draw(flags),
        )
        for n in range(number)
    ]


@given(decided(), st.text(max_size=8))
def test_a_plan_covers_everything_draws_no_own_work_and_says_why(
    decisions: list[Decision], seed: str
) -> None:
    plan = sampling_plan(decisions, seed=seed, verifier="a0")
    drawn = [d.decision for d in plan.drawn]
    others = [d for d in decisions if d.assessor != "a0"]
    assert all(d.assessor != "a0" for d in drawn)
    for what in ("assessor", "module", "method", "site"):
        assert {getattr(d, what) for d in drawn if getattr(d, what)} == {
            getattr(d, what) for d in others if getattr(d, what)
        }
    assert all(d in drawn for d in others if d.new_assessor or d.borderline or d.disagreed_before)
    learners = {d.learner for d in others}
    assert len({d.learner for d in drawn}) >= min(LEAST, len(learners))
    assert all(d.reasons for d in plan.drawn)
    assert {d.id for d in drawn} | {d.id for d, _ in plan.left} == {d.id for d in decisions}
    assert all(why for _, why in plan.left)


@given(decided(), st.text(max_size=8), st.randoms())
def test_the_same_seed_gives_the_same_plan_in_whatever_order(
    decisions: list[Decision], seed: str, chance: object
) -> None:
    shuffled = list(decisions)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sampling_plan(decisions, seed=seed, verifier="a0") == sampling_plan(
        shuffled, seed=seed, verifier="a0"
    )


def test_another_seed_draws_others() -> None:
    decisions = [Decision(f"d{n}", f"l{n}", "a1", "m", "portfolio") for n in range(60)]
    plans = [sampling_plan(decisions, seed=str(s), verifier="v") for s in range(5)]
    assert len({tuple(d.decision.id for d in p.drawn) for p in plans}) == 5
    assert {len(p.drawn) for p in plans} == {15}


def test_more_is_drawn_where_there_is_risk() -> None:
    safe = [Decision(f"d{n}", f"l{n}", "a1", "m", "portfolio") for n in range(12)]
    risky = [replace(d, new_assessor=True) for d in safe]
    assert len(sampling_plan(safe, seed="x", verifier="v").drawn) == 5
    assert len(sampling_plan(risky, seed="x", verifier="v").drawn) == 12


def test_a_funnel_does_not_blame_a_small_provider() -> None:
    """Two of four is no worse than 80 of 100 by more than chance; 40 of 100 is."""
    found = {
        f.name: f for f in funnel([("large", 85, 100), ("small", 2, 4), ("poor", 40, 100), ("none", 0, 0)])
    }
    assert set(found) == {"large", "small", "poor"}
    assert found["small"].inside_95
    assert not found["poor"].inside_998
    assert found["small"].high - found["small"].low > found["large"].high - found["large"].low


def test_thelimits_are_those_of_the_binomial() -> None:
    """Ten tries at one half: 2 to 8 hold 97.9%; 1 to 9 leave 0.1% in each tail (binomial tables)."""
    [one, _] = funnel([("a", 2, 10), ("b", 8, 10)])
    assert (one.low, one.high) == (0.2, 0.8)
    assert one.inside_95
    assert funnel([("a", 5, 5)])[0].inside_998
    assert funnel([]) == []


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_all_or_none_pass_nobody_is_outside(share: float) -> None:
    assert all(f.inside_95 for f in funnel([("a", round(9 * share), 9), ("b", round(40 * share), 40)]))
