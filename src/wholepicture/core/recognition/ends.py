"""When a control ends, if the account says: "bail ... these run out on Friday", "order expires 12/03/2027"."""

from __future__ import annotations

import re
from datetime import date, timedelta

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_REACH = 60
_END = re.compile(
    r"\b(?:until|till|til|up to|ends?|ending|ended|expires?|expiring|expired|expiry|runs? out|ran out|lapses?|finish(?:es)?|due back|back)\b"
    r"(?: (?:on|at|by|from|is|was|date))*(?: (?:this|next|midnight|the))* "
    r"(?:(?P<near>today|tonight|tomorrow)|(?P<weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]*(?:,? (?=\d))?)?"
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:[/.](?P<number>\d{1,2})(?:[/.](?P<short>\d{2,4}))?| (?:of )?(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?: (?P<year>\d{4}))?))?",
    re.IGNORECASE,
)


def last_day(text: str, start: int, end: int, *, on: date) -> date | None:
    """The last day that the words in or just after ``text[start:end]`` give, read on the day ``on``; None if they give none.

    A weekday is the next one, today included. A date without a year is the one nearest to ``on``.
    """
    stop = re.compile(r"[.;\n](?:\s|$)").search(text, end)
    limit = min(stop.start() if stop else len(text), end + _REACH)
    for match in _END.finditer(text, start, limit):
        found = _read(match, on)
        if found:
            return found
    return None


def _read(match: re.Match[str], on: date) -> date | None:
    if match["near"]:
        return on + timedelta(days=match["near"].lower() == "tomorrow")
    if match["day"]:
        return _dated(match, on)
    if match["weekday"]:
        return on + timedelta(days=(_DAYS.index(match["weekday"].lower()) - on.weekday()) % 7)
    return None


def _dated(match: re.Match[str], on: date) -> date | None:
    month = _MONTHS.index(match["month"].lower()) + 1 if match["month"] else int(match["number"])
    given = match["year"] or match["short"]
    years = [on.year - 1, on.year, on.year + 1]
    if given:
        years = [int(given) + (2000 if len(given) == 2 else 0)]
    possible = []
    for year in years:
        try:
            possible.append(date(year, month, int(match["day"])))
        except ValueError:
            continue
    return min(possible, key=lambda d: abs(d - on), default=None)
