"""Narratives a second, ours beside medspaCy and negspaCy, on one core, in one run.

    .venv/bin/python benchmarks/recognition/throughput.py [--json]

Real text is the Boston field contacts in ../shared (where present); generated text is made here. The phrases are plain
wordings (phrases.txt), 500 and 2,000 of them, the same for every engine. Ours runs with everything on: participants,
context, controls and experiencer; "catalogue" is ours with the whole catalogue that ships. Every engine's process keeps its
rules out of the garbage collector's rounds, as a long-running worker does (settled.py). "ours" is compiled where that can be
done (scripts/compile, as `make bulk` does), as medspaCy's and negspaCy's spaCy is; "ours, from source" is the same without.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import random
import resource
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from peers import ROOT, run_peer  # type: ignore[import-not-found]
from settled import settle  # type: ignore[import-not-found]

from wholepicture.core import recognition
from wholepicture.core.compiled import home
from wholepicture.core.practice import Catalogue, Concept, Kind, Phrase, load_default
from wholepicture.core.recognition import Recogniser

BOSTON = ROOT.parent / "shared" / "data" / "boston_fio" / "development.jsonl"
ENGINES = {"medspacy_default": 150, "medspacy_sentencizer": 1500, "negspacy": 2000}
PIECES = (
    "Officers attended {a} following a report from {b}.",
    "{b} stated that {c} had been at the address earlier in the evening.",
    "There were no injuries seen.",
    "{b} said that {d}.",
    "Checks were completed on the systems.",
    "{b} denies {e}.",
    "The occupant let officers into the front room and the kitchen.",
    "It is not known where {c} went afterwards.",
    "A neighbour heard raised voices at about {t} hours.",
    "{b} was given words of advice and a leaflet.",
    "Two years ago {b} {d}.",
    "Body worn video was activated throughout.",
    "The vehicle was parked outside on the drive.",
    "{b} may be {e}.",
)


def phrases(count: int) -> list[str]:
    """The first so many of 2,000 plain wordings of an early catalogue, in a fixed order, so that runs over the years compare."""
    return (Path(__file__).parent / "phrases.txt").read_text("utf-8").splitlines()[:count]


def with_phrases(count: int) -> Catalogue:
    """The catalogue's own context and roles, with just these phrases as its concepts."""
    base = load_default()
    model = next(iter(base.of_kind(Kind.FACTOR)))
    concepts: dict[str, Concept] = {}
    for n, wording in enumerate(phrases(count)):
        kind = (Kind.FACTOR, Kind.FEATURE, Kind.CONTROL)[n % 3]
        name = f"c{n}"
        state = {Kind.CONTROL: "holding"}.get(kind, "present")
        concepts[name] = replace(
            model,
            id=name,
            kind=kind,
            name=wording,
            phrases=(Phrase(wording, type(base.of_kind(Kind.FACTOR)[0].phrases[0].state)(state)),),
            not_phrases=(),
            ages=None,
        )
    return replace(base, concepts=concepts, pathways={}, hash=f"bench{count}")


def generated(count: int, seed: int = 7) -> list[str]:
    """Narratives of about 100 words, made of everyday sentences and catalogue wordings."""
    rng = random.Random(seed)
    wordings = phrases(2000)
    texts = []
    for _ in range(count):
        parts: list[str] = []
        while sum(len(p.split()) for p in parts) < 100:
            parts.append(
                rng.choice(PIECES).format(
                    a=f"{rng.randint(1, 99)} {rng.choice(('Mill', 'Park', 'Station', 'High'))} Street",
                    b=rng.choice(("IP", "the victim", "the caller", "she", "he")),
                    c=rng.choice(("her ex partner", "the suspect", "his brother", "a male")),
                    d=rng.choice(wordings) if rng.random() < 0.5 else "nothing further happened",
                    e=rng.choice(wordings) if rng.random() < 0.4 else "any involvement",
                    t=rng.randint(1000, 2359),
                )
            )
        texts.append(" ".join(parts))
    return texts


def _ours(catalogue_size: int, texts: list[str], rounds: int) -> dict[str, Any]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    recogniser = Recogniser(with_phrases(catalogue_size) if catalogue_size else load_default())
    for text in texts[:200]:
        recogniser.recognise(text)
    settle()
    best = 1e9
    for _ in range(rounds):
        start = time.perf_counter()
        found = sum(len(recognised.findings) for recognised in recogniser.recognise_all(texts))
        best = min(best, time.perf_counter() - start)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": best, "found": found, "mb": (after - before) // 1024, "peak_mb": after // 1024}


def ours(size: int, texts: list[str], rounds: int = 3, *, from_source: bool = False) -> dict[str, Any]:
    """Ours, in a fresh process so that memory is its own."""
    context = multiprocessing.get_context("spawn")
    os.environ["WHOLEPICTURE_COMPILED"] = "0" if from_source else "1"
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(_ours, size, texts, rounds).result()


def rate(result: dict[str, Any], texts: list[str]) -> dict[str, Any]:
    """Rates from seconds."""
    size = sum(len(t.encode()) for t in texts) / 1e6
    return {
        "narratives_per_s": round(len(texts) / result["seconds"]),
        "mb_per_s": round(size / result["seconds"], 2),
        "memory_mb": result["peak_mb"],
        "found": round(result["found"] / len(texts), 2),
    }


def main() -> int:
    """Run everything and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--ours-only", action="store_true", help="leave the peers out (for development)")
    options = parser.parse_args()
    subprocess.run([str(ROOT / "scripts" / "compile")], check=False)
    compiled = (home(Path(recognition.__file__).parent) / "modules").is_dir()
    texts = {"generated": generated(5000)}
    if BOSTON.exists():
        texts["boston"] = [json.loads(line)["text"] for line in BOSTON.read_text("utf-8").splitlines()]
    rows: list[dict[str, Any]] = []
    for name, listed in texts.items():
        rows.append({"engine": "ours", "text": name, "phrases": "catalogue", **rate(ours(0, listed), listed)})
        for size in (500, 2000):
            rows.append({"engine": "ours", "text": name, "phrases": size, **rate(ours(size, listed), listed)})
            if compiled:
                source = ours(size, listed, from_source=True)
                rows.append(
                    {"engine": "ours, from source", "text": name, "phrases": size, **rate(source, listed)}
                )
            for engine, most in {} if options.ours_only else ENGINES.items():
                part = listed[:most]
                peer = run_peer(
                    "speed", {"engine": engine, "phrases": phrases(size), "texts": part, "rounds": 2}
                )
                rows.append({"engine": engine, "text": name, "phrases": size, **rate(peer, part)})
    linear = []
    for repeat in (1, 10, 100):
        whole = [" ".join(texts["generated"][:repeat])] * max(1, 200 // repeat)
        result = ours(0, whole, 1)
        linear.append(
            {
                "characters": len(whole[0]),
                "microseconds_per_1000_characters": round(result["seconds"] * 1e9 / sum(map(len, whole)), 1),
            }
        )
    ratio = {e: _worst(rows, e) for e in ENGINES} if not options.ours_only else {}
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ours {'compiled' if compiled else 'from source'}"
    if options.json:
        print(
            json.dumps(
                {"machine": machine, "compiled": compiled, "rows": rows, "linear": linear, "ratio": ratio}
            )
        )
        return 0
    print(
        f"{machine}\n\n| engine | text | phrases | narratives/s | MB/s | memory MB | found a text |\n| --- | --- | --- | --- | --- | --- | --- |"
    )
    for row in rows:
        print(
            "| "
            + " | ".join(
                str(row[k])
                for k in ("engine", "text", "phrases", "narratives_per_s", "mb_per_s", "memory_mb", "found")
            )
            + " |"
        )
    print("\n| text length, characters | microseconds a 1,000 characters |\n| --- | --- |")
    for row in linear:
        print(f"| {row['characters']:,} | {row['microseconds_per_1000_characters']} |")
    for engine, value in ratio.items():
        print(f"\nours / {engine}: {value} times (the lowest of the four cells)")
    return 0


def _worst(rows: list[dict[str, Any]], engine: str) -> float:
    """The lowest ratio over texts and phrase counts."""
    speed = {(r["engine"], r["text"], r["phrases"]): r["narratives_per_s"] for r in rows}
    return round(min(speed["ours", t, p] / s for (e, t, p), s in speed.items() if e == engine), 1)


if __name__ == "__main__":
    sys.exit(main())
