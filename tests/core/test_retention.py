"""When a record is looked at again, when it may go, and rules that do not hold together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.retention import (
    OWN_RULES,
    Group,
    RulesError,
    earliest_disposal,
    load,
    review_due,
    years_after,
)

RULES = load()
DAYS = st.dates(date(1950, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("group", "contact", "review", "due"),
    [
        ("2", date(2020, 5, 1), None, date(2030, 5, 1)),
        ("2", date(2020, 5, 1), date(2030, 6, 2), date(2040, 6, 2)),
        ("4", date(2020, 5, 1), None, date(2026, 5, 1)),
        (
            "4",
            date(2027, 5, 1),
            date(2026, 6, 2),
            date(2033, 5, 1),
        ),  # a new contact starts the clear period anew
        ("", date(2020, 2, 29), None, date(2026, 3, 1)),  # nobody has grouped it: the clock of group 4 runs
    ],
)
def test_when_it_is_looked_at_again(group: str, contact: date, review: date | None, due: date) -> None:
    assert review_due(RULES.of(group), last_contact=contact, last_review=review) == due


def test_group_one_is_kept_to_an_age_and_never_goes_while_the_age_is_not_known() -> None:
    first = RULES.of("1")
    assert earliest_disposal(first, last_contact=date(2020, 1, 1), born=date(1950, 3, 4)) == date(2050, 3, 4)
    assert earliest_disposal(first, last_contact=date(2020, 1, 1), born=None) is None


@given(st.sampled_from(list(RULES.groups.values())), DAYS, st.none() | DAYS)
def test_a_review_is_always_after_what_it_follows(group: Group, contact: date, review: date | None) -> None:
    due = review_due(group, last_contact=contact, last_review=review)
    assert due > contact
    assert review is None or review < contact or due > review


@given(DAYS, st.integers(1, 100))
def test_years_later_is_the_same_day(day: date, years: int) -> None:
    later = years_after(day, years)
    assert later.year == day.year + years
    assert (later.month, later.day) in {(day.month, day.day), (3, 1)}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("first_review_years = 6", 'first_review_years = "six"'), "group 3: first_review_years"),
        (('until_grouped = "4"', 'until_grouped = "9"'), "until_grouped"),
        (('id = "2"', 'id = "1"'), "two groups called 1"),
        (("keep_to_age", "keep_till_age"), "does not know keep_till_age"),
        (("[[groups]]", "[[groups"), "cannot be read"),
    ],
)
def test_rules_that_do_not_hold_say_where(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(OWN_RULES.read_text("utf-8").replace(*change, 1), "utf-8")
    with pytest.raises(RulesError, match=says):
        load(path)
