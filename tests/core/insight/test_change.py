"""Whether something changed: said only as far as the months bear it."""

from __future__ import annotations

import pytest

from wholepicture.core.insight.change import Month, change


def months(before: list[tuple[int, int]], after: list[tuple[int, int]]) -> list[Month]:
    rows = [Month(f"B{n}", m, of, after=False) for n, (m, of) in enumerate(before)]
    return rows + [Month(f"A{n}", m, of, after=True) for n, (m, of) in enumerate(after)]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ([(20, 40)] * 4, [(4, 40)] * 3, "less by more than chance"),
        ([(4, 40)] * 4, [(20, 40)] * 3, "more by more than chance"),
        ([(6, 12)] * 2, [(5, 12)], "Chance alone could give that"),
        ([(3, 4)], [(0, 40)], "Too few to say anything"),
        ([(3, 40)], [], "Too few to say anything"),
    ],
)
def test_what_may_be_said(before: list[tuple[int, int]], after: list[tuple[int, int]], words: str) -> None:
    assert words in change(months(before, after)).words


def test_the_line_of_the_months_before_is_carried_on_and_stays_a_share() -> None:
    found = change(months([(10, 20), (12, 20), (14, 20), (16, 20)], [(2, 20), (2, 20), (2, 20)]))
    assert found.expected[:4] == pytest.approx((0.5, 0.6, 0.7, 0.8))
    assert found.expected[4:] == pytest.approx((0.9, 1.0, 1.0))
    assert change(months([(10, 20), (12, 20)], [(2, 20)])).expected == (None, None, None)


def test_a_month_with_few_has_no_point() -> None:
    assert Month("May", 3, 9, after=False).share is None
    assert Month("May", 3, 10, after=False).share is not None
