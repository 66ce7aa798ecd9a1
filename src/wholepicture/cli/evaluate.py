"""``wholepicture evaluate``: measure recognition on narratives that somebody has marked.

The sheet is a CSV a spreadsheet can hold, one marked span a row: ``narrative`` (its text, on the first row that names it),
``id`` (which narrative), ``words`` (as they stand in it), ``concept`` (a catalogue id, or several with "|" between where careful
readers would differ: any of them counts), and optionally ``state`` and ``person`` (the label, or part of it, of the participant it is about, or several with "|" between; empty: not checked).
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wholepicture.core.recognition import Finding, Recognised, default_recogniser

COLUMNS = ("id", "narrative", "words", "concept")


@dataclass(slots=True)
class Tally:
    """Counts over a sheet.

    ``noted``: marks whose concept is found somewhere in the narrative, if not on those words: the picture has it.
    ``touched``: marks on whose words there is a finding of some concept, the marked one or another.
    ``somebody_else``: marks of which a finding is put to another person than the one marked; the rest that are not right are put to nobody.
    """

    marked: int = 0
    found: int = 0
    noted: int = 0
    touched: int = 0
    right_state: int = 0
    state_checked: int = 0
    right_person: int = 0
    person_checked: int = 0
    somebody_else: int = 0
    extra: int = 0
    findings: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def add_parser(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("evaluate", help="measure recognition on narratives you have marked")
    parser.add_argument(
        "sheet",
        type=Path,
        help="a CSV with columns id, narrative, words, concept and optionally state, person",
    )
    parser.add_argument("--misses", action="store_true", help="list what was missed or read wrongly")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the tally of a sheet."""
    try:
        rows, problems = read_sheet(options.sheet)
    except OSError as error:
        print(f"wholepicture: {options.sheet}: {error.strerror}", file=sys.stderr)
        return 2
    for problem in problems:
        print(problem, file=sys.stderr)
    if not rows:
        print("wholepicture: no usable row in the sheet.", file=sys.stderr)
        return 2
    tally = evaluate(rows)
    print(f"marked {tally.marked}, found {tally.found}: recall {_share(tally.found, tally.marked)}")
    print(f"found somewhere in the narrative: {tally.noted} ({_share(tally.noted, tally.marked)})")
    print(
        f"with a finding of any concept on the words: {tally.touched} ({_share(tally.touched, tally.marked)})"
    )
    print(
        f"findings {tally.findings}, of which not marked by the sheet {tally.extra} ({_share(tally.extra, tally.findings)})"
    )
    print(
        f"state as marked: {tally.right_state} of {tally.state_checked} ({_share(tally.right_state, tally.state_checked)})"
    )
    print(
        f"person as marked: {tally.right_person} of {tally.person_checked} ({_share(tally.right_person, tally.person_checked)}); "
        f"put to somebody else: {tally.somebody_else}"
    )
    if options.misses:
        for line in (*tally.missed, *tally.wrong):
            print("  " + line)
    return 1 if problems else 0


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "not measured"


def read_sheet(path: Path) -> tuple[list[dict[str, str]], list[str]]:
    """Rows with their narrative filled in, and what is wrong with the others (row and column)."""
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    reader = csv.DictReader(text.splitlines(keepends=True))
    missing = [c for c in COLUMNS if c not in (reader.fieldnames or [])]
    if missing:
        return [], [f"{path.name}: row 1: column {c}: missing." for c in missing]
    narratives: dict[str, str] = {}
    rows: list[dict[str, str]] = []
    problems: list[str] = []
    concepts = default_recogniser().catalogue.concepts
    for number, row in enumerate(reader, 2):
        clean = {k: (v or "").strip() for k, v in row.items() if k}
        if clean["narrative"]:
            narratives[clean["id"]] = row["narrative"]
        clean["narrative"] = narratives.get(clean["id"], "")
        fault = _fault(clean, concepts)
        if fault:
            problems.append(f"{path.name}: row {number}: {fault}")
        elif clean["words"]:
            rows.append(clean)
    return rows, problems


def _fault(row: dict[str, str], concepts: dict[str, Any]) -> str:
    if not row["narrative"]:
        return f"column narrative: nothing given yet for narrative '{row['id']}'."
    if not row["words"]:
        return ""
    if row["words"] not in row["narrative"]:
        return f'column words: "{row["words"][:40]}" does not stand in the narrative.'
    unknown = [c for c in row["concept"].split("|") if c not in concepts]
    if unknown:
        return f"column concept: '{unknown[0]}' is not a catalogue id ('wholepicture catalogue show' lists them)."
    return ""


def evaluate(rows: list[dict[str, str]]) -> Tally:
    """Compare the sheet's marks with what is recognised: found if a finding of the concept overlaps the words."""
    tally = Tally()
    seen: dict[str, Recognised] = {}
    used: Counter[tuple[str, int]] = Counter()
    for row in rows:
        recognised = seen.setdefault(row["id"], default_recogniser().recognise(row["narrative"]))
        start = row["narrative"].find(row["words"])
        end = start + len(row["words"])
        there = [(n, f) for n, f in enumerate(recognised.findings) if f.start < end and f.end > start]
        meant = row["concept"].split("|")
        hits = [(n, f) for n, f in there if f.concept in meant]
        tally.marked += 1
        tally.noted += any(f.concept in meant for f in recognised.findings)
        tally.touched += bool(there)
        if not hits:
            tally.missed.append(f'missed {row["concept"]} in {row["id"]}: "{row["words"]}"')
            continue
        tally.found += 1
        for n, _ in hits:
            used[row["id"], n] += 1
        _check(tally, row, [f for _, f in hits], recognised)
    tally.findings = sum(len(r.findings) for r in seen.values())
    tally.extra = tally.findings - len(used)
    return tally


def _check(tally: Tally, row: dict[str, str], hits: list[Finding], recognised: Recognised) -> None:
    labels = {p.id: f"{p.label} {p.role}".lower() for p in recognised.people}
    if row.get("state"):
        tally.state_checked += 1
        if any(f.state == row["state"] for f in hits):
            tally.right_state += 1
        else:
            tally.wrong.append(
                f'state of {row["concept"]} in {row["id"]}: "{row["words"]}" marked {row["state"]}, read {hits[0].state}'
            )
    if row.get("person"):
        tally.person_checked += 1
        meant = [name.strip().lower() for name in row["person"].split("|") if name.strip()]
        who = [labels.get(f.person or "", "") for f in hits]
        others = [w for w in who if w and not any(m in w for m in meant)]
        tally.somebody_else += bool(others)
        if others or not any(who):
            tally.wrong.append(
                f'person of {row["concept"]} in {row["id"]}: "{row["words"]}" marked {row["person"]}, read {"".join(others[:1]) or "nobody"}'
            )
        else:
            tally.right_person += 1
