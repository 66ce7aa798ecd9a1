"""``wholepicture catalogue check|show``."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wholepicture.core.practice import load
from wholepicture.core.practice.check import review
from wholepicture.core.practice.load import DEFAULT_FOLDER
from wholepicture.core.recognition import Recogniser


def add_parser(commands: Any) -> None:
    """Add the command and its two actions."""
    parser = commands.add_parser("catalogue", help="check or show the practice catalogue")
    actions = parser.add_subparsers(dest="action", required=True)
    check = actions.add_parser(
        "check", help="what is unreachable, unsourced, out of date or never recognisable"
    )
    check.add_argument(
        "overlay", nargs="?", type=Path, help="a force's own folder, laid over the catalogue that ships"
    )
    check.set_defaults(run=_check)
    show = actions.add_parser("show", help="list the entries, or print one whole")
    show.add_argument("id", nargs="?", help="a concept or pathway id")
    show.set_defaults(run=_show)


def _check(options: argparse.Namespace) -> int:
    catalogue = load(DEFAULT_FOLDER, options.overlay)
    problems = Recogniser(catalogue).problems
    remarks = review(catalogue, today=datetime.now(UTC).date())
    for line in (*problems, *remarks):
        print(line)
    count = len(problems) + len(remarks)
    print(
        f"{catalogue.name} {catalogue.version} ({catalogue.hash}): {len(catalogue.concepts)} concepts, {len(catalogue.pathways)} pathways, {count} to look at."
    )
    return 1 if problems or remarks else 0


def _show(options: argparse.Namespace) -> int:
    catalogue = load(DEFAULT_FOLDER)
    if options.id is None:
        for concept in catalogue.concepts.values():
            print(f"{concept.kind:8} {concept.id:34} {concept.name}")
        for pathway in catalogue.pathways.values():
            print(f"{'pathway':8} {pathway.id:34} {pathway.name}")
        return 0
    entry = catalogue.concepts.get(options.id) or catalogue.pathways.get(options.id)
    if entry is None:
        print(
            f"wholepicture: no entry called '{options.id}'. 'wholepicture catalogue show' lists them.",
            file=sys.stderr,
        )
        return 2
    for name in entry.__slots__:
        value = getattr(entry, name)
        if value not in ("", (), 0, False):
            if name == "phrases":
                value = ", ".join(f"{p.text} [{p.state}]" for p in value)
            print(f"{name}: {', '.join(map(str, value)) if isinstance(value, tuple) else value}")
    print(f"source in full: {catalogue.sources[entry.source].title}")
    return 0
