"""The text as given, made ready for matching without losing where every character came from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

# Quotes and dashes that mean the same, each one character for one.
_FOLD = {
    ord(c): t
    for chars, t in (
        ("‘’ʼ`´", "'"),
        ("“”«»", '"'),
        ("\t\r\u00a0\u2028\u2029\x0b\x0c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff", " "),
    )
    for c in chars
}
LONG_SENTENCE = 2000
# How many sentences are found one by one before it is cheaper to find them all.
FEW_SENTENCES = 5
_DASHES = {ord(c): " " for c in "-\u2010\u2011\u2012–—−_\n"}
_DOUBLE = re.compile(r"(?<=[\w,']) {2,}(?=\w)")
_LONG_WORD = re.compile(r"[a-z]{7,}")
_STOP = re.compile(r"[.!?;\n]+")
_ENTRY = re.compile(r"\s*(?:[-*•>]|\d{1,2}[:.]?\d\d\b|\d{1,2}/\d|[A-Z0-9])")
# The last four letters of the longer ones.
_LONG_ABBREVIATIONS = frozenset(("prox", "hosp", "prev", "supt", "insp", "incl"))
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "approx",
        "poss",
        "no",
        "inc",
        "incl",
        "e.g",
        "i.e",
        "etc",
        "vs",
        "prev",
        "hosp",
        "rd",
        "ave",
        "sgt",
        "insp",
        "dec",
        "supt",
        "yr",
        "yrs",
        "ref",
        "tel",
        "ext",
    ]
)


@dataclass(slots=True)
class Normal:
    """``low`` is what is matched; ``cased`` is of the same length, with its capitals and line ends.

    ``edits`` maps back to the given text: (position in low, characters to add to it), ascending.
    """

    given: str
    low: str
    cased: str
    edits: list[tuple[int, int]]
    starts: list[int] | None = None
    plain: bool | None = None
    held: tuple[tuple[int, int], ...] = ()

    def back(self, position: int) -> int:
        """The offset in the text as given of an offset in ``low``."""
        if not self.edits:
            return position
        at = bisect_right(self.edits, (position, 1 << 60)) - 1
        return position + (self.edits[at][1] if at >= 0 else 0)

    def sentence(self, position: int) -> tuple[int, int]:
        """Start and end, in ``low``, of the sentence that holds a position."""
        starts = self.starts
        if starts is None:
            held = self.held
            for span in held:
                if span[0] <= position < span[1]:
                    return span
            if len(held) < FEW_SENTENCES:
                if self.plain is None:
                    self.plain = _no_other_marks(self.cased)
                if self.plain:
                    found = _between_full_stops(self.cased, position)
                    if found:
                        self.held = (*held, found)
                        return found
                    self.plain = False
            starts = self.starts = _sentence_starts(self.cased)
        at = bisect_right(starts, position)
        return starts[at - 1], starts[at] if at < len(starts) else len(self.low)


def _no_other_marks(cased: str) -> bool:
    """Whether nothing but a full stop can end a sentence, as in nearly every narrative."""
    return not ("\n" in cased or ";" in cased or "?" in cased or "!" in cased)


def _between_full_stops(cased: str, position: int) -> tuple[int, int] | None:
    """The sentence round a position, looking no further than its own two ends; None if that does not settle it.

    It does not where another full stop stands within, and looking for the ends of a long sentence again and again would
    cost more than finding all once.
    """
    left = cased.rfind(". ", 0, position + 1) + 1
    right = cased.find(".", left)
    if right < 0:
        right = len(cased) - 1
    elif right < position or not _stops(cased, right):
        return None
    if left and not _stops(cased, left - 1):
        return None
    return (left, right + 1) if right - left < LONG_SENTENCE else None


def _stops(cased: str, stop: int) -> bool:
    """Whether the full stop at this place ends a sentence, with a space, or nothing, after it."""
    if stop + 1 == len(cased):
        return True
    return cased[stop + 1] == " " and (
        (stop > 3 and _ends_plainly(cased[stop - 4 : stop])) or _ends_sentence(cased, ".", stop, stop + 1)
    )


def _sentence_starts(cased: str) -> list[int]:
    starts = [0]
    for match in _STOP.finditer(cased):
        start, end = match.span()
        plain = end < len(cased) and cased[end] == " " and cased[start] == "." and end - start == 1
        if (plain and _ends_plainly(cased[max(0, start - 4) : start])) or _ends_sentence(
            cased, match.group(), start, end
        ):
            starts.append(end)
    return starts


@lru_cache(4096)
def _ends_plainly(last: str) -> bool:
    """Whether these last four characters end an ordinary word: a full stop after it can only be a sentence's end."""
    return len(last) == 4 and last.isalpha() and last.lower() not in _LONG_ABBREVIATIONS


def _ends_sentence(cased: str, mark: str, start: int, end: int) -> bool:
    if ";" in mark or mark.count("\n") > 1:
        return True
    following = cased[end : end + 2]
    if "\n" in mark:
        return len(mark) > 1 or bool(_ENTRY.match(cased, end))
    if not following or following[0] in " \"')]":
        if mark == "?":
            return start > 0 and not cased[start - 1].isspace()
        if mark == ".":
            word = cased[max(0, start - 8) : start].rpartition(" ")[2]
            if word.lower() in _ABBREVIATIONS or len(word) == 1 or (len(word) < 4 and word.isdigit()):
                return following[1:].isupper() and not cased[start - 1].isalpha()
        return True
    if mark != "." or not (following[0].isupper() and following[1:].islower()):
        return False
    return start > 0 and (cased[start - 1].islower() or cased[start - 1] == ")")


class Normaliser:
    """Lower case, folded quotes and dashes, and the catalogue's long words spelled right.

    A word of seven letters or more that is one slip (a letter missing, added, changed or swapped) from exactly one word
    of the vocabulary is read as that word. ``confusables`` are real words that look like slips and are left alone.
    """

    def __init__(self, vocabulary: frozenset[str], confusables: frozenset[str]) -> None:
        self._vocabulary = frozenset(w for w in vocabulary if len(w) >= 7)
        self._always_known = self._vocabulary | confusables
        self._known: set[str] = set(self._always_known)
        self._slips: dict[str, dict[str, str]] = {}
        self._near: dict[str, list[str]] = {}
        for word in self._vocabulary:
            for piece in _without_one(word):
                self._near.setdefault(piece, []).append(word)

    def __call__(self, given: str) -> Normal:
        cased = (
            given.translate(_FOLD)
            if not given.isascii() or "\t" in given or "\r" in given or "`" in given
            else given
        )
        edits: list[tuple[int, int]] = []
        if "  " in cased:
            cased, edits = _edit(cased, [(m.start(), m.end(), " ") for m in _DOUBLE.finditer(cased)], edits)
        low = _lower(cased)
        low = (
            low.replace("-", " ").replace("\n", " ").replace("_", " ")
            if low.isascii()
            else low.translate(_DASHES)
        )
        words = low.split()
        if not self._known.issuperset(words):
            repairs = self._repairs(set(words) - self._known)
            if repairs:
                return self._respell(Normal(given, low, cased, edits), repairs)
        return Normal(given, low, cased, edits)

    def _repairs(self, unknown: set[str]) -> dict[str, str]:
        """Slips among words not met before; what is not a slip is remembered, so that each word is looked at once."""
        found: dict[str, str] = {}
        for token in unknown:
            held = self._slips.get(token)
            if held is None:
                held = {word: near for word in _LONG_WORD.findall(token) if (near := self._nearest(word))}
                if held:
                    self._slips[token] = held
                else:
                    self._known.add(token)
            found.update(held)
        if len(self._slips) > 20_000:
            self._slips.clear()
        if len(self._known) > 200_000:
            self._known = set(self._always_known)
        return found

    def _nearest(self, token: str) -> str | None:
        if len(token) > 24 or token in self._always_known:
            return None
        candidates: set[str] = set(self._near.get(token, ()))
        for piece in _without_one(token):
            if piece in self._vocabulary:
                candidates.add(piece)
            candidates.update(self._near.get(piece, ()))
        close = {
            c for c in candidates if c[0] == token[0] and not _same_word(c, token) and _one_slip(c, token)
        }
        return close.pop() if len(close) == 1 else None

    def _respell(self, normal: Normal, repairs: Mapping[str, str]) -> Normal:
        spans = sorted((*place, near) for word, near in repairs.items() for place in _runs(word, normal.low))
        low, edits = _edit(normal.low, spans, normal.edits)
        cased, _ = _edit(normal.cased, spans, normal.edits)
        return Normal(normal.given, low, cased, edits)


def _runs(word: str, low: str) -> Iterator[tuple[int, int]]:
    """Where a word stands with no other small letter before or after it."""
    start = low.find(word)
    while start >= 0:
        end = start + len(word)
        if not (start and "a" <= low[start - 1] <= "z") and not "a" <= low[end : end + 1] <= "z":
            yield start, end
        start = low.find(word, end)


def _lower(text: str) -> str:
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def _edit(
    text: str, spans: list[tuple[int, int, str]], edits: list[tuple[int, int]]
) -> tuple[str, list[tuple[int, int]]]:
    """Replace spans, and say how to get back to the text as given from what comes out."""
    if not spans:
        return text, edits
    pieces: list[str] = []
    shifts: list[tuple[int, int]] = []
    at = out = 0
    for start, end, new in spans:
        pieces += (text[at:start], new)
        out += start - at + len(new)
        at = end
        shifts.append((out, end - out))
    pieces.append(text[at:])
    if edits:
        shifts = _compose(shifts, edits)
    return "".join(pieces), shifts


def _compose(outer: list[tuple[int, int]], inner: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Shifts that lead through ``outer`` and then ``inner``."""

    def through(shifts: list[tuple[int, int]], position: int) -> int:
        at = bisect_right(shifts, (position, 1 << 60)) - 1
        return position + (shifts[at][1] if at >= 0 else 0)

    marks = {p for p, _ in outer}
    for position, _ in inner:
        before = [s for p, s in outer if p + s <= position]
        marks.add(position - (before[-1] if before else 0))
    return [(p, through(inner, through(outer, p)) - p) for p in sorted(marks)]


def _without_one(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def _same_word(word: str, token: str) -> bool:
    """An ending is not a slip: "assaults" is not a misspelt "assault"."""
    endings = ("s", "d", "y", "r", "e")
    return (
        (token[:-1] == word and token[-1] in endings)
        or (word[:-1] == token and word[-1] in endings)
        or (token[:-1] == word[:-1] and token[-1] in "sdygre")
    )


def _one_slip(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    x, y = a[i:], b[i:]
    return x[1:] == y[1:] or x[1:] == y or x == y[1:] or (x[:2] == y[1::-1] and x[2:] == y[2:])
