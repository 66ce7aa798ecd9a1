"""The words that a phrase cannot do without: most of what an automaton offers is turned down by them alone.

A phrase such as "(refus*|declin*) * (help|support)" needs a word of each bracket. A clause is one such set of words, and a
bit of a number; so whether a stretch of text has all that a phrase needs is one comparison of two numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_

from wholepicture.core.recognition.wording import (
    Choice,
    Literal,
    Node,
    Pattern,
    Repeat,
    ends_apart,
    rarity,
    starts_apart,
)

MOST_REMEMBERED = 200_000
# How many clauses of a phrase are asked for.
MOST_CLAUSES = 2
# More apostrophes in one word than anybody writes: it is taken to be every word.
MOST_PARTS = 5
_WORD = re.compile(r"[a-z0-9']+")

# One of these must stand in the text; "*" at the end: a word that begins so; "~" before it: an expression for a whole
# word. Without apostrophes.
Clause = frozenset[str]


def needs(
    nodes: tuple[Node, ...], before: tuple[Node, ...] = (), after: tuple[Node, ...] = ()
) -> tuple[Clause, ...]:
    """The clauses of these nodes, which stand between ``before`` and ``after``: all must hold where the phrase matches."""
    found: list[Clause] = []
    for place, node in enumerate(nodes):
        left, right = (*before, *nodes[:place]), (*nodes[place + 1 :], *after)
        if isinstance(node, Literal):
            found += _words(node.text, left, right)
        elif isinstance(node, Pattern) and " " not in node.regex and ends_apart(left) and starts_apart(right):
            found.append(frozenset((f"~{node.regex}",)))
        elif isinstance(node, Choice) and not node.optional:
            found += _one_of(node, left, right)
        elif isinstance(node, Repeat) and not node.choice.optional:
            again = Choice(node.choice.options, optional=True)
            found += _one_of(node.choice, (*left, again), (again, *right))
    return tuple(found)


def _words(text: str, left: tuple[Node, ...], right: tuple[Node, ...]) -> Iterable[Clause]:
    for match in _WORD.finditer(text):
        word = match.group().replace("'", "")
        if not word or (match.start() == 0 and not ends_apart(left)):
            continue
        whole = match.end() < len(text) or starts_apart(right)
        yield frozenset((word if whole else f"{word}*",))


def _one_of(choice: Choice, left: tuple[Node, ...], right: tuple[Node, ...]) -> Iterable[Clause]:
    """The rarest clause of every option together, if each has one."""
    rarest: list[Clause] = []
    for option in choice.options:
        clauses = needs(option, left, right)
        if not clauses:
            return ()
        rarest.append(max(clauses, key=lambda clause: min(map(rarity, clause))))
    return (frozenset().union(*rarest),)


def rarest(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """The ``MOST_CLAUSES`` that a text is least likely to fulfil, as they came: more turn hardly anything more down."""
    if len(clauses) <= MOST_CLAUSES:
        return clauses
    kept = sorted(clauses, key=_commonness)[:MOST_CLAUSES]
    return tuple(clause for clause in clauses if clause in kept)


def _commonness(clause: Clause) -> float:
    return sum(2 ** -rarity(word.rstrip("*")) for word in clause)


class Words:
    """Tells which clauses a text fulfils. A word is looked at once and remembered; safe to share between threads."""

    def __init__(self) -> None:
        self._bits: dict[Clause, int] = {}
        self._whole: dict[str, int] = {}
        self._begun: dict[str, int] = {}
        self._like: dict[str, int] = {}
        self._met = _Remembered(self._of_word)

    def mask(self, clauses: Iterable[Clause]) -> int:
        """The number that ``of`` must have every bit of, for these clauses to hold. Ask before the first text is read."""
        mask = 0
        for clause in clauses:
            if clause not in self._bits:
                bit = self._bits[clause] = 1 << len(self._bits)
                for word in clause:
                    like = word.startswith("~")
                    held = self._like if like else self._begun if word.endswith("*") else self._whole
                    word = word[1:] if like else word.rstrip("*")
                    held[word] = held.get(word, 0) | bit
            mask |= self._bits[clause]
        return mask

    def no_more(self) -> None:
        """Forget what only ``mask`` needs: every mask has been asked for."""
        self._bits.clear()

    def of(self, text: str) -> int:
        """The bits of every clause that a word of this lower-case text fulfils."""
        return reduce(or_, map(self._met.__getitem__, text.split()), 0)

    def _of_word(self, written: str) -> int:
        found = 0
        for word in _WORD.findall(written):
            parts = word.split("'")
            if len(parts) > MOST_PARTS:
                return -1
            # "ip's" is "ips", and "ip" at a word's end.
            for first in range(len(parts)):
                for last in range(first, len(parts)):
                    found |= self._of_plain("".join(parts[first : last + 1]))
        return found

    def _of_plain(self, word: str) -> int:
        begun = self._begun
        found = self._whole.get(word, 0)
        for expression, bit in self._like.items():
            if re.fullmatch(expression, word):
                found |= bit
        for size in range(1, min(len(word), 40) + 1):
            found |= begun.get(word[:size], 0)
        return found


class _Remembered(dict[str, int]):
    """What was worked out for each word; begun again when it has grown too large."""

    def __init__(self, work_out: Callable[[str], int]) -> None:
        self._work_out = work_out

    def __missing__(self, word: str) -> int:
        if len(self) > MOST_REMEMBERED:
            self.clear()
        found = self[word] = self._work_out(word)
        return found
