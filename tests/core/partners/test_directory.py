"""Reading a service: whatever a feed gives, it is taken, or refused with field and remedy; opening hours as they are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.partners.directory import RowError, Schedule, page_of, read_service

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "name",
                    "status",
                    "organization",
                    "schedules",
                    "service_at_locations",
                    "location",
                    "addresses",
                    "latitude",
                    "attributes",
                    "taxonomy_term",
                    "phones",
                    "contacts",
                    "minimum_age",
                    "assured_date",
                    "opens_at",
                    "byday",
                    "freq",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(row=JSON)
def test_anything_is_read_or_refused_in_words(row: Any) -> None:
    problems: list[str] = []
    found = None
    try:
        found = read_service(row)
    except RowError as error:
        problems = error.problems
    assert (found is not None and bool(found.id) and bool(found.name)) or problems
    assert all(p.strip() for p in problems)


def service(**more: Any) -> dict[str, Any]:
    return {"id": "a", "name": "A", "status": "active", "organization": {"id": "o", "name": "O"}, **more}


def test_several_faults_are_all_named() -> None:
    with pytest.raises(RowError) as caught:
        read_service(service(status="open", minimum_age=-3, assured_date="1 May"))
    said = str(caught.value)
    for field in ("status", "minimum_age", "assured_date"):
        assert field in said


def test_a_bad_place_is_left_out_and_said_and_the_service_kept() -> None:
    found = read_service(
        service(service_at_locations=[{"id": "x", "location": {"latitude": 512, "longitude": 1}}])
    )
    assert any("latitude" in n for n in found.notes)


def open_hours(**more: Any) -> Schedule:
    return read_service(service(schedules=[{"freq": "WEEKLY", "interval": 1, **more}])).schedules[0]


WEEKDAYS = {"byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"}
NIGHTS = {"byday": "FR,SA", "opens_at": "22:00", "closes_at": "04:00"}
FORTNIGHT = {"byday": "WE", "opens_at": "10:00", "closes_at": "12:00", "interval": 2, "dtstart": "2026-11-11"}
FIRST = {"freq": "MONTHLY", "bymonthday": "1", "opens_at": "10:00", "closes_at": "12:00"}


@pytest.mark.parametrize(
    ("hours", "moment", "wanted"),
    [
        (WEEKDAYS, datetime(2026, 11, 26, 9), True),  # a Thursday
        (WEEKDAYS, datetime(2026, 11, 26, 17, 1), False),
        (WEEKDAYS, datetime(2026, 11, 28, 10), False),
        (NIGHTS, datetime(2026, 11, 27, 23), True),
        (NIGHTS, datetime(2026, 11, 29, 3), True),  # Saturday's night
        (NIGHTS, datetime(2026, 11, 27, 3), False),  # Thursday's night is none
        (FORTNIGHT, datetime(2026, 11, 25, 11), True),
        (FORTNIGHT, datetime(2026, 11, 18, 11), False),
        (FIRST, datetime(2026, 12, 1, 11), True),
        (FIRST, datetime(2026, 12, 2, 11), False),
    ],
)
def test_whether_it_is_open(hours: dict[str, Any], moment: datetime, wanted: bool) -> None:
    assert open_hours(**hours).open_at(moment) is wanted


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (WEEKDAYS, "Monday to Friday, 09:00 to 17:00"),
        (NIGHTS, "Friday, Saturday, 22:00 to 04:00"),
        ({"byday": "MO,WE,FR"}, "Monday, Wednesday, Friday"),
        (FORTNIGHT, "Wednesday, every 2 weeks, 10:00 to 12:00"),
        (
            {"byday": "MO,TU,WE,TH,FR,SA,SU", "opens_at": "00:00", "closes_at": "23:59"},
            "Every day, 00:00 to 23:59",
        ),
    ],
)
def test_hours_as_they_are_said(hours: dict[str, Any], said: str) -> None:
    assert open_hours(**hours).words == said


@given(total=st.integers(0, 500), size=st.integers(1, 100))
def test_pages_count_right(total: int, size: int) -> None:
    last = page_of([], page=max(1, -(-total // size)), size=size, total=total)
    assert last["last_page"]
    assert last["total_pages"] == max(1, -(-total // size))
