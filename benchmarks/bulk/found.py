"""Whether a run finds whom the generator planted: people with a life course against people without one.

    python -m benchmarks.bulk.found [--reports 100000]

A planted person has one of the generator's life courses and is the main person of two reports or more, so that there is something to find. A sign comes by
chance to one in seven of the others' reports too: those are really written, and to find them is no mistake.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks.bulk.whole import TODAY
from wholepicture.bulk import running
from wholepicture.bulk.generating import generate

# What each life course is meant to lead to: pathways of these strands.
STRANDS = {
    "partner": ("domestic-abuse", "stalking-and-harassment"),
    "child": ("child-abuse",),
    "exploited": ("child-criminal-exploitation", "child-sexual-exploitation", "missing"),
    "older": ("adults-at-risk", "fraud", "self-neglect"),
    "mind": ("mental-health", "suicide-and-self-harm"),
}


def main() -> int:
    """Measure and print."""
    from wholepicture.core.practice import load_default

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="wp-found-"))
    generate(folder / "extract", reports=options.reports, files="parquet")
    running.run(
        [str(folder / "extract" / "extract.parquet")],
        folder / "run",
        cores=os.cpu_count() or 1,
        today=TODAY,
        synthetic=True,
    )
    db = duckdb.connect()
    db.execute("CREATE TABLE strand (pathway VARCHAR, strand VARCHAR)")
    db.executemany(
        "INSERT INTO strand VALUES (?, ?)",
        [(p.id, s) for p in load_default().pathways.values() for s in p.strands],
    )
    db.execute("CREATE TABLE meant (course VARCHAR, strand VARCHAR)")
    db.executemany("INSERT INTO meant VALUES (?, ?)", [(c, s) for c, of in STRANDS.items() for s in of])
    out, truth = folder / "run", folder / "extract" / "truth.parquet"
    # The real person of each linked one: whoever most of its mentions are of. The first row of a report is its main person.
    db.execute(
        f"""CREATE TABLE really AS SELECT l.person AS found, mode(t.person) AS really
            FROM '{out}/linked/people.parquet' l JOIN '{truth}' t ON l.mention = format('000-{{:09d}}', t."row") GROUP BY l.person"""
    )
    db.execute(
        f"""CREATE TABLE planted AS SELECT person, course, count(*) AS told FROM (
              SELECT person, course, row_number() OVER (PARTITION BY report ORDER BY "row") AS nth FROM '{truth}') WHERE nth = 1
            GROUP BY person, course HAVING count(*) >= 2"""
    )
    db.execute(
        f"""CREATE TABLE shown AS SELECT really, unnest(open || unguarded) AS pathway, only_together
            FROM '{out}/surfaced/*.parquet' s JOIN really ON found = s.person"""
    )
    rows = db.execute(
        """SELECT course, count(*), count(*) FILTER (any_way), count(*) FILTER (meant_way), count(*) FILTER (hidden) FROM (
             SELECT p.person, p.course,
               p.person IN (SELECT really FROM shown) AS any_way,
               (p.person, p.course) IN (SELECT (really, course) FROM shown JOIN strand USING (pathway) JOIN meant USING (strand)) AS meant_way,
               p.person IN (SELECT really FROM shown WHERE len(only_together) > 0) AS hidden
             FROM planted p) GROUP BY course ORDER BY course = '', course"""
    ).fetchall()
    print(f"{platform.machine()}, {os.cpu_count()} cores, {options.reports:,} reports\n")
    print(
        "| planted | people told of twice or more | something open | of the strands meant | hidden |\n| --- | --- | --- | --- | --- |"
    )
    for course, n, way, meant, hidden in rows:
        of = f"{meant / n:.0%}" if course else ""
        print(f"| {course or 'nothing'} | {n:,} | {way / n:.0%} | {of} | {hidden / n:.0%} |")
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
