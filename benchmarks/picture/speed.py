"""Pictures a second on one core, and how it grows with pathways and with observations.

.venv/bin/python benchmarks/picture/speed.py [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from wholepicture.core.picture import Observation, draw, questions
from wholepicture.core.practice import STATES, Catalogue, load_default

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def observations(count: int, seed: int = 3) -> list[Observation]:
    """So many observations of one person, over three years."""
    rng = random.Random(seed)
    concepts = [c for c in load_default().concepts.values() if c.kind in STATES]
    found = []
    for n in range(count):
        concept = rng.choice(concepts)
        at = NOW - timedelta(days=rng.randint(0, 1000))
        found.append(Observation(str(n), "p", concept.id, rng.choice(STATES[concept.kind]), at, at))
    return found


def with_pathways(times: int) -> Catalogue:
    """The catalogue with every pathway copied so many times."""
    base = load_default()
    copies = {
        f"{p.id}-{n}": replace(p, id=f"{p.id}-{n}") for p in base.pathways.values() for n in range(times)
    }
    return replace(base, pathways=copies, hash=f"times{times}")


def microseconds(catalogue: Catalogue, count: int, rounds: int = 300) -> float:
    """The median time of one picture, of another person each time: what the same states gave before is kept."""
    draw(catalogue, observations(count), at=NOW)
    times = []
    for person in range(rounds):
        items = observations(count, 1_000 + person)
        start = time.perf_counter()
        draw(catalogue, items, at=NOW)
        times.append(time.perf_counter() - start)
    return sorted(times)[rounds // 2] * 1e6


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = []
    for pathways, count in ((1, 10), (1, 100), (1, 1000), (10, 100)):
        catalogue = with_pathways(pathways)
        taken = microseconds(catalogue, count)
        rows.append(
            {
                "pathways": len(catalogue.pathways),
                "observations": count,
                "microseconds": round(taken),
                "pictures_per_s": round(1e6 / taken),
            }
        )
    picture = draw(load_default(), observations(100), at=NOW)
    start = time.perf_counter()
    for _ in range(50):
        questions(load_default(), picture)
    lens = (time.perf_counter() - start) / 50 * 1e6
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    if options.json:
        print(json.dumps({"machine": machine, "rows": rows, "lens_microseconds": round(lens)}))
        return 0
    print(
        f"{machine}\n\n| pathways | observations | microseconds a picture | pictures/s |\n| --- | --- | --- | --- |"
    )
    for row in rows:
        print(
            f"| {row['pathways']} | {row['observations']} | {row['microseconds']} | {row['pictures_per_s']:,} |"
        )
    print(f"\nThe lens on 100 observations: {lens:.0f} microseconds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
