r"""The small language that phrases are written in, and what it compiles to.

    word            the word itself, any case; a hyphen is a space and an apostrophe may be left out
    strangl*        a word that begins so
    (a|b c|d)       one of these; (x )? or x? may be left out, x a letter, a figure, a space or one of , ' £
    (x |y )+        up to four in a row; (x |y )+? or none
    \( \) \*        a bracket, or a star, in the text
    hands * throat  up to four words may stand between
    {poss}          any of the words, or the pattern, of that name in language.toml

No phrase reaches over a full stop and a space.

A phrase becomes either a list of plain strings for the automaton, or, where that list would be long, the plain strings
of its rarest part (the anchor) and a regular expression that settles the matter around each anchor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from wholepicture.core.recognition.needs import Clause, needs, rarest
from wholepicture.core.recognition.wording import (
    MOST_REPEATS,
    Choice,
    Gap,
    Literal,
    Node,
    Pattern,
    Repeat,
    Tail,
    ends_apart,
    rarity,
    starts_apart,
)

MOST_STRINGS = 96
MOST_ANCHORS = 64
# The most strings of a phrase that is looked up by its words.
MOST_LISTED = 500
# How far from its anchor a phrase may reach, and the most characters one {pattern} stands for.
WINDOW = 110
WIDEST_PATTERN = 32
GAP = r"(?: [^\s.;!?]+){0,4}? "
TAIL = r"[a-z0-9']*"
# Besides letters and figures, what a "?" after it makes optional: "key ?worker", "£?{number}".
MAY_BE_LEFT_OUT = " ,'£"
_PLAIN = re.compile(r"[^(){}*?\\|+]+")
# Where a stretch of text ends over which no phrase reaches.
STOP = ". "


class PhraseError(ValueError):
    """A phrase that does not read as the language says."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """``strings`` go to the automaton ("*" at the end: a word's beginning); ``expression`` is None when they alone decide.

    ``needs``: words that must stand near its anchor too, or the regular expression cannot match: the rarest two clauses.
    ``before`` and ``after``: how many characters round its anchor a match can take up. ``starts_word`` and
    ``ends_word``: the anchor begins, or ends, where a word does.
    """

    strings: tuple[str, ...]
    expression: str | None
    needs: tuple[Clause, ...] = ()
    before: int = 0
    after: int = 0
    starts_word: bool = True
    ends_word: bool = False


def compile_phrase(text: str, words: Mapping[str, tuple[str, ...]], patterns: Mapping[str, str]) -> Compiled:
    """Compile one phrase.

    Raises:
        PhraseError: unbalanced brackets, a stray '?', an unknown {name}, a full stop within, or nothing plain in it to search for.
    """
    nodes = _Parser(text.lower().replace("-", " ").strip(), words, patterns).parse()
    strings = _expand(nodes)
    if strings is not None and all(strings):
        return Compiled(tuple(sorted(set(strings))), None)
    if STOP in text:
        raise PhraseError(f"a full stop and a space, over which no phrase reaches, in {text!r}")
    anchors, start, end, whole = _anchor(nodes)
    if not anchors:
        raise PhraseError(f"nothing plain enough to search for in {text!r}")
    body = "".join(_regex(node) for node in nodes).replace("  ", " ")
    return Compiled(
        tuple(sorted(set(anchors))),
        rf"(?<![a-z0-9])(?:{body})(?![a-z0-9])",
        rarest((*needs(nodes[:start], (), nodes[start:]), *needs(nodes[end:], nodes[:end], ()))),
        _widest(nodes[:start]),
        # The anchor's longest string may stand where its shortest was found; one more for the word boundary.
        _widest(nodes[end:]) + max(map(len, anchors)) + 1,
        ends_apart(nodes[:start]),
        whole and starts_apart(nodes[end:]),
    )


def listed(
    text: str, words: Mapping[str, tuple[str, ...]], patterns: Mapping[str, str], most: int = MOST_LISTED
) -> list[str]:
    """Every string a phrase stands for, where a phrase is to be looked up rather than looked for.

    Raises:
        PhraseError: as ``compile_phrase``, or more strings than ``most``, or not plain ones.
    """
    strings = _expand(_Parser(text.lower().replace("-", " ").strip(), words, patterns).parse(), most)
    if strings is None or any("*" in s for s in strings):
        raise PhraseError(f"more than {most} wordings, or not plain ones, in {text!r}")
    return strings


@cache
def compiled(expression: str) -> re.Pattern[str]:
    """A phrase's expression, compiled when it is first wanted: most texts want few of them, and they take up room."""
    return re.compile(expression)


class _Parser:
    def __init__(
        self, text: str, words: Mapping[str, tuple[str, ...]], patterns: Mapping[str, str], depth: int = 0
    ) -> None:
        self.text, self.words, self.patterns, self.at, self.depth = text, words, patterns, 0, depth

    def parse(self) -> tuple[Node, ...]:
        nodes = self._sequence("")
        if self.at < len(self.text):
            raise PhraseError(f"unexpected {self.text[self.at]!r} in {self.text!r}")
        return nodes

    def _sequence(self, stops: str) -> tuple[Node, ...]:
        nodes: list[Node] = []
        while self.at < len(self.text) and self.text[self.at] not in stops:
            self._one(nodes)
        return tuple(nodes)

    def _one(self, nodes: list[Node]) -> None:
        plain = self._plain()
        if plain:
            self._append(nodes, plain)
            return
        char = self.text[self.at]
        if char == "(":
            nodes.append(self._choice())
        elif char == "{":
            nodes.append(self._named())
        elif self.text.startswith(" * ", self.at):
            self.at += 3
            nodes.append(Gap())
        elif char == "*":
            self.at += 1
            nodes.append(Tail())
        elif char == ")":
            raise PhraseError(f"a ')' without its '(' in {self.text!r}")
        elif char == "?" and len(self.text) > 2:
            raise PhraseError(f"a '?' after what cannot be left out in {self.text!r}")
        elif char == "\\" and self.text[self.at + 1 : self.at + 2] in ("(", ")", "*"):
            nodes.append(Literal(self.text[self.at + 1]))
            self.at += 2
        else:
            self.at += 1
            if (
                self.at < len(self.text)
                and self.text[self.at] == "?"
                and (char.isalnum() or char in MAY_BE_LEFT_OUT)
                and len(self.text) > 2
            ):
                self.at += 1
                nodes.append(Choice(((Literal(char),),), optional=True))
            else:
                self._append(nodes, char)

    def _plain(self) -> str:
        """The letters from here that mean but themselves, as far as a mark that may bear on the last of them."""
        run = _PLAIN.match(self.text, self.at)
        if run is None:
            return ""
        end = run.end()
        mark = self.text[end : end + 1]
        if mark == "?" or (mark == "*" and self.text[end - 1] == " "):
            end -= 1
        found = self.text[self.at : end]
        self.at = end
        return found

    @staticmethod
    def _append(nodes: list[Node], text: str) -> None:
        last = nodes[-1] if nodes else None
        if isinstance(last, Literal):
            nodes[-1] = Literal(last.text + text)
        else:
            nodes.append(Literal(text))

    def _choice(self) -> Choice | Repeat:
        self.at += 1
        options = [self._sequence("|)")]
        while self.at < len(self.text) and self.text[self.at] == "|":
            self.at += 1
            options.append(self._sequence("|)"))
        if self.at >= len(self.text):
            raise PhraseError(f"a '(' without its ')' in {self.text!r}")
        self.at += 1
        if self._take("*"):
            raise PhraseError(
                f"a '*' after a ')' in {self.text!r}: write (x |y )+? for any number of them, or put the star to each word"
            )
        repeated = self._take("+")
        choice = Choice(tuple(options), optional=self._take("?"))
        return Repeat(choice) if repeated else choice

    def _take(self, mark: str) -> bool:
        """Pass over a mark, if it is next."""
        found = self.at < len(self.text) and self.text[self.at] == mark
        self.at += found
        return found

    def _named(self) -> Node:
        end = self.text.find("}", self.at)
        name = self.text[self.at + 1 : end]
        self.at = end + 1
        if end < 0 or (name not in self.words and name not in self.patterns) or self.depth > 3:
            raise PhraseError(f"no words or pattern called {{{name}}} in {self.text!r}")
        if name in self.patterns:
            try:
                re.compile(self.patterns[name])
            except re.error as error:
                raise PhraseError(f"the pattern {{{name}}} is not an expression: {error}") from None
            return Pattern(self.patterns[name])
        inner = (
            _Parser(w.lower().replace("-", " "), self.words, self.patterns, self.depth + 1).parse()
            for w in self.words[name]
        )
        return Choice(tuple(inner))


def _expand(nodes: tuple[Node, ...], most: int = MOST_STRINGS) -> list[str] | None:
    """Every plain string the nodes stand for, or None if there are too many or they are not plain."""
    sets: list[list[str]] = []
    size = 1
    for position, node in enumerate(nodes):
        strings = _expand_node(node, most, last=position == len(nodes) - 1)
        if strings is None:
            return None
        size *= len(strings)
        if size > most:
            return None
        sets.append(strings)
    joined = ["".join(parts) for parts in product(*sets)]
    if any("*" in s[:-1] for s in joined):
        return None
    return [variant for s in joined for variant in _apostrophes(s)]


def _expand_node(node: Node, most: int, *, last: bool) -> list[str] | None:
    if isinstance(node, Literal):
        return [node.text]
    if isinstance(node, Tail):
        return ["*"] if last else None
    if isinstance(node, Choice):
        found: list[str] = [""] if node.optional else []
        for option in node.options:
            inner = _expand(option, most)
            if inner is None:
                return None
            found.extend(inner or [""])
        return found
    return None


def _apostrophes(text: str) -> Iterator[str]:
    yield text
    if "'" in text:
        yield text.replace("'", "")


def _commonest(strings: list[str], enough: float) -> float:
    """The rarity of the commonest of some strings, looked for no further than one as common as is ``enough``."""
    found = float("inf")
    for text in strings:
        found = min(found, rarity(text))
        if found <= enough:
            break
    return found if strings else 0.0


def _anchor(nodes: tuple[Node, ...]) -> tuple[list[str], int, int, bool]:
    """The strings of the run of nodes whose commonest string is rarest: where it is worth looking for the phrase.

    With the run's place, and whether its strings are whole words at their ends.
    """
    best: tuple[float, list[str], int, int, bool] = (0, [], 0, 0, False)
    each = [_expand_node(node, MOST_ANCHORS, last=True) for node in nodes]
    for start in range(len(nodes)):
        run = [""]
        for end in range(start + 1, len(nodes) + 1):
            strings = each[end - 1]
            if strings is None or len(run) * len(strings) > MOST_ANCHORS:
                break
            run = [a + b for a in run for b in strings]
            if any("*" in s[:-1] for s in run):
                break
            written = [variant for s in run for variant in _apostrophes(s)]
            plain = [s.rstrip("*") for s in written]
            score = _commonest(plain, best[0])
            if score > best[0]:
                best = (score, plain, start, end, plain == written)
    return best[1:] if best[0] >= 1 else ([], 0, 0, False)


def _widest(nodes: tuple[Node, ...]) -> int:
    """The most characters that nodes can stand for, ``WINDOW`` at most."""
    total = 0
    for node in nodes:
        if isinstance(node, Literal):
            total += len(node.text)
        elif isinstance(node, Choice):
            total += max(map(_widest, node.options))
        elif isinstance(node, Repeat):
            total += MOST_REPEATS * _widest((node.choice,))
        else:
            total += WIDEST_PATTERN if isinstance(node, Pattern) else WINDOW
    return min(total, WINDOW)


def _regex(node: Node) -> str:
    if isinstance(node, Literal):
        return re.escape(node.text).replace("\\ ", " ").replace("'", "'?")
    if isinstance(node, Pattern):
        return node.regex
    if isinstance(node, Tail):
        return TAIL
    if isinstance(node, Gap):
        return GAP
    if isinstance(node, Repeat):
        once = _regex(Choice(node.choice.options))
        return f"{once}{{{0 if node.choice.optional else 1},{MOST_REPEATS}}}"
    inner = "|".join("".join(_regex(n) for n in option) for option in node.options)
    return f"(?:{inner})" + ("?" if node.optional else "")
