"""When a control ends, as the account says it. Read on Tuesday 24 November 2026."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.recognition.ends import last_day

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("He is on bail, these run out on Friday.", "these run out on Friday", date(2026, 11, 27)),
        ("On bail until Tuesday", "On bail", TODAY),
        ("bail conditions expire tomorrow", "bail conditions", date(2026, 11, 25)),
        ("Bail ends tonight.", "Bail ends", TODAY),
        ("NMO expires 12/03/2027.", "NMO", date(2027, 3, 12)),
        ("NMO expires on 12/3/27.", "NMO", date(2027, 3, 12)),
        ("on bail until 3rd of December", "on bail", date(2026, 12, 3)),
        ("the order ran out on 1 November", "the order", date(2026, 11, 1)),
        ("on bail to return, bail until 4 January", "on bail", date(2027, 1, 4)),
        ("DVPO until Thurs 3rd December 2026", "DVPO", date(2026, 12, 3)),
        ("He is on bail. She is off work until Friday.", "on bail", None),
        ("on bail with conditions not to contact her", "on bail", None),
        ("bail until 31/02/2027", "bail", None),
        ("bail until further notice", "bail", None),
    ],
)
def test_the_last_day(text: str, words: str, day: date | None) -> None:
    start = text.index(words)
    assert last_day(text, start, start + len(words), on=TODAY) == day


@given(st.text(), st.integers(0, 50), st.integers(0, 50))
def test_any_text_is_taken(text: str, start: int, length: int) -> None:
    last_day("bail until " + text, start, start + length, on=TODAY)
