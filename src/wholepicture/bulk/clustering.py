"""Pairs become people: the surest pairs first, and none against what cannot be, so that twins and families stay apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

# A pair is taken as one person from here; below it, and above UNCERTAIN, somebody looks.
CERTAIN = 0.95
UNCERTAIN = 0.5


@dataclass(frozen=True, slots=True)
class Mention:
    """What of a mention can contradict another: its names as compared, and its date of birth."""

    id: str
    given: str
    born: date | None
    family: str = ""
    number: str = ""


def close_births(one: date, other: date) -> bool:
    """Whether two dates of birth may be one, slipped: a part of the three differs, or day and month are turned round."""
    same = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    return same >= 2 or (one.year == other.year and one.day == other.month and one.month == other.day)


def alike(one: str, other: str) -> bool:
    """Whether two given names may be one: the same, one the beginning of the other, or a slip of one letter or two."""
    if not one or not other or one[:3] == other[:3]:
        return True
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 2:
        return short in long
    # Slips keep most letters and the length; another name does not.
    rest = list(long)
    kept = 0
    for letter in short:
        if letter in rest:
            rest.remove(letter)
            kept += 1
    return kept >= len(long) - 1 and kept > 2


def may_be_one(one: Mention, other: Mention) -> bool:
    """Whether nothing speaks against it: births that cannot be one slip, or (twins) the same birth with names that differ.

    Two that have the same number of their own are one, however they were written.
    """
    if one.number and one.number == other.number:
        return True
    if one.born and other.born:
        if not close_births(one.born, other.born):
            return False
        return alike(one.given, other.given) or _turned_round(one, other)
    return True


def _turned_round(one: Mention, other: Mention) -> bool:
    """Whether given and family name are in each other's place."""
    names = (one.given, one.family, other.given, other.family)
    return all(names) and alike(one.given, other.family) and alike(one.family, other.given)


def _share_number(ones: Iterable[Mention], others: Iterable[Mention]) -> bool:
    return not {m.number for m in ones if m.number}.isdisjoint(m.number for m in others)


def joined(known: Sequence[Mention], pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Each mention's person, called by the first of its mentions; both by their numbers. ``pairs``: the surest first.

    A pair is left out where any two whom it would make one cannot be, unless they share a number of their own; each person
    keeps few different births and names, and who was refused whom, so that this stays quick.
    """
    parent = list(range(len(known)))
    faces: dict[int, list[Mention]] = {}
    refused: set[tuple[int, int]] = set()

    def root(mention: int) -> int:
        while (above := parent[mention]) != mention:
            parent[mention] = parent[above]
            mention = above
        return mention

    for one, other in pairs:
        a, b = parent[one], parent[other]
        if a == b:
            continue
        parent[one], parent[other] = a, b = root(a), root(b)
        if a == b:
            continue
        first, second = (a, b) if a < b else (b, a)
        of_a: list[Mention] = faces.get(a) or [known[a]]
        of_b: list[Mention] = faces.get(b) or [known[b]]
        if not _share_number(of_a, of_b):
            # Refused once is refused for good: whoever joins either later makes it no likelier.
            if (first, second) in refused:
                continue
            if not all(may_be_one(x, y) for x in of_a for y in of_b):
                refused.add((first, second))
                continue
        parent[second] = first
        different = {(m.given, m.family, m.born, m.number): m for m in (*of_a, *of_b)}
        faces[first] = list(different.values())[:24]
        faces.pop(second, None)
    return [root(m) for m in range(len(known))]
