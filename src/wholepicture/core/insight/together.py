"""How often things come together of one person: every combination counted, for a chart of sets and their meetings (UpSet: Lex and others, 2014).

Counts of people are rounded and small ones kept back, so that nobody can be worked out from them by taking one from another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FEWEST = 5


def rounded(number: int, fewest: int = FEWEST) -> int | None:
    """A count of people as it is shown: to the nearest five; None where it is below ``fewest`` and not nought."""
    if 0 < number < fewest:
        return None
    return 5 * round(number / 5) if number % 5 != 0 else number


def said(number: int, fewest: int = FEWEST) -> str:
    """A count of people in words for a table."""
    shown = rounded(number, fewest)
    return f"fewer than {fewest}" if shown is None else f"{shown:,}"


def few(number: int, fewest: int = FEWEST) -> str:
    """A count of what is no person, such as accounts, in words for a table: exact, but for small ones."""
    return f"{number:,}" if number >= fewest or number == 0 else f"fewer than {fewest}"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One exact combination: which sets, and of how many people (rounded)."""

    of: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Together:
    """All combinations that may be shown. ``sets``: each with its people (rounded), the largest first.

    ``several``: people with two or more; ``rare``: how many combinations are too rare to show. Both of ``people`` (rounded).
    """

    people: int
    several: int | None
    sets: tuple[tuple[str, int], ...]
    meetings: tuple[Meeting, ...]
    rare: int


def together(
    people: Iterable[frozenset[str]], *, fewest: int = FEWEST, most: int = 15, sets: int = 12
) -> Together:
    """Count combinations of what each person has; people with nothing are left out.

    Only the commonest ``sets`` things are told apart; combinations of them are kept, the commonest ``most`` first.
    """
    given = [p for p in people if p]
    common = Counter(one for p in given for one in p).most_common()
    told = {one for one, _ in sorted(common, key=lambda x: (-x[1], x[0]))[:sets]}
    several = sum(len(p) > 1 for p in given)
    counts = Counter(frozenset(p & told) for p in given)
    counts.pop(frozenset(), None)
    sizes: Counter[str] = Counter()
    for of, n in counts.items():
        for one in of:
            sizes[one] += n
    shown = sorted(
        ((of, n) for of, n in counts.items() if n >= fewest), key=lambda x: (-x[1], len(x[0]), sorted(x[0]))
    )
    kept = shown[:most]
    rows = sorted(
        ((s, n) for s, n in sizes.items() if n >= fewest and any(s in of for of, _ in kept)),
        key=lambda x: (-x[1], x[0]),
    )
    order = {s: n for n, (s, _) in enumerate(rows)}
    return Together(
        rounded(len(given), fewest) or 0,
        rounded(several, fewest),
        tuple((s, rounded(n, fewest) or 0) for s, n in rows),
        tuple(
            Meeting(tuple(sorted(of, key=lambda s: order.get(s, len(order)))), rounded(n, fewest) or 0)
            for of, n in kept
        ),
        len(counts) - len(kept),
    )


def in_words(found: Together, names: dict[str, str]) -> Sequence[tuple[str, int]]:
    """Each combination by its names, for the table under the chart."""
    return [(" and ".join(names.get(s, s) for s in m.of), m.people) for m in found.meetings]
