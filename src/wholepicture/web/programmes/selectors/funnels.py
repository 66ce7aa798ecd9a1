"""A funnel plot as lines and points to draw: the share of all, the limits of chance around it, and each provider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wholepicture.core.measurement.assurance import Funnel, limits

WIDTH, HEIGHT, LEFT, FOOT = 640, 300, 52, 34


@dataclass(frozen=True, slots=True)
class Point:
    """One provider, or several in the same place, where they are drawn; ``name_y``: where the words go, so that they stay inside."""

    x: float
    y: float
    name: str
    outside: bool

    @property
    def name_y(self) -> float:
        """Above the point, or below it near the top."""
        return self.y - 12 if self.y > 40 else self.y + 22

    @property
    def anchor(self) -> str:
        """Which side of the point the words are on."""
        return "end" if self.x > WIDTH * 0.6 else "start"


@dataclass(frozen=True, slots=True)
class Plot:
    """All that the drawing needs: ticks as (place, words), curves as SVG paths."""

    share: float
    share_y: float
    outer: str
    inner: str
    points: tuple[Point, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]


def plot_of(found: Sequence[Funnel]) -> Plot | None:
    """The plot of two or more providers; None for fewer, which a table says as well."""
    if len(found) < 2:
        return None
    whole = sum(f.of for f in found)
    share = sum(f.passed for f in found) / whole
    most = max(10, max(f.of for f in found) * 11 // 10)

    def x(n: float) -> float:
        return round(LEFT + n / most * (WIDTH - LEFT - 16), 1)

    def y(part: float) -> float:
        return round(12 + (1 - part) * (HEIGHT - FOOT - 12), 1)

    def band(tail: float) -> str:
        ends = [(n, *limits(n, share, tail)) for n in range(1, most + 1)]
        top = [f"{x(n)},{y(high / n)}" for n, _, high in ends]
        bottom = [f"{x(n)},{y(low / n)}" for n, low, _ in reversed(ends)]
        return "M" + " L".join([*top, *bottom]) + " Z"

    there: dict[tuple[int, int], list[Funnel]] = {}
    for f in found:
        there.setdefault((f.of, f.passed), []).append(f)
    return Plot(
        share,
        y(share),
        band(0.001),
        band(0.025),
        tuple(
            Point(x(of), y(passed / of), ", ".join(f.name for f in same), not same[0].inside_998)
            for (of, passed), same in there.items()
        ),
        tuple((x(n), str(n)) for n in range(0, most + 1, max(1, most // 5))),
        tuple((y(s / 4), f"{s * 25}%") for s in range(5)),
    )
