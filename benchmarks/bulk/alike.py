"""Screening's narratives read with the same wordings on both sides: ours and medspaCy with the sentencizer, one core each, in one run.

    python -m benchmarks.bulk.alike [--reports 20000]

First with the 2,000 plain wordings of the recognition benchmark. Then with the catalogue: medspaCy is given every plain string of
it (no gaps, no word beginnings, none of the phrases that an expression settles, for which it has no like), ours reads the whole.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.recognition.peers import run_peer
from benchmarks.recognition.throughput import phrases, with_phrases
from wholepicture.bulk.generating import generate
from wholepicture.core.practice import Catalogue, Kind, load_default
from wholepicture.core.recognition import Recogniser
from wholepicture.core.recognition.phrases import compile_phrase

PEER = "medspacy_sentencizer"


def plain_strings(catalogue: Catalogue) -> list[str]:
    """Every string of the catalogue that is looked for as it stands."""
    found: dict[str, None] = {}
    for concept in catalogue.concepts.values():
        if concept.kind is Kind.ACTION:
            continue
        for phrase in concept.phrases:
            compiled = compile_phrase(phrase.text, catalogue.words, catalogue.patterns)
            if compiled.expression is None:
                found.update(dict.fromkeys(s for s in compiled.strings if not s.endswith("*")))
    return list(found)


def ours(catalogue: Catalogue, texts: list[str], rounds: int = 3) -> float:
    """Narratives a second, the best of some rounds, on one core."""
    recogniser = Recogniser(catalogue)
    best = 0.0
    for _ in range(rounds + 1):
        began = time.perf_counter()
        for _recognised in recogniser.recognise_all(texts):
            pass
        best = max(best, len(texts) / (time.perf_counter() - began))
    return best


def medspacy(wordings: list[str], texts: list[str]) -> float:
    """Narratives a second of medspaCy with the sentencizer."""
    found = run_peer("speed", {"engine": PEER, "phrases": wordings, "texts": texts, "rounds": 2})
    return len(texts) / float(found["seconds"])


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wp-alike-") as folder:
        generate(Path(folder), reports=options.reports, files="parquet")
        narratives = pq.read_table(Path(folder) / "extract.parquet", columns=["Narrative"])[
            "Narrative"
        ].to_pylist()
    texts = list(dict.fromkeys(narratives))
    catalogue = load_default()
    strings = plain_strings(catalogue)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {len(texts):,} narratives\n"
    )
    print("| wordings | ours, narratives/s | medspaCy with the sentencizer | times |")
    print("| --- | --- | --- | --- |")
    for name, own, theirs in (
        ("2,000 plain", with_phrases(2000), phrases(2000)),
        (f"the catalogue ({len(strings):,} plain strings of it for medspaCy)", catalogue, strings),
    ):
        one, other = ours(own, texts), medspacy(theirs, texts[:1500])
        print(f"| {name} | {one:,.0f} | {other:,.1f} | {one / other:.1f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
