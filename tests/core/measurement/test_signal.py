"""Signal detection, shares, item analysis and agreement, against worked numbers of others."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.measurement import (
    Counts,
    agreement,
    analyse,
    difference_of_shares,
    mean_change,
    reliability,
    share,
)

numbers = st.integers(0, 400)


def test_d_prime_and_criterion_of_a_worked_case() -> None:
    """14 hits, 6 misses, 5 false alarms, 25 correct rejections: d' 1.42, c +0.21 (shared/learning.md, 4.1)."""
    counts = Counts(14, 6, 5, 25)
    assert counts.d_prime == pytest.approx(1.42, abs=0.005)
    assert counts.criterion == pytest.approx(0.21, abs=0.005)


def test_extreme_rates_are_finite_and_nothing_to_see_gives_no_d() -> None:
    assert math.isfinite(Counts(10, 0, 0, 10).d_prime or math.inf)
    assert Counts(10, 0, 0, 10).hit_rate_corrected == pytest.approx(10.5 / 11)
    assert Counts(0, 0, 1, 9).d_prime is None
    assert Counts(0, 0, 1, 9).sensitivity is None
    assert Counts(3, 1, 0, 0).criterion is None


@given(numbers, numbers, numbers, numbers)
def test_marking_more_never_raises_the_criterion(h: int, m: int, f: int, c: int) -> None:
    """One more hit or false alarm in place of a miss or rejection: readier to say yes, so the criterion does not rise."""
    before = Counts(h, m + 1, f, c + 1).criterion
    assert before is not None
    for after in (Counts(h + 1, m, f, c + 1), Counts(h, m + 1, f + 1, c)):
        assert after.criterion is not None
        assert after.criterion <= before + 1e-12


@given(numbers, numbers, numbers, numbers)
def test_more_hits_never_lower_d_prime(h: int, m: int, f: int, c: int) -> None:
    one, other = Counts(h, m + 1, f, c + 1).d_prime, Counts(h + 1, m, f, c + 1).d_prime
    assert one is not None
    assert other is not None
    assert other >= one - 1e-12


def test_wilson_interval_of_a_published_case() -> None:
    """15 of 148: 0.0624 to 0.1605 (Newcombe 1998, table I, method 3)."""
    found = share(15, 148)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(0.0624, abs=5e-5), pytest.approx(0.1605, abs=5e-5))
    assert share(0, 0) is None


@given(st.integers(0, 200), st.integers(1, 200))
def test_an_interval_holds_its_share(part: int, more: int) -> None:
    found = share(part, part + more)
    assert found is not None
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_difference_of_shares_of_a_published_case() -> None:
    """56/70 less 48/80: 0.0524 to 0.3339 (Newcombe 1998, "Interval estimation for the difference", method 10, case a)."""
    found = difference_of_shares((48, 80), (56, 70))
    assert found is not None
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


def test_mean_change_is_the_same_each_time_and_holds_its_mean() -> None:
    pairs = [(0.4, 0.6), (0.5, 0.5), (0.3, 0.7), (0.6, 0.8), (0.5, 0.9)]
    found = mean_change(pairs)
    assert found is not None
    assert found == mean_change(pairs)
    assert found.low <= found.value <= found.high
    assert found.value == pytest.approx(0.24)
    assert mean_change(pairs[:2]) is None


def test_agreement_of_a_published_table() -> None:
    """A 2 by 2 table of 130, 56, 9 and 5: raw 0.675, AC1 0.533, Fleiss' kappa -0.067 (shared/learning.md, 4.1)."""
    judged = [["y", "y"]] * 130 + [["y", "n"]] * 56 + [["n", "y"]] * 9 + [["n", "n"]] * 5
    found = agreement(judged)
    assert found is not None
    assert found.raw == pytest.approx(0.675)
    assert found.ac1.value == pytest.approx(0.53258, abs=5e-5)
    assert found.kappa == pytest.approx(-0.067, abs=5e-4)
    assert found.ac1.low < found.ac1.value < found.ac1.high


def test_full_agreement_is_one_and_unequal_rows_are_refused() -> None:
    found = agreement([["y", "y", "y"], ["n", "n", "n"]])
    assert found is not None
    assert (found.raw, found.ac1.value) == (1, pytest.approx(1))
    assert agreement([["y", "y"]] * 3).kappa is None  # type: ignore[union-attr]
    assert agreement([]) is None
    with pytest.raises(ValueError, match="as many"):
        agreement([["y", "y"], ["n"]])


def test_alpha_of_a_worked_case() -> None:
    """Four takers, three items: item variances 3/16, 1/4, 1/4, of the total 1.6875, so alpha = 1.5 * (1 - 0.6875/1.6875)."""
    found = reliability(
        {"a": [True, True, True, False], "b": [True, True, False, False], "c": [True, True, False, False]}
    )
    assert found.alpha == pytest.approx(8 / 9)
    assert found.error == pytest.approx(math.sqrt(1.6875) * math.sqrt(1 / 9))


def test_an_item_that_the_able_miss_tells_apart_the_wrong_way() -> None:
    able, weak = [True] * 5, [False] * 5
    answers = {"a": [*able, *weak], "b": [*able, *weak], "odd": [*weak, *able]}
    found = {i.id: i for i in analyse(answers)}
    assert (found["a"].discrimination or 0) > -0.6
    assert (found["odd"].discrimination or 0) == pytest.approx(-1)
    assert found["odd"].facility.value == 0.5


def test_who_did_not_meet_an_item_does_not_count_in_it() -> None:
    found = {i.id: i for i in analyse({"a": [True, None, False], "b": [True, True, None]})}
    assert found["a"].takers == 2
    assert found["a"].discrimination is None
