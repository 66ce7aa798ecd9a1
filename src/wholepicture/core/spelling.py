"""Words as they were meant: which of the words that stand in accounts a misspelt one may be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import jellyfish

_WORD = re.compile(r"[^\W\d_][\w'’]{2,38}")
MOST = 8


class Shape(NamedTuple):
    """What a word is found by without reading all: its first letter, how long it is, how it sounds."""

    first: str
    length: int
    sound: str


def words_of(text: str) -> set[str]:
    """The different words of a text, in small letters, of three letters to thirty-nine."""
    return {w.casefold()[:40] for w in _WORD.findall(text)}


def shape_of(word: str) -> Shape:
    """The shape of one word."""
    return Shape(word[0], len(word), jellyfish.metaphone(word)[:8])


def slips_allowed(word: str) -> int:
    """How many letters may be wrong, missing, too many or changed round: none in short words, two in long ones."""
    return 0 if len(word) < 5 else 1 if len(word) < 9 else 2


def likely(word: str, among: Iterable[str]) -> list[str]:
    """Those of ``among`` that ``word`` may be meant for, nearest first, at most eight; itself first, if it is there."""
    allowed = slips_allowed(word)
    sound = jellyfish.metaphone(word)
    found = []
    for other in set(among):
        apart = jellyfish.damerau_levenshtein_distance(word, other)
        same_sound = (
            len(word) > 4 and bool(sound) and jellyfish.metaphone(other) == sound and apart <= allowed + 2
        )
        if apart <= allowed or same_sound:
            found.append((apart, other))
    return [other for _, other in sorted(found)[:MOST]]
