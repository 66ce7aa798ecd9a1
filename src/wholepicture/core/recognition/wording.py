"""What a phrase is made of once it is read, and what can be told from that."""

from __future__ import annotations

from dataclasses import dataclass

MOST_REPEATS = 4
# Words that nearly every account has: a poor place to start looking for a phrase.
EVERYDAY = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "by",
        "did",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "him",
        "his",
        "in",
        "is",
        "it",
        "me",
        "my",
        "no",
        "not",
        "of",
        "off",
        "on",
        "or",
        "out",
        "she",
        "that",
        "the",
        "their",
        "them",
        "they",
        "to",
        "up",
        "was",
        "were",
        "with",
        "you",
        "your",
        "male",
        "female",
        "man",
        "woman",
        "men",
        "officer",
        "officers",
        "police",
        "unit",
        "units",
        "street",
        "known",
        "any",
        "all",
        "this",
        "who",
        "so",
        "very",
        "old",
        "day",
        "days",
        "call",
        "called",
        "calls",
        "stopped",
        "made",
        "into",
        "over",
        "left",
    ]
)


@dataclass(frozen=True, slots=True)
class Literal:
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple[tuple[Node, ...], ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """Some of these in a row, ``MOST_REPEATS`` at the most."""

    choice: Choice


@dataclass(frozen=True, slots=True)
class Pattern:
    regex: str


@dataclass(frozen=True, slots=True)
class Tail:
    """The rest of a word."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A few words between."""


Node = Literal | Choice | Repeat | Pattern | Tail | Gap


def ends_apart(nodes: tuple[Node, ...]) -> bool:
    """Whether what comes after these nodes can only begin a word."""
    return _apart(nodes, at_end=True)


def starts_apart(nodes: tuple[Node, ...]) -> bool:
    """Whether what comes before these nodes can only end a word."""
    return _apart(nodes, at_end=False)


def _apart(nodes: tuple[Node, ...], *, at_end: bool) -> bool:
    if not nodes:
        return True
    node, rest = (nodes[-1], nodes[:-1]) if at_end else (nodes[0], nodes[1:])
    if isinstance(node, Literal):
        return (node.text[-1:] if at_end else node.text[:1]) == " "
    choice = node.choice if isinstance(node, Repeat) else node
    if not isinstance(choice, Choice):
        return isinstance(node, Gap)
    given = [option for option in choice.options if option]
    left_out = choice.optional or len(given) < len(choice.options)
    return all(_apart(option, at_end=at_end) for option in given) and (
        not left_out or _apart(rest, at_end=at_end)
    )


def rarity(text: str) -> float:
    """How seldom a string is likely to occur: letters in words that are not everyday ones, then its length."""
    letters = sum([1 if word in EVERYDAY else len(word) for word in text.split()])
    return letters + len(text) / 10 if text.strip() else 0.0
