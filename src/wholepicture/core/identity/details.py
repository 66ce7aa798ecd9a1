"""What is said of a person's identity, made comparable."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b(?:flat |apt |unit )?(\d+[a-z]?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Details:
    """What one record says of who somebody is. Any part may be empty; a person known for long has several of each."""

    given: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    born: tuple[date, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.given or self.family or self.born or self.phones or self.addresses)


def fold(name: str) -> str:
    """A name in plain small letters: accents, hyphens, apostrophes and spaces are left out."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if c.isalpha() and not unicodedata.combining(c))


def phone_digits(number: str) -> str:
    """A UK telephone number as digits from its first 0: "+44 7700 900 123" and "07700 900123" are the same."""
    digits = re.sub(r"\D", "", number)
    for prefix in ("0044", "44"):
        if digits.startswith(prefix) and len(digits) > 10:
            digits = "0" + digits[len(prefix) :].lstrip("0")
    return digits if len(digits) >= 6 else ""


def place_key(address: str) -> str:
    """Postcode and house number where there is a postcode ("ZZ101AA 12"), else the folded address."""
    code = _POSTCODE.search(address)
    if not code:
        return re.sub(r"[^a-z0-9]+", " ", address.casefold()).strip()
    number = _NUMBER.search(address[: code.start()])
    return f"{code.group(1)}{code.group(2)} {number.group(1) if number else ''}".upper().strip()


@lru_cache(maxsize=1)
def _groups() -> dict[str, str]:
    """Each short form to the name that stands for its group."""
    found: dict[str, str] = {}
    for line in (
        files("wholepicture.core.identity").joinpath("short-names.txt").read_text("utf-8").splitlines()
    ):
        names = line.split()
        for name in names:
            found.setdefault(name, names[0])
    return found


def usual_name(folded: str) -> str:
    """The usual form of a given name: "fi" is Fiona. A name not listed is itself."""
    return _groups().get(folded, folded)
