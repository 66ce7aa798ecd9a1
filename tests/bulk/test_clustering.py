"""Pairs become people: slips join, and twins, families and hubs do not."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.bulk.clustering import Mention, alike, close_births, joined, may_be_one

DAY = date(1990, 4, 3)


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (DAY, DAY, True),
        (DAY, date(1990, 3, 4), True),
        (DAY, date(1990, 4, 13), True),
        (DAY, date(1991, 4, 3), True),
        (DAY, date(1962, 9, 30), False),
        (DAY, date(1991, 5, 3), False),
    ],
)
def test_births(one: date, other: date, wanted: bool) -> None:
    assert close_births(one, other) is wanted
    assert close_births(other, one) is wanted


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("sarah", "sara", True),
        ("sarah", "sraah", True),
        ("samantha", "sam", True),
        ("liam", "leah", False),
        ("oliver", "olivia", True),
        ("", "leah", True),
        ("kate", "dorothy", False),
    ],
)
def test_given_names(one: str, other: str, wanted: bool) -> None:
    assert alike(one, other) is wanted
    assert alike(other, one) is wanted


def people(mentions: list[Mention], pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Each mention's person, by their ids."""
    number = {m.id: n for n, m in enumerate(mentions)}
    found = joined(mentions, [(number[one], number[other]) for one, other in pairs])
    return {m.id: mentions[n].id for m, n in zip(mentions, found, strict=True)}


def test_twins_at_one_address_stay_two() -> None:
    known = [Mention("a", "liam", DAY), Mention("b", "leah", DAY), Mention("c", "liam", None)]
    found = people(known, [("a", "c"), ("a", "b"), ("b", "c")])
    assert found["a"] == found["c"]
    assert found["b"] != found["a"]


def test_names_in_each_others_place_are_one() -> None:
    one, other = Mention("a", "mary", DAY, "reynolds"), Mention("b", "reynolds", DAY, "mary")
    assert people([one, other], [("a", "b")])["b"] == "a"
    brother = Mention("c", "john", DAY, "reynolds")
    assert people([one, brother], [("a", "c")])["c"] == "c"


def test_a_chain_does_not_join_what_cannot_be_one() -> None:
    """A nameless row that fits a father and a son must not make them one."""
    father, son = Mention("a", "john", date(1950, 1, 1)), Mention("b", "john", date(1985, 6, 9))
    found = people([father, son, Mention("c", "john", None)], [("a", "c"), ("b", "c")])
    assert found["a"] == found["c"]
    assert found["b"] == "b"


def test_the_same_number_of_ones_own_is_one_however_it_was_written() -> None:
    one, other = (
        Mention("a", "chloe", DAY, "lee", "N1234"),
        Mention("b", "luke", date(1962, 9, 30), "lee", "N1234"),
    )
    assert people([one, other], [("a", "b")])["b"] == "a"
    another = Mention("c", "luke", date(1962, 9, 30), "lee", "N1235")
    assert people([one, another], [("a", "c")])["c"] == "c"


MENTIONS = st.lists(
    st.builds(
        Mention,
        st.uuids().map(str),
        st.sampled_from(["liam", "leah", "sam", "samuel", ""]),
        st.sampled_from([None, DAY, date(1990, 3, 4), date(1962, 9, 30)]),
    ),
    min_size=2,
    max_size=8,
    unique_by=lambda m: m.id,
)


@given(mentions=MENTIONS, data=st.data())
def test_nobody_is_made_of_two_who_cannot_be_one(mentions: list[Mention], data: st.DataObject) -> None:
    known = {m.id: m for m in mentions}
    pairs = data.draw(st.lists(st.sampled_from(list(combinations(known, 2))), max_size=20))
    found = people(mentions, pairs)
    for one, other in combinations(known, 2):
        if found[one] == found[other]:
            assert may_be_one(known[one], known[other])
    assert set(found) == set(known)
