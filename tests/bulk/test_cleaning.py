"""Values as they can be compared: dates in the styles they are met in, ages, telephones, postcodes, names, parts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.bulk import cleaning
from wholepicture.bulk.cleaning import ValueFault

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-25", (2026, 11, 25)),
        ("2026-11-25T09:30:00Z", (2026, 11, 25, 9, 30)),
        ("25/11/2026 09:30", (2026, 11, 25, 9, 30)),
        ("25.11.26", (2026, 11, 25)),
        ("25-11-1998", (1998, 11, 25)),
        ("25 Nov 2026", (2026, 11, 25)),
        ("1st March 26", (2026, 3, 1)),
        ("20261125", (2026, 11, 25)),
        ("03/04/68", (1968, 4, 3)),
    ],
)
def test_dates_in_three_styles_and_more(text: str, wanted: tuple[int, ...]) -> None:
    assert cleaning.moment(text, today=TODAY) == datetime(*wanted, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "31/02/2026", "2026-13-01", "99/99/9999"])
def test_what_is_no_date_says_so(text: str) -> None:
    with pytest.raises(ValueFault):
        cleaning.moment(text, today=TODAY)


@given(
    day=st.dates(date(1930, 1, 1), TODAY),
    style=st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d %b %Y", "%d.%m.%Y", "%Y%m%d"]),
)
def test_a_day_is_read_as_it_was_written(day: date, style: str) -> None:
    found = cleaning.moment(day.strftime(style), today=TODAY)
    assert found is not None
    assert found.date() == day


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (
        lambda: cleaning.moment(text, today=TODAY),
        lambda: cleaning.born(text, today=TODAY),
        lambda: cleaning.age(text),
    ):
        try:
            read()
        except ValueFault as fault:
            said = str(fault)
            assert said
    assert cleaning.plain(text) == cleaning.plain(cleaning.plain(text))
    assert cleaning.phone(cleaning.phone(text)) == cleaning.phone(text)


@pytest.mark.parametrize(("text", "said"), [("01/01/2030", "to come"), ("01/01/1850", "176 years old")])
def test_births_that_cannot_be(text: str, said: str) -> None:
    with pytest.raises(ValueFault, match=said):
        cleaning.born(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "years"), [("34", 34), ("34.0", 34), ("34 yrs", 34), ("7yo", 7), ("", None)]
)
def test_ages(text: str, years: int | None) -> None:
    assert cleaning.age(text) == years


@pytest.mark.parametrize("text", ["212", "-3", "old"])
def test_ages_that_nobody_has(text: str) -> None:
    with pytest.raises(ValueFault):
        cleaning.age(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("+44 7700 900123", "07700900123"), ("0044(0)7700900123", "07700900123"), ("07700-900123", "07700900123"), ("999", ""), ("00000000000", "")],
)  # fmt: skip
def test_telephones(text: str, wanted: str) -> None:
    assert cleaning.phone(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("nr1 3aa", "NR1 3AA"), ("4 Mill Lane, Norwich NR13AA", "NR1 3AA"), ("SW1A1AA", "SW1A 1AA"), ("no fixed abode", "")],
)  # fmt: skip
def test_postcodes(text: str, wanted: str) -> None:
    assert cleaning.postcode(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("Mr O’NEIL", "oneil"), ("Siân-Louise", "sian louise"), ("UNKNOWN", ""), ("  De  Souza ", "de souza")],
)
def test_names(text: str, wanted: str) -> None:
    assert cleaning.plain(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Injured Party (IP)", "victim"),
        ("SUSPECT - arrested", "suspect"),
        ("Informant", "caller"),
        ("Driver", "other"),
    ],
)
def test_parts(text: str, wanted: str) -> None:
    assert cleaning.role(text) == wanted
