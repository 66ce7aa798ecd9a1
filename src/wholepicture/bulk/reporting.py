"""The last stage: one page that stands by itself (no network), its first screen for a chief officer, its last row for a sceptic."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from math import log2
from pathlib import Path

import pyarrow.parquet as pq

from wholepicture.bulk.folder import Folder, told, write_whole
from wholepicture.bulk.reading import all_rejects
from wholepicture.bulk.telling import FEWEST, RISING, SHOWN, Counts, Row, Surfaced, Teller
from wholepicture.core.practice import Catalogue, load_default

PAGE = Path(__file__).with_name("page.html")
_MARK = re.compile(r"\{\{ (\w+) \}\}")


def report(folder: Folder, *, synthetic: bool = False) -> Path:
    """Write the page and the whole list beside it (people.csv); returns where the page is."""
    catalogue = load_default()
    with Teller(folder) as teller:
        found = teller.counts()
        hidden, rising = teller.lists(("len(only_together) > 0", SHOWN), (RISING, 60))
        parts = {
            "title": _title(found),
            "notice": "<p class='made-up'>Every person here is made up.</p>" if synthetic else "",
            "lead": _lead(found),
            "numbers": _numbers(found),
            "pathways": _pathways(teller, catalogue),
            "together": _together(teller, catalogue),
            "hidden": _list(hidden, catalogue, "Nobody's reports say more together than each alone."),
            "hidden_note": _more(found.hidden, len(hidden)),
            "rising": _list(
                rising,
                catalogue,
                "Nobody was reported three times or more, and twice as often as the year before.",
            ),
            "failing": _failing(teller, catalogue),
            "places": _places(teller),
            "weights": _weights(folder),
            "review": _review(teller, _rows(folder, "review")),
            "fairness": _fairness(teller),
            "rejects": _rejects(folder),
            "catalogue": f"{catalogue.version} ({catalogue.hash[:12]})",
            "fewest": str(FEWEST),
        }
        with told(folder.path):
            teller.write_everybody(folder.path / "people.csv", catalogue)
    page = _MARK.sub(lambda m: parts[m[1]], PAGE.read_text("utf-8"))
    target = folder.path / "report.html"
    with told(folder.path):
        write_whole(target, page)
    return target


def _many(number: int) -> str:
    return f"{number:,}"


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else "no day"


def _title(c: Counts) -> str:
    if not c.mentions:
        return f"{_many(c.open)} people with a way to harm open, or open as far as we know"
    return f"{_many(c.hidden)} people whose small reports add up"


def _lead(c: Counts) -> str:
    when = f" from {_day(c.first)} to {_day(c.last)}" if c.first and c.last else ""
    begins = f"{_many(c.reports)} reports{when} were read. "
    if not c.mentions:
        return (
            f"{begins}No row says who is in them, so that nobody could be followed from one report to another. Of {_many(c.observed)} "
            f"people of whom a report tells something, there are {_many(c.open)} for whom something stands between them and harm that has "
            "failed, or is not known to be there: they are in people.csv."
        )
    return (
        f"{begins}In them {_many(c.mentions)} rows name {_many(c.people)} different people. For {_many(c.open)} something stands between "
        f"them and harm that has failed, or is not known to be there. For <strong>{_many(c.hidden)}</strong> of them no report alone says "
        "so: only together do their reports show it."
    )


def _numbers(c: Counts) -> str:
    read, loose = ("Reports read", c.reports), ("With a way to harm open, or open as far as we know", c.open)
    rows: tuple[tuple[str, int], ...] = (
        read,
        ("Different people", c.people),
        ("Seen in two reports or more", c.repeated),
        loose,
        ("Hidden: only their reports together show it", c.hidden),
        ("Rising: three in a year, and more than twice the year before", c.rising),
    )
    if not c.mentions:
        # Nobody is named, so that nothing is known across reports: a nought would say that there is nobody.
        rows = (read, ("People of whom a report tells something", c.observed), loose)
    return "".join(f"<div><dt>{escape(name)}</dt><dd>{_many(n)}</dd></div>" for name, n in rows)


def _bars(rows: Sequence[tuple[str, int, int]], whole: str, part: str) -> str:
    """A bar chart and, beneath it, the same as a table. ``part`` of each bar is darker."""
    if not rows:
        return "<p>Nothing to show.</p>"
    most = max(n for _, n, _ in rows)
    height = 26
    drawn = []
    for y, (name, n, inner) in enumerate(rows):
        at, wide, dark = y * height, 420 * n / most, 420 * inner / most
        drawn.append(
            f"<g><title>{escape(name)}: {_many(n)} {whole}, {_many(inner)} {part}</title>"
            f"<text x='330' y='{at + 17}' class='name'>{escape(name)}</text><rect x='340' y='{at + 4}' width='{wide:.1f}' height='18' class='all'/>"
            f"<rect x='340' y='{at + 4}' width='{dark:.1f}' height='18' class='in'/><text x='{346 + wide:.1f}' y='{at + 17}'>{_many(n)}</text></g>"
        )
    table = _table(
        ("What", whole.capitalize(), part.capitalize()), [(a, _many(b), _many(c)) for a, b, c in rows]
    )
    return (
        f"<svg viewBox='0 0 820 {height * len(rows)}' role='img' aria-label='{escape(whole)}'>{''.join(drawn)}</svg>"
        f"<details><summary>The same as a table</summary>{table}</details>"
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th scope='col'>{escape(h)}</th>" for h in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(v))}</td>" for v in row) + "</tr>" for row in rows)
    return f"<div class='scroll'><table class='sorts'><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"


def _pathways(teller: Teller, catalogue: Catalogue) -> str:
    rows = [
        (catalogue.pathways[p].name, n, inner)
        for p, n, inner in teller.pathways()[:20]
        if p in catalogue.pathways
    ]
    return _bars(rows, "people", "only together")


def _together(teller: Teller, catalogue: Catalogue) -> str:
    rows = [
        (", ".join(catalogue.concepts[c].name for c in of if c in catalogue.concepts), _many(n))
        for of, n in teller.together()
    ]
    if not rows:
        return f"<p>No three things were seen together of {FEWEST} people or more.</p>"
    return _table(("Seen together of one person", "People"), rows)


def _names(catalogue: Catalogue, pathways: Iterable[str]) -> str:
    return "; ".join(catalogue.pathways[p].name for p in pathways if p in catalogue.pathways)


def _list(people: Sequence[Surfaced], catalogue: Catalogue, nobody: str) -> str:
    return "".join(_person(p, catalogue) for p in people) or f"<p>{escape(nobody)}</p>"


def _person(p: Surfaced, catalogue: Catalogue) -> str:
    row = p.row
    born = f", born {_day(p.born)}" if p.born else ""
    name = p.name or "Not named"
    said = [
        f"<p><strong>Open:</strong> {escape(_names(catalogue, row['open']) or 'nothing known to be')}</p>",
        f"<p><strong>Open as far as we know:</strong> {escape(_names(catalogue, row['unguarded']))}</p>"
        if row["unguarded"]
        else "",
        f"<p><strong>Only together:</strong> {escape(_names(catalogue, row['only_together']))}</p>"
        if row["only_together"]
        else "",
        f"<p><strong>Again and again:</strong> {escape(_counted(catalogue, row['again']))}</p>"
        if row["again"]
        else "",
        f"<p><strong>Has failed more than once:</strong> {escape(_counted(catalogue, row['failing']))}</p>"
        if row["failing"]
        else "",
    ]
    reports = "".join(
        f"<li><strong>{escape(t.report)}</strong> <span>{_day(t.on)}; {escape(t.source)}, row {t.row}</span><ul>"
        + "".join(
            f"<li>{escape(catalogue.concepts[c].name)}{escape(_state(s))}: “{escape(w)}”</li>"
            for c, s, w in t.words
            if c in catalogue.concepts
        )
        + "</ul></li>"
        for t in p.reports
    )
    return (
        f"<details class='person' data-words='{escape(f'{name} {p.person}'.casefold(), quote=True)}'><summary><strong>{escape(name)}</strong>{escape(born)} "
        f"<span>{row['reports']} reports, {len(row['open'])} open, {len(row['unguarded'])} open as far as we know</span></summary>"
        f"{''.join(said)}<p><strong>The reports that make it up</strong></p><ol>{reports}</ol></details>"
    )


def _state(state: str) -> str:
    return "" if state == "present" else f" ({state.replace('_', ' ')})"


def _counted(catalogue: Catalogue, rows: Iterable[str]) -> str:
    found = []
    for row in rows:
        concept, _, times = row.rpartition(" ")
        if concept in catalogue.concepts:
            found.append(f"{catalogue.concepts[concept].name} (in {times} reports)")
    return "; ".join(found)


def _more(all_of: int, shown: int) -> str:
    if all_of <= shown:
        return ""
    return f"<p>The first {_many(shown)} of {_many(all_of)}. All are in people.csv, in the same order.</p>"


def _failing(teller: Teller, catalogue: Catalogue) -> str:
    rows = [(catalogue.concepts[c].name, catalogue.concepts[c].holder, _many(n)) for c, n in teller.failing()]
    return _table(("Control", "Who holds it", "People for whom it failed in two reports or more"), rows)


def _places(teller: Teller) -> str:
    rows = [(p, _many(r), _many(n), _many(o)) for p, r, n, o in teller.places()]
    if not rows:
        return "<p>No address has three reports or more.</p>"
    return _table(("Place", "Reports", "People", "Of them with something open"), rows)


_COMPARED = {
    "given_plain": "Given name",
    "family_plain": "Family name",
    "born": "Date of birth",
    "phone": "Telephone",
    "postcode": "Postcode",
    "person_number": "The person's own number",
}


def _level(label: str) -> str:
    """A level of agreement, in words."""
    if label.startswith("Exact"):
        return "the same"
    if label.endswith("<= 1"):
        return "a slip of a letter"
    if label.endswith("<= 2"):
        return "two slips"
    return "another" if label.startswith("All other") else label


def _agreements(path: Path) -> list[tuple[str, list[tuple[str, float]]]]:
    """What each kind of agreement weighs in a saved model, for the chart that explains it: bits of evidence for one person."""
    model = json.loads(path.read_text("utf-8"))
    found = []
    for comparison in model["comparisons"]:
        rows = [
            (level["label_for_charts"], round(log2(level["m_probability"] / level["u_probability"]), 2))
            for level in comparison["comparison_levels"]
            if level.get("m_probability") and level.get("u_probability")
        ]
        found.append((comparison["output_column_name"], rows))
    return found


def _weights(folder: Folder) -> str:
    """What each agreement or difference weighs: to the right for one person, to the left against it; in bits."""
    path = folder.path / "model" / "model.json"
    if not path.exists():
        return "<p>No names were given, so nothing was linked.</p>"
    rows = [
        (f"{_COMPARED.get(c, c)}: {_level(label)}", bits)
        for c, found in _agreements(path)
        for label, bits in found
    ]
    drawn = []
    for y, (name, bits) in enumerate(rows):
        at, wide = y * 26, min(200.0, abs(bits) * 12)
        x = 560 if bits >= 0 else 560 - wide
        drawn.append(
            f"<g><title>{escape(name)}: {bits:+.1f}</title><text x='340' y='{at + 17}' class='name'>{escape(name)}</text>"
            f"<rect x='{x:.1f}' y='{at + 4}' width='{wide:.1f}' height='18' class='{'for' if bits >= 0 else 'against'}'/>"
            f"<text x='{(566 + wide) if bits >= 0 else 566:.1f}' y='{at + 17}'>{bits:+.1f}</text></g>"
        )
    table = _table(("Agreement", "Bits of evidence"), [(n, f"{b:+.1f}") for n, b in rows])
    return (
        f"<svg viewBox='0 0 820 {26 * len(rows)}' role='img' aria-label='What each agreement weighs'>{''.join(drawn)}</svg>"
        f"<details><summary>The same as a table</summary>{table}</details>"
    )


def _review(teller: Teller, all_of: int) -> str:
    """The pairs that nobody is sure of, so that somebody can look: both rows, what they share, and where they are."""
    rows = [(f"{100 * p.chance:.0f}%", *_side(p.one), *_side(p.other)) for p in teller.unsure()]
    if not rows:
        return "<p>No pair is left about which nobody is sure.</p>"
    heads = ("Likely", "One row", "Born", "Telephone, postcode", "The other", "Born", "Telephone, postcode")
    return (
        f"<p>{_many(all_of)} pairs of rows may be one person, and nobody knows: they are not taken as one. All are in the folder review. "
        f"These are the likeliest {_many(len(rows))}; a nickname, a move or a changed telephone often settles it.</p>"
        f"<details><summary>Pairs to look at</summary>{_table(heads, rows)}</details>"
    )


def _side(row: Row) -> tuple[str, str, str]:
    reach = ", ".join(part for part in (row.phone, row.postcode) if part)
    return (
        f"{row.name or 'Not named'} ({row.report})",
        _day(row.born) if row.born else "not said",
        reach or "not said",
    )


def _rows(folder: Folder, stage: str) -> int:
    return sum(pq.read_metadata(p).num_rows for p in folder.parts(stage))


def _fairness(teller: Teller) -> str:
    rows = [
        (what, said, _many(n), f"{_many(s)} ({100 * s / n:.1f}%)", f"{_many(h)} ({100 * h / n:.1f}%)")
        for what, said, n, s, h in teller.fairness()
    ]
    if not rows:
        return "<p>The extract says neither sex nor ethnicity nor age of enough people.</p>"
    return _table(("", "As recorded", "People", "Something open", "Hidden"), rows)


def _rejects(folder: Folder) -> str:
    rows = list(csv.DictReader(all_rejects(folder)))
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row["field"] or "the whole row", "kept without it" if row["kept"] == "yes" else "left out")
        counts[key] = counts.get(key, 0) + 1
    if not rows:
        return "<p>Every row could be read whole.</p>"
    told_of = [(what, how, _many(n)) for (what, how), n in sorted(counts.items())]
    return (
        _table(("Field", "The row was", "How many"), told_of)
        + "<p>Each one, with its row and reason, is in rejects.csv.</p>"
    )
