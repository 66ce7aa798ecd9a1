"""Whom of a report's rows its narrative speaks of."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from wholepicture.bulk.screening import attached
from wholepicture.core.recognition import default_recogniser

WHEN = datetime(2026, 3, 1, tzinfo=UTC)


def row(mention: str, role: str, born: date | None) -> dict[str, Any]:
    return {
        "mention": mention,
        "role": role,
        "born": born,
        "age": None,
        "given_plain": "",
        "family_plain": "",
    }


GIRL, MOTHER = row("R1#1", "victim", date(2017, 5, 1)), row("R1#2", "other", date(1990, 5, 1))
BROTHER = row("R1#3", "other", date(2019, 5, 1))
BABY = row("R1#4", "victim", date(2025, 12, 1))


@pytest.mark.parametrize(
    ("narrative", "rows", "label", "mention"),
    [
        ("The victim told a teacher. The child was dirty and hungry.", [GIRL, MOTHER], "child", "R1#1"),
        ("The victim was seen. The child was dirty.", [BABY, MOTHER], "child", "R1#4"),
        ("The victim told a teacher. The child was dirty.", [GIRL, BROTHER], "child", "R1#p2"),
        ("The victim told a teacher. Her son was dirty.", [GIRL, MOTHER], "Her son", "R1#p2"),
    ],
)
def test_the_child_is_the_victim_where_nobody_else_is_a_child(
    narrative: str, rows: list[dict[str, Any]], label: str, mention: str
) -> None:
    recognised = default_recogniser().recognise(narrative)
    who = attached("R1", recognised, rows, WHEN)
    assert [who[p.id] for p in recognised.people if p.label == label] == [mention]
