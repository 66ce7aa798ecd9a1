"""Charts as SVG that a page holds whole: bars, combinations, a series before and after. Each has the same as a table beneath it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from wholepicture.core.insight.change import Change
from wholepicture.core.insight.together import Together

BAR, WIDEST = 46, 86


def bars(rows: Sequence[tuple[str, int]], what: str) -> SafeString:
    """A bar a row, its name above it and the count behind it. As wide as there is room: letters keep their size on a phone."""
    most = max((n for _, n in rows), default=0) or 1
    drawn = "".join(
        f'<g><title>{escape(name)}: {n:,}</title><text x="0" y="{y * BAR + 16}">{escape(name)}</text>'
        f'<rect x="0" y="{y * BAR + 22}" width="{WIDEST * n / most:.1f}%" height="16" class="i-bar"/>'
        f'<text x="{WIDEST * n / most + 1:.1f}%" y="{y * BAR + 35}">{n:,}</text></g>'
        for y, (name, n) in enumerate(rows)
    )
    return mark_safe(
        f'<svg class="i-bars" width="100%" height="{BAR * len(rows)}" role="img" aria-label="{escape(what)}">{drawn}</svg>'
    )


ROW, COLUMN, TOP, LEFT = 46, 36, 110, 84


def upset(found: Together, names: Mapping[str, str], what: str) -> SafeString:
    """Combinations as columns, sets as rows: a dot where a set is in a combination, a line through its dots, its people above.

    Names stand above their rows and not beside them, so that a phone's width shows the first combinations.
    """
    rows = {s: n for n, (s, _) in enumerate(found.sets)}
    tall, wide = (
        max((m.people for m in found.meetings), default=1),
        max((n for _, n in found.sets), default=1),
    )
    longest = max((len(names.get(s, s)) for s in rows), default=0)
    width = max(LEFT + COLUMN * len(found.meetings) + 6, 8 * longest)

    def middle(n: int) -> int:
        return TOP + n * ROW + 31

    parts = [
        f'<rect x="0" y="{TOP + n * ROW}" width="{width}" height="{ROW}" class="{"i-band" if n % 2 else "i-plain"}"/>'
        f"<g><title>{escape(names.get(s, s))}: {people:,} people</title>"
        f'<rect x="{LEFT - 12 - 70 * people / wide:.1f}" y="{middle(n) - 7}" width="{70 * people / wide:.1f}" height="14" class="i-set"/></g>'
        for n, (s, people) in enumerate(found.sets)
    ]
    for column, meeting in enumerate(found.meetings):
        x = LEFT + column * COLUMN + COLUMN / 2
        high = (TOP - 32) * meeting.people / tall
        own = sorted(rows[s] for s in meeting.of if s in rows)
        dots = "".join(
            f'<circle cx="{x}" cy="{middle(n)}" r="8" class="{"i-dot" if n in own else "i-no"}"/>'
            for n in range(len(rows))
        )
        line = (
            f'<line x1="{x}" x2="{x}" y1="{middle(own[0])}" y2="{middle(own[-1])}" class="i-line"/>'
            if len(own) > 1
            else ""
        )
        words = " and ".join(names.get(s, s) for s in meeting.of)
        parts.append(
            f"<g><title>{escape(words)}: {meeting.people:,} people</title>"
            f'<rect x="{x - 11}" y="{TOP - 8 - high:.1f}" width="22" height="{high:.1f}" class="{"i-many" if len(own) > 1 else "i-one"}"/>'
            f'<text x="{x}" y="{TOP - 13 - high:.1f}" class="i-top">{meeting.people:,}</text>{dots}{line}</g>'
        )
    # Last, so that no line runs through a name.
    parts += [
        f'<text x="2" y="{TOP + n * ROW + 16}" class="i-over">{escape(names.get(s, s))}</text>'
        for s, n in rows.items()
    ]
    height = TOP + ROW * len(rows) + 4
    return mark_safe(
        f'<svg class="i-upset" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(what)}">{"".join(parts)}</svg>'
    )


def series(found: Change, what: str) -> SafeString:
    """Shares month by month with their intervals, the day between, and the line that the months before give."""
    n = len(found.months)
    step, height = 700 / max(1, n), 200

    def y(value: float) -> float:
        return 10 + height * (1 - value)

    parts = [
        f'<line x1="60" x2="780" y1="{y(v)}" y2="{y(v)}" class="i-grid"/><text x="52" y="{y(v) + 5}" class="i-name">{v:.0%}</text>'
        for v in (0, 0.5, 1)
    ]
    line = " ".join(
        f"{70 + step * (k + 0.5):.1f},{y(v):.1f}" for k, v in enumerate(found.expected) if v is not None
    )
    if line:
        parts.append(f'<polyline points="{line}" class="i-expected"/>')
    first = next((k for k, m in enumerate(found.months) if m.after), None)
    if first is not None:
        x = 70 + step * first
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="6" y2="{y(0)}" class="i-day"/><text x="{x + 6:.1f}" y="20">given</text>'
        )
    for k, month in enumerate(found.months):
        x, s = 70 + step * (k + 0.5), month.share
        parts.append(f'<text x="{x:.1f}" y="{y(0) + 22}" class="i-top">{escape(month.name[:3])}</text>')
        if s is None:
            continue
        parts.append(
            f"<g><title>{escape(month.name)}: {month.missed} of {month.of}</title>"
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y(s.high):.1f}" y2="{y(s.low):.1f}" class="i-between"/>'
            f'<circle cx="{x:.1f}" cy="{y(s.value):.1f}" r="6" class="{"i-dot" if month.after else "i-before"}"/></g>'
        )
    return mark_safe(
        f'<svg class="i-chart" viewBox="0 0 800 250" role="img" aria-label="{escape(what)}">{"".join(parts)}</svg>'
    )
