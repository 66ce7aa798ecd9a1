"""A whole run at three sizes, stage by stage, with medspaCy on the same narratives in the same run; then one part in a hundred more.

    python -m benchmarks.bulk.whole [--sizes 10000 100000 1000000]

Seconds are wall time over all cores. Memory is the most that the process of the run held (resident); what a screening process holds is
measured by benchmarks.bulk.memory. The extract is the generator's: its
narratives have some 85 words. Ours reads with the whole catalogue. medspaCy runs on one core with its sentencizer, first with the same
catalogue (its plain strings as literals, what else it has as the expressions that target rules take), then with 2,000 plain strings only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.bulk import alike
from benchmarks.recognition.throughput import phrases
from wholepicture.bulk import running
from wholepicture.bulk.generating import generate
from wholepicture.core.practice import load_default

STAGES = ("_read", "_align", "_screen", "_link", "_surface")
TODAY = date(2026, 11, 26)


def measured(extracts: list[str], out: str, cores: int) -> dict[str, Any]:
    """One run in a process of its own: seconds by stage, and its memory."""
    seconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[Any], None]) -> Callable[[Any], None]:
        def go(run: Any) -> None:
            began = time.perf_counter()
            work(run)
            seconds[name.strip("_")] = round(time.perf_counter() - began, 1)

        return go

    for name in STAGES:
        setattr(running, name, timed(name, getattr(running, name)))
    began = time.perf_counter()
    running.run(extracts, Path(out), cores=cores, today=TODAY, synthetic=True)
    seconds["all"] = round(time.perf_counter() - began, 1)
    return {
        "seconds": seconds,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


class _Daemonless:
    """Pools may not begin processes; a plain process may."""

    def __init__(self, call: Callable[..., Any], *arguments: Any) -> None:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_told, args=(theirs, call, arguments))
        process.start()
        self.found = ours.recv()
        process.join()


def _told(pipe: Any, call: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    pipe.send(call(*arguments))


def medspacy(extract: Path) -> tuple[float, float]:
    """Narratives a second of medspaCy with the sentencizer, on one core: with the whole catalogue, and with 2,000 plain strings."""
    texts = pq.ParquetFile(extract).read_row_group(0, columns=["Narrative"])["Narrative"].to_pylist()
    return alike.medspacy(*alike.rules(load_default()), texts[:200]).speed, alike.medspacy(
        phrases(2000), [], texts[:3000]
    ).speed


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, default=None)
    options = parser.parse_args()
    cores = os.cpu_count() or 1
    folder = options.folder or Path(tempfile.mkdtemp(prefix="wp-bulk-"))
    rows: list[dict[str, Any]] = []
    for size in options.sizes:
        people = generate(folder / str(size), reports=size, files="parquet")["people"]
        extract = folder / str(size) / "extract.parquet"
        rows.append(
            {
                "reports": size,
                "what": "all of it",
                **_Daemonless(measured, [str(extract)], str(folder / f"run{size}"), cores).found,
            }
        )
        print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
        if size == max(options.sizes):
            generate(folder / "more", reports=size // 100, files="parquet", first=size, people=people)
            more = folder / "more" / "december.parquet"
            (folder / "more" / "extract.parquet").rename(more)
            found = _Daemonless(measured, [str(extract), str(more)], str(folder / f"run{size}"), cores).found
            rows.append({"reports": size // 100, "what": "1% more", **found})
            peers = medspacy(extract)
    print(f"{platform.machine()}, {cores} cores, Python {platform.python_version()}\n")
    print(
        "| reports | | read | put together | screen | narratives/s a core | link | surface | all, s | most MB |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for row in rows:
        s = row["seconds"]
        rate = round(row["reports"] / max(s["screen"], 0.1) / cores)
        print(
            f"| {row['reports']:,} | {row['what']} | {s['read']} | {s['align']} | {s['screen']} | {rate:,} | {s['link']} | {s['surface']} | {s['all']} | {row['mb']:,} |"
        )
    largest = next(r for r in rows if r["reports"] == max(options.sizes))
    ours = largest["reports"] / largest["seconds"]["screen"] / cores
    print(
        f"\nOurs a core, the whole catalogue: {ours:,.0f} narratives/s. medspaCy with the sentencizer, one core:"
    )
    print(f"the same catalogue {peers[0]:,.1f}, so that ours is {ours / peers[0]:.0f} times as fast;")
    print(f"2,000 plain strings only {peers[1]:,.0f}, {ours / peers[1]:.1f} times.")
    more_s = rows[-1]["seconds"]["all"]
    print(f"1% more rows: {more_s} s, {100 * more_s / largest['seconds']['all']:.1f}% of the whole run.")
    if options.folder is None:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
