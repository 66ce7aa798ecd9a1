"""Values of an extract as they can be compared: dates in the styles they are written in, ages, telephones, postcodes, names, roles."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_UK = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_WORDS = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})[ -,]*(\d{4}|\d{2})(?:[ T](\d{1,2}):(\d{2}))?"
)
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTHS = {
    m: n
    for n, m in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
OLDEST = 120


class ValueFault(ValueError):
    """A value that cannot be used: what is wrong and how it is written."""


def moment(text: str, *, today: date, birth: bool = False) -> datetime | None:
    """A day, or a day and time, as extracts write them: 2026-11-26, 26/11/2026 09:30, 26 Nov 26; None of nothing.

    Two figures of a year are of this century as far as today (of a birth: never to come), else of the last.

    Raises:
        ValueFault: it is none of these, or no such day.
    """
    text = text.strip()
    if not text:
        return None
    if match := _ISO.match(text):
        y, m, d, *clock = match.groups()
    elif match := _UK.match(text):
        d, m, y, *clock = match.groups()
    elif match := _WORDS.match(text):
        d, word, y, *clock = match.groups()
        m = str(_MONTHS.get(word[:3].casefold(), 0))
    elif match := _PLAIN.fullmatch(text):
        y, m, d, *clock = match.groups()
    else:
        raise ValueFault(f"“{text[:40]}” is no date; write it as 2026-11-26 or 26/11/2026")
    year = int(y) if len(y) > 2 else 2000 + int(y)
    if len(y) == 2 and year > today.year + (not birth):
        year -= 100
    h, minute, second = (int(c) if c else 0 for c in (*clock, None, None, None)[:3])
    try:
        return datetime(year, int(m), int(d), h, minute, second, tzinfo=UTC)
    except ValueError:
        raise ValueFault(f"“{text[:40]}” is no day of the calendar") from None


def born(text: str, *, today: date) -> date | None:
    """A date of birth.

    Raises:
        ValueFault: no date, to come, or of somebody older than anybody is.
    """
    found = moment(text, today=today, birth=True)
    if found is None:
        return None
    day = found.date()
    if day > today:
        raise ValueFault(f"{day:%-d %B %Y} is to come; it cannot be a date of birth")
    if today.year - day.year > OLDEST:
        raise ValueFault(f"{day:%-d %B %Y} would make somebody {today.year - day.year} years old")
    return day


def age(text: str) -> int | None:
    """An age in years.

    Raises:
        ValueFault: no number, or an age that nobody has.
    """
    text = text.strip()
    if not text:
        return None
    number = re.fullmatch(r"(\d{1,4})(?:\.0+)?(?:\s*(?:y|yrs?|years?|yo)\b.*)?", text.casefold())
    if number is None:
        raise ValueFault(f"“{text[:40]}” is no age; write it in years, such as 34")
    years = int(number[1])
    if years > OLDEST:
        raise ValueFault(f"{years} is an age that nobody has")
    return years


def phone(text: str) -> str:
    """A telephone number's figures, with the country's code as a nought; "" of what is too short to be one."""
    figures = re.sub(r"\D", "", text)
    if figures.startswith("0044"):
        figures = "0" + figures[4:].removeprefix("0")
    elif figures.startswith("44") and len(figures) > 10:
        figures = "0" + figures[2:].removeprefix("0")
    return figures if 9 <= len(figures) <= 13 and len(set(figures)) > 2 else ""


def person_number(text: str) -> str:
    """A person's own number as it is compared: capitals and figures; "" of what is none, such as 0000 or "unknown"."""
    plain_one = re.sub(r"[^A-Z0-9]", "", text.upper())[:40]
    figures = re.sub(r"\D", "", plain_one)
    return plain_one if len(plain_one) > 3 and len(set(figures)) > 1 else ""


_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\b")


def postcode(text: str) -> str:
    """A postcode as it is written, "NR1 3AA", from itself or from the end of an address; "" where there is none."""
    found = _POSTCODE.findall(text.upper())
    return " ".join(found[-1]) if found else ""


def plain(name: str) -> str:
    """A name as it is compared: small letters a to z, single spaces; accents, marks and titles gone."""
    text = unicodedata.normalize("NFKD", name.casefold())
    text = re.sub(r"[^a-z ]", "", text.replace("-", " ").replace("\u2019", "").replace("'", ""))
    words = [w for w in text.split() if w not in _TITLES]
    return " ".join(words)


_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "pc",
        "sgt",
        "unknown",
        "unk",
        "not",
        "known",
        "na",
        "none",
        "test",
        "refused",
    ]
)
_ROLES = {
    "victim": "victim ip aggrieved injured complainant",
    "suspect": "suspect offender accused defendant perpetrator arrested detained susp",
    "child": "child children juvenile",
    "caller": "caller informant reporter reporting inft",
    "witness": "witness wit",
    "partner": "partner spouse husband wife",
}
_ROLE = {word: role for role, words in _ROLES.items() for word in words.split()}


def role(text: str) -> str:
    """A person's part in a report, of the few that matter here: victim, suspect, child, caller, witness, partner, or other."""
    for word in re.findall(r"[a-z]+", text.casefold()):
        if word in _ROLE:
            return _ROLE[word]
    return "other"
