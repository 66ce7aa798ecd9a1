"""Why two records may be of one person, said in words. People decide: nothing here joins anybody.

Each agreement and difference weighs in bits, after Fellegi and Sunter (1969): how much likelier it is for one person than
for two. The weights only order the list and choose the word; what is shown is the reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

import jellyfish

from wholepicture.core.identity.details import Details, fold, phone_digits, place_key, usual_name


class Likeness(StrEnum):
    """How alike two records are."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


Key = TypeVar("Key", bound=Hashable)
LIKELY_FROM = 17.0
POSSIBLE_FROM = 8.0


@dataclass(frozen=True, slots=True)
class Match:
    """A comparison: what agrees, what differs, and how alike that makes them."""

    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    weight: float

    @property
    def likeness(self) -> Likeness:
        """Likely only if nothing that should not change differs."""
        if self.weight >= LIKELY_FROM and not self.differs:
            return Likeness.LIKELY
        return Likeness.POSSIBLE if self.weight >= POSSIBLE_FROM else Likeness.UNLIKELY


def compare(said: Details, known: Details) -> Match:
    """Compare what is said now with what is known of somebody."""
    agrees: list[str] = []
    differs: list[str] = []
    weight = 0.0
    for words, bits in (
        _names(said, known),
        _births(said.born, known.born),
        _shared(said.phones, known.phones, phone_digits, "same telephone", 13.0),
        _places(said, known),
    ):
        weight += bits
        if words:
            (agrees if bits > 0 else differs).append(words)
    return Match(tuple(agrees), tuple(differs), weight)


def rank(said: Details, people: Mapping[Key, Details], *, most: int = 5) -> list[tuple[Key, Match]]:
    """The people most like what is said, best first; those who are unlikely are left out."""
    found = [(key, compare(said, details)) for key, details in people.items()]
    kept = [pair for pair in found if pair[1].likeness is not Likeness.UNLIKELY]
    kept.sort(key=lambda pair: (pair[1].likeness is not Likeness.LIKELY, -pair[1].weight))
    return kept[:most]


def _names(said: Details, known: Details) -> tuple[str, float]:
    """The best of every pair of names, either way round."""
    best = ("", 0.0)
    for family in said.family or ("",):
        for given in said.given or ("",):
            for known_family in known.family or ("",):
                for known_given in known.given or ("",):
                    found = _name(given, family, known_given, known_family)
                    if best == ("", 0.0) or found[1] > best[1]:
                        best = found
    return best


def _name(given: str, family: str, known_given: str, known_family: str) -> tuple[str, float]:
    if not (known_given or known_family) or not (given or family):
        return "", 0.0
    swapped = _pair(fold(family), fold(known_given)), _pair(fold(given), fold(known_family))
    if all(bits >= 4 for _, bits in swapped):
        return "names the other way round", 7.0
    first, last = _pair(fold(given), fold(known_given), given=True), _pair(fold(family), fold(known_family))
    bits = first[1] + last[1]
    if first[0] == last[0] == "same":
        return "same name", bits
    parts = [f"{which} {words}" for which, (words, _) in (("first name", first), ("surname", last)) if words]
    return ", ".join(parts), bits


def _pair(said: str, known: str, *, given: bool = False) -> tuple[str, float]:
    """How two folded names compare, and the bits it is worth."""
    if not (said and known):
        return "", 0.0
    if said == known:
        return "same", 4.0 if given else 6.0
    if given and usual_name(said) == usual_name(known):
        return f"{said.title()} for {known.title()}", 3.5
    slips = jellyfish.damerau_levenshtein_distance(said, known)
    if slips == 1 and min(len(said), len(known)) > 2:
        return "one letter different", 3.0 if given else 5.0
    if jellyfish.metaphone(said) == jellyfish.metaphone(known):
        return "sounds the same", 2.5 if given else 4.5
    if jellyfish.jaro_winkler_similarity(said, known) > 0.9 or slips == 2 < min(len(said), len(known)) - 3:
        return "nearly the same", 2.0 if given else 4.0
    if given and min(len(said), len(known)) > 2 and (said in known or known in said):
        return "part of the name", 2.0
    if given and len(said) == 1 and known.startswith(said):
        return "same initial", 1.0
    return "different", -6.0 if given else -5.0


def _births(said: Iterable[date], known: Iterable[date]) -> tuple[str, float]:
    best = ("", 0.0)
    for one in said:
        for other in known:
            found = _birth(one, other)
            if best == ("", 0.0) or found[1] > best[1]:
                best = found
    return best


def _birth(one: date, other: date) -> tuple[str, float]:
    if one == other:
        return "same date of birth", 12.0
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return "date of birth with day and month the other way round", 8.0
    if sum(a != b for a, b in zip(one.isoformat(), other.isoformat(), strict=True)) == 1:
        return "date of birth one digit different", 6.0
    return "different date of birth", -9.0


def _shared(
    said: Iterable[str], known: Iterable[str], normal: Callable[[str], str], words: str, bits: float
) -> tuple[str, float]:
    ours = {n for v in said if (n := normal(v))}
    return (words, bits) if ours & {n for v in known if (n := normal(v))} else ("", 0.0)


def _places(said: Details, known: Details) -> tuple[str, float]:
    ours, theirs = {place_key(a) for a in said.addresses}, {place_key(a) for a in known.addresses}
    if ours & theirs - {""}:
        return "same address", 8.0
    codes = {p.split(" ")[0] for p in ours if p}, {p.split(" ")[0] for p in theirs if p}
    return (
        ("same postcode", 4.0)
        if codes[0] & codes[1] and any(map(str.isdigit, "".join(codes[0])))
        else ("", 0.0)
    )
