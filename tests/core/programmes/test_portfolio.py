"""Where a criterion stands, and what keeps a result back: tables, and properties over any history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.programmes.portfolio import (
    Decided,
    Progress,
    Said,
    Shown,
    Standing,
    in_the_way,
    where,
)

T = datetime(2026, 1, 1, tzinfo=UTC)
E1, E2, GONE = Shown("e1", True), Shown("e2", True), Shown("e1", False)
DAY = timedelta(days=1)
MET, NOT_YET = Decided(Said.MET, T, ("e1",)), Decided(Said.NOT_YET, T, ("e1",))
DONE = Progress((), (), True, 9, 10, 90, 0, 0)


@pytest.mark.parametrize(
    ("evidence", "handed_in", "decisions", "wanted"),
    [
        ([], None, [], Standing.NOTHING),
        ([GONE], T, [], Standing.NOTHING),
        ([E1], None, [], Standing.GATHERING),
        ([E1], T, [], Standing.WAITING),
        ([E1], T - DAY, [NOT_YET], Standing.AGAIN),
        ([E1], None, [NOT_YET], Standing.AGAIN),
        ([E1, E2], T + DAY, [NOT_YET], Standing.WAITING),
        ([], T + DAY, [NOT_YET], Standing.NOTHING),
        ([E1], T, [MET], Standing.MET),
        ([E1], T + DAY, [Decided(Said.MET, T + 2 * DAY, ("e1",)), NOT_YET], Standing.MET),
        ([GONE, E2], T, [MET], Standing.WAITING),
        ([], T, [MET], Standing.WAITING),
    ],
)
def test_where_a_criterion_stands(
    evidence: list[Shown], handed_in: datetime | None, decisions: list[Decided], wanted: Standing
) -> None:
    assert where(evidence, handed_in, decisions).standing is wanted
    assert where(evidence, handed_in, decisions, differs=True).standing is Standing.DIFFERS


HISTORY = st.lists(
    st.builds(
        Decided,
        st.sampled_from(Said),
        st.integers(0, 40).map(lambda n: T + n * DAY),
        st.lists(st.sampled_from("abc"), min_size=1, unique=True).map(tuple),
    ),
    max_size=5,
    unique_by=lambda d: d.at,
)
EVIDENCE = st.lists(
    st.builds(Shown, st.sampled_from("abc"), st.booleans()), max_size=3, unique_by=lambda e: e.id
)


@given(EVIDENCE, st.none() | st.integers(0, 40).map(lambda n: T + n * DAY), HISTORY)
def test_nothing_is_met_on_what_is_not_there(
    evidence: list[Shown], handed_in: datetime | None, decisions: list[Decided]
) -> None:
    found = where(evidence, handed_in, decisions).standing
    if found is Standing.MET:
        last = max(decisions, key=lambda d: d.at)
        assert last.said is Said.MET
        assert set(last.on) <= {e.id for e in evidence if e.counts}
    assert where(evidence, handed_in, list(reversed(decisions))).standing is found


def test_nothing_is_in_the_way_of_who_has_done_everything() -> None:
    assert in_the_way(DONE) == ()
    assert in_the_way(replace(DONE, test_passed=None)) == ()


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (replace(DONE, entry_missing=("E1", "E4")), "E1, E4"),
        (replace(DONE, not_met=("C1.1.1",)), "1 criterion is not met: C1.1.1"),
        (replace(DONE, not_met=("C1.1.1", "C2")), "2 criteria are not met"),
        (replace(DONE, test_passed=False), "test is not passed"),
        (replace(DONE, attended=8), "Attended 8 of 10 sessions; 90% are needed"),
        (replace(DONE, sessions=0, attended=0), "No session"),
        (replace(DONE, differences=1), "1 difference between"),
        (replace(DONE, not_verified=2), "2 sampled decisions"),
        (
            replace(DONE, blocks=("No social workers taught.",)),
            "Held by external quality assurance: No social",
        ),
    ],
)
def test_what_is_in_the_way_is_said(progress: Progress, words: str) -> None:
    (only,) = in_the_way(progress)
    assert words in only
