"""Negation and temporality of a given condition in a sentence, ours beside medspaCy's.

    .venv/bin/python benchmarks/recognition/context.py --data FILE.tsv [--json] [--misses]

FILE has the columns condition, sentence, negation (Affirmed, Negated), temporality (Recent, Historical, "Not particular").
medspaCy runs in an environment of its own, which this script makes (benchmarks/recognition/peers.py).
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from peers import run_peer  # type: ignore[import-not-found]

from wholepicture.core.recognition import Polarity, Time, default_recogniser

AXES = ("negation", "historical", "hypothetical")


def read(path: Path) -> list[dict[str, str]]:
    """Rows of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def gold(row: dict[str, str]) -> dict[str, bool]:
    """What the annotators said."""
    return {
        "negation": row["negation"] == "Negated",
        "historical": row["temporality"] == "Historical",
        "hypothetical": row["temporality"] == "Not particular",
    }


def ours(rows: list[dict[str, str]]) -> list[dict[str, bool]]:
    """What our context rules say. "Denied" counts as negated: the set has no such value."""
    recogniser = default_recogniser()
    found = []
    for row in rows:
        sentence = row["sentence"]
        start = sentence.lower().find(row["condition"].lower())
        start, end = (start, start + len(row["condition"])) if start >= 0 else (0, len(sentence))
        reading = recogniser.read_context(sentence, start, end)
        found.append(
            {
                "negation": reading.polarity in (Polarity.NEGATED, Polarity.DENIED),
                "historical": reading.time is Time.HISTORICAL,
                "hypothetical": reading.time is Time.HYPOTHETICAL,
            }
        )
    return found


def scores(rows: list[dict[str, str]], said: list[dict[str, bool]]) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 on each axis."""
    result = {}
    for axis in AXES:
        hit = sum(gold(r)[axis] and s[axis] for r, s in zip(rows, said, strict=True))
        marked = sum(gold(r)[axis] for r in rows)
        claimed = sum(s[axis] for s in said)
        precision, recall = hit / max(claimed, 1), hit / max(marked, 1)
        f1 = 2 * precision * recall / (precision + recall) if hit else 0.0
        result[axis] = {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}
    return result


def main() -> int:
    """Run both and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--misses", action="store_true", help="print the rows ours reads otherwise than the annotators"
    )
    parser.add_argument("--ours-only", action="store_true", help="leave the peer out (for development)")
    options = parser.parse_args()
    rows = read(options.data)
    mine = ours(rows)
    if options.misses:
        for row, said in zip(rows, mine, strict=True):
            for axis in AXES:
                if gold(row)[axis] != said[axis]:
                    print(f"{axis} gold={gold(row)[axis]} | {row['condition']} | {row['sentence']}")
        return 0
    result = {"ours": scores(rows, mine)}
    if not options.ours_only:
        result["medspacy"] = scores(rows, run_peer("medspacy_context", {"rows": rows})["said"])
    if options.json:
        print(json.dumps(result))
        return 0
    print(
        f"{len(rows)} sentences from {options.data.name}\n\n| | negation P / R / F1 | historical P / R / F1 | hypothetical P / R / F1 |\n| --- | --- | --- | --- |"
    )
    for name, table in result.items():
        print(
            f"| {name} | "
            + " | ".join(
                " / ".join(f"{table[a][m]:.3f}" for m in ("precision", "recall", "f1")) for a in AXES
            )
            + " |"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
