"""A funnel plot as lines and points to draw: the share of all, the limits of chance around it, and each provider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wholepicture.core.measurement.assurance import Funnel, limits

WIDTH, HEIGHT, LEFT, FOOT = 640, 300, 52, 34


@dataclass(frozen=True, slots=True)
class Point:
    """One provider, where it is drawn."""

    x: float
    y: float
    name: str
    outside: bool


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

    return Plot(
        share,
        y(share),
        band(0.001),
        band(0.025),
        tuple(Point(x(f.of), y(f.passed / f.of), f.name, not f.inside_998) for f in found),
        tuple((x(n), str(n)) for n in range(0, most + 1, max(1, most // 5))),
        tuple((y(s / 4), f"{s * 25}%") for s in range(5)),
    )
