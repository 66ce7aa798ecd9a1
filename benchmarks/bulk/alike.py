"""Screening's narratives read with the same wordings on both sides: ours and medspaCy with the sentencizer, one core each, in one run.

    python -m benchmarks.bulk.alike [--reports 20000]

First with the 2,000 plain wordings of the recognition benchmark. Then with the catalogue, twice: medspaCy is given every plain string
of it alone (no gaps, no word beginnings, none of the phrases that an expression settles), and then those too, as the regular
expressions that its target rules take: the same catalogue on both sides. Ours reads the whole each time, and says besides whose it
is and what is said of the services, which medspaCy is not asked for.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.recognition.peers import run_peer
from benchmarks.recognition.throughput import phrases, with_phrases
from wholepicture.bulk.generating import generate
from wholepicture.core.practice import Catalogue, Kind, load_default
from wholepicture.core.recognition import Recogniser
from wholepicture.core.recognition.phrases import compile_phrase

PEER = "medspacy_sentencizer"


@dataclass(frozen=True)
class Read:
    """How an engine read the narratives: how many a second, and how much it found in one."""

    speed: float
    found: float


def rules(catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """The catalogue's phrases as medspaCy takes them: every plain string, and an expression for each phrase that is more than such."""
    plain: dict[str, None] = {}
    expressions: dict[str, None] = {}
    for concept in catalogue.concepts.values():
        if concept.kind is Kind.ACTION:
            continue
        for phrase in concept.phrases:
            compiled = compile_phrase(phrase.text, catalogue.words, catalogue.patterns)
            if compiled.expression is not None:
                expressions[compiled.expression] = None
                continue
            plain.update(dict.fromkeys(s for s in compiled.strings if not s.endswith("*")))
            begun = [re.escape(s[:-1]) for s in compiled.strings if s.endswith("*")]
            if begun:
                expressions[rf"(?<![a-z0-9])(?:{'|'.join(begun)})[a-z0-9']*"] = None
    return list(plain), list(expressions)


def ours(catalogue: Catalogue, texts: list[str], rounds: int = 3) -> Read:
    """Ours on one core, the best of some rounds."""
    recogniser = Recogniser(catalogue)
    best = 0.0
    for _ in range(rounds + 1):
        began = time.perf_counter()
        found = sum(len(recognised.findings) for recognised in recogniser.recognise_all(texts))
        best = max(best, len(texts) / (time.perf_counter() - began))
    return Read(best, found / len(texts))


def medspacy(wordings: list[str], expressions: list[str], texts: list[str]) -> Read:
    """MedspaCy with the sentencizer."""
    given = {"engine": PEER, "phrases": wordings, "expressions": expressions, "texts": texts, "rounds": 2}
    found = run_peer("speed", given)
    return Read(len(texts) / float(found["seconds"]), found["found"] / len(texts))


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
    strings, expressions = rules(catalogue)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {len(texts):,} narratives\n"
    )
    print(
        "| wordings | ours, narratives/s | medspaCy with the sentencizer | times | found a text, ours | medspaCy |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    for name, own, theirs, besides, few in (
        ("2,000 plain", with_phrases(2000), phrases(2000), [], texts[:1500]),
        (
            f"the catalogue; {len(strings):,} plain strings of it for medspaCy",
            catalogue,
            strings,
            [],
            texts[:1500],
        ),
        (
            f"the catalogue; those and its {len(expressions):,} expressions for medspaCy",
            catalogue,
            strings,
            expressions,
            texts[:200],
        ),
    ):
        one, other = ours(own, texts), medspacy(theirs, besides, few)
        times = one.speed / other.speed
        print(
            f"| {name} | {one.speed:,.0f} | {other.speed:,.1f} | {times:.1f} | {one.found:.2f} | {other.found:.2f} |",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
