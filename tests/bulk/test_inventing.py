"""What the generator makes up holds together."""

from __future__ import annotations

from datetime import datetime

from wholepicture.bulk.inventing import report


def test_nobody_is_reported_before_they_were_born() -> None:
    rows = [(row, who) for number in range(20_000) for row, who in report(number, 400, 7)]
    early = [who for row, who in rows if datetime.strptime(row["Date"], "%d/%m/%Y %H:%M").date() < who.born]
    assert early == []
    assert {who.number for _, who in rows} > set(range(100))


def test_a_report_is_the_same_each_time() -> None:
    assert list(report(5, 400, 7)) == list(report(5, 400, 7)) != list(report(5, 400, 8))
