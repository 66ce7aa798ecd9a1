"""Whether there is room for one more, when some places are kept for some."""

from __future__ import annotations

from collections.abc import Mapping


def room(places: int, joined: Mapping[str, int], kept: Mapping[str, int], sending: str) -> int:
    """How many more may join from ``sending``.

    ``joined``: how many have joined, by who sends them; ``kept``: how many places are kept for a sender. What is kept for others and
    not yet taken is left to them.
    """
    for_others = sum(max(0, n - joined.get(name, 0)) for name, n in kept.items() if name != sending)
    return max(0, places - sum(joined.values()) - for_others)
