"""Charts as SVG that a page holds whole: bars, combinations, a series before and after. Each has the same as a table beneath it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from wholepicture.core.insight.change import Change
from wholepicture.core.insight.together import Together

ROW = 30


def bars(rows: Sequence[tuple[str, int]], what: str) -> SafeString:
    """A bar a row, the count behind it."""
    most = max((n for _, n in rows), default=0) or 1
    drawn = "".join(
        f'<g><title>{escape(name)}: {n:,}</title><text x="300" y="{y * ROW + 20}" class="i-name">{escape(_short(name, 34))}</text>'
        f'<rect x="310" y="{y * ROW + 5}" width="{440 * n / most:.1f}" height="20" class="i-bar"/>'
        f'<text x="{318 + 440 * n / most:.1f}" y="{y * ROW + 20}">{n:,}</text></g>'
        for y, (name, n) in enumerate(rows)
    )
    return mark_safe(
        f'<svg class="i-chart" viewBox="0 0 820 {ROW * len(rows)}" role="img" aria-label="{escape(what)}">{drawn}</svg>'
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


COLUMN, TOP, LEFT = 40, 150, 390


def upset(found: Together, names: Mapping[str, str], what: str) -> SafeString:
    """Combinations as columns, sets as rows: a dot where a set is in a combination, a line through its dots, its people above."""
    rows = {s: n for n, (s, _) in enumerate(found.sets)}
    tall, wide = (
        max((m.people for m in found.meetings), default=1),
        max((n for _, n in found.sets), default=1),
    )
    parts = []
    for s, n in found.sets:
        y = TOP + rows[s] * ROW
        long = 70 * n / wide
        parts.append(
            f'<rect x="0" y="{y}" width="{LEFT + COLUMN * len(found.meetings)}" height="{ROW}" class="{"i-band" if rows[s] % 2 else "i-plain"}"/>'
            f"<g><title>{escape(names.get(s, s))}: {n:,} people</title>"
            f'<rect x="{70 - long:.1f}" y="{y + 7}" width="{long:.1f}" height="16" class="i-set"/>'
            f'<text x="78" y="{y + 20}">{escape(_short(names.get(s, s), 38))}</text></g>'
        )
    for column, meeting in enumerate(found.meetings):
        x = LEFT + column * COLUMN + COLUMN / 2
        high = (TOP - 40) * meeting.people / tall
        words = " and ".join(names.get(s, s) for s in meeting.of)
        own = sorted(rows[s] for s in meeting.of if s in rows)
        dots = "".join(
            f'<circle cx="{x}" cy="{TOP + n * ROW + ROW / 2}" r="8" class="{"i-dot" if n in own else "i-no"}"/>'
            for n in range(len(rows))
        )
        line = (
            f'<line x1="{x}" x2="{x}" y1="{TOP + own[0] * ROW + ROW / 2}" y2="{TOP + own[-1] * ROW + ROW / 2}" class="i-line"/>'
            if len(own) > 1
            else ""
        )
        parts.append(
            f"<g><title>{escape(words)}: {meeting.people:,} people</title>"
            f'<rect x="{x - 11}" y="{TOP - 12 - high:.1f}" width="22" height="{high:.1f}" class="{"i-many" if len(meeting.of) > 1 else "i-one"}"/>'
            f'<text x="{x}" y="{TOP - 18 - high:.1f}" class="i-top">{meeting.people:,}</text>{dots}{line}</g>'
        )
    width = LEFT + COLUMN * max(1, len(found.meetings))
    return mark_safe(
        f'<svg class="i-chart i-upset" width="{width}" viewBox="0 0 {width} {TOP + ROW * len(rows) + 4}" role="img" aria-label="{escape(what)}">{"".join(parts)}</svg>'
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
