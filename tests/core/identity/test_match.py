"""Who it is: keys that survive misspelling, reasons in words, and people who must not be taken for one another."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.identity import (
    Details,
    Likeness,
    compare,
    fold,
    phone_digits,
    place_key,
    rank,
    search_keys,
)

FIONA = Details(
    ("Fiona",), ("Harkington",), (date(1969, 5, 4),), ("07700 900123",), ("59 Sallow Road, Marlbury ZZ9 8AA",)
)


def said(
    given: str = "", family: str = "", born: date | None = None, phone: str = "", address: str = ""
) -> Details:
    return Details(
        (given,) if given else (),
        (family,) if family else (),
        (born,) if born else (),
        (phone,) if phone else (),
        (address,) if address else (),
    )


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        (said("Fiona", "Harkington"), "same name"),
        (said("Fiona", "Harkinton"), "first name same, surname one letter different"),
        (said("Fi", "Harkington"), "first name Fi for Fiona, surname same"),
        (said("FIONA", "HARKINGTUN"), "first name same, surname one letter different"),
        (said("Harkington", "Fiona"), "names the other way round"),
        (said(born=date(1969, 5, 4)), "same date of birth"),
        (said(born=date(1969, 4, 5)), "date of birth with day and month the other way round"),
        (said(phone="+44 7700 900 123"), "same telephone"),
        (said(address="Flat 59, Sallow Rd zz98aa"), "same address"),
    ],
)
def test_what_agrees_is_said_and_a_key_is_shared(details: Details, reason: str) -> None:
    assert reason in compare(details, FIONA).agrees
    assert search_keys(details) & search_keys(FIONA)


@pytest.mark.parametrize(
    ("details", "likeness"),
    [
        (said("Fiona", "Harkinton", date(1969, 5, 4)), Likeness.LIKELY),
        (said("Fi", "Harkington", phone="07700900123"), Likeness.LIKELY),
        (said("Fiona", "Harkington"), Likeness.POSSIBLE),
        # A twin at the same address is another person.
        (
            said("Frances", "Harkington", date(1969, 5, 4), address="59 Sallow Road ZZ9 8AA"),
            Likeness.POSSIBLE,
        ),
        # A daughter of the same name.
        (said("Fiona", "Harkington", date(1992, 1, 20), address="59 Sallow Road ZZ9 8AA"), Likeness.POSSIBLE),
        (said("John", "Smith"), Likeness.UNLIKELY),
        (said("Fiona", "Oldroyd", date(1980, 1, 1)), Likeness.UNLIKELY),
    ],
)
def test_how_alike(details: Details, likeness: Likeness) -> None:
    assert compare(details, FIONA).likeness is likeness


def test_a_difference_is_said() -> None:
    assert compare(said("Fiona", "Harkington", date(1992, 1, 20)), FIONA).differs == (
        "different date of birth",
    )


def test_the_likeliest_first() -> None:
    people = {
        1: said("Fiona", "Harkington"),
        2: FIONA,
        3: said("John", "Smith"),
    }
    assert [key for key, _ in rank(said("Fiona", "Harkinton", date(1969, 5, 4)), people)] == [2, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [("O'Brien", "obrien"), ("Smith-Jones", "smith jones"), ("Zoë", "zoe"), ("JOSÉ", "jose")],
)
def test_names_fold(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_phones_and_places() -> None:
    assert phone_digits("0044 (0) 7700 900123") == "07700900123"
    assert phone_digits("999") == ""
    assert place_key("Flat 2, 12a High St, Marlbury, ZZ10 1AA") == "ZZ101AA 2"
    assert place_key("The Old Mill") == "the old mill"


@given(st.text(), st.text(), st.dates(), st.text(), st.text())
def test_anything_is_like_itself(given_name: str, family: str, born: date, phone: str, address: str) -> None:
    details = said(given_name, family, born, phone, address)
    assert compare(details, details).differs == ()
    assert compare(details, details).weight >= 12
