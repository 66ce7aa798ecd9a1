"""What in a narrative is about somebody else: proposed for blocking out before the person it is about is given a copy.

A proposal, never the last word: somebody reads the account and blocks out more, or less.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from wholepicture.core.identity import Details

BLOCK = "█"
_NUMBERS = re.compile(
    r"(?P<phone>(?:\+44|\b0)[\d \-]{8,13}\d)|(?P<mail>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<postcode>\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b)"
    r"|(?P<address>\b(?:(?i:flat|apartment) \w+,? )?\d{1,4}[a-z]? (?:[A-Z][\w'’]+ ){1,3}(?:Road|Street|Avenue|Lane|Close|Drive|Way|Court|Gardens|Place|Terrace|Crescent|Grove|Square|Hill|Walk|Rise|Row|Rd|St|Ave|Ln)\b)"
    r"|(?P<date>\b\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}\b)",
)
_WORD = re.compile(r"[A-Za-z][\w'’]*")
_NOT_NAMES = frozenset(
    [
        "ip",
        "vp",
        "hp",
        "agg",
        "sus",
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "his",
        "her",
        "their",
        "my",
        "the",
        "a",
        "an",
        "ex",
        "partner",
        "husband",
        "wife",
        "son",
        "daughter",
        "mother",
        "father",
        "brother",
        "sister",
        "neighbour",
        "friend",
        "unknown",
        "male",
        "female",
        "man",
        "woman",
        "boy",
        "girl",
        "child",
        "baby",
        "caller",
        "victim",
        "suspect",
        "witness",
        "informant",
        "old",
        "young",
        "new",
        "one",
        "two",
        "other",
        "another",
    ]
)


@dataclass(frozen=True, slots=True)
class Blocked:
    """A run of a narrative to block out (half-open character offsets) and why."""

    start: int
    end: int
    why: str


def proposed(
    text: str,
    *,
    own: Details,
    own_labels: Iterable[str],
    others: Iterable[Details],
    other_labels: Iterable[str],
) -> list[Blocked]:
    """What to block out of ``text`` for one person of it, in order, not overlapping.

    ``own`` and ``own_labels``: what is known of them and how the text names them, never blocked; ``others`` and
    ``other_labels``: the same of everybody else in it. Telephones, addresses and dates that are not theirs go too.
    """
    keep = _words(own.given + own.family) | _named(own_labels)
    names = set().union(*(_words(d.given + d.family) for d in others)) | _named(other_labels)
    found = [
        Blocked(m.start(), m.end(), "a name")
        for m in _WORD.finditer(text)
        if _plain(m.group()) in names - keep
    ]
    held = {_bare(v) for v in (*own.phones, *own.addresses, *(f"{d:%d/%m/%Y}" for d in own.born))}
    found += [
        Blocked(m.start(), m.end(), str(m.lastgroup))
        for m in _NUMBERS.finditer(text)
        if not any(_bare(m.group()) in h or h in _bare(m.group()) for h in held if h)
    ]
    return merged(found)


def of_words(text: str, words: Iterable[str]) -> list[Blocked]:
    """Each place where one of these words or phrases stands, whatever its case."""
    return [
        Blocked(m.start(), m.end(), "added")
        for word in words
        if word.strip()
        for m in re.finditer(rf"(?<!\w){re.escape(word.strip())}(?!\w)", text, re.IGNORECASE)
    ]


def merged(blocked: Iterable[Blocked]) -> list[Blocked]:
    """In order, with those that touch or overlap made one."""
    out: list[Blocked] = []
    for item in sorted(blocked, key=lambda b: (b.start, b.end)):
        if out and item.start < out[-1].end:
            out[-1] = Blocked(out[-1].start, max(out[-1].end, item.end), out[-1].why)
        else:
            out.append(item)
    return out


def blocked_out(text: str, blocked: Iterable[Blocked]) -> str:
    """The narrative with each run replaced by a block of one length, so that not even its length is told."""
    out, at = [], 0
    for item in merged(blocked):
        out += [text[at : item.start], BLOCK * 5]
        at = item.end
    return "".join([*out, text[at:]])


def _named(labels: Iterable[str]) -> set[str]:
    """The words of labels that are somebody's name: capital, and not a word for a part somebody plays."""
    words = {w for label in labels for w in _WORD.findall(label) if w[0].isupper()}
    return {_plain(w) for w in words} - _NOT_NAMES


def _words(names: Iterable[str]) -> set[str]:
    return {_plain(w) for name in names for w in _WORD.findall(name)}


def _plain(word: str) -> str:
    return re.sub(r"['’]s$", "", word).casefold()


def _bare(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.casefold())
