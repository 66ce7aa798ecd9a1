"""The people of each part's reports put beside them, whichever file and row they came from; and those whose report is nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

import pyarrow as pa

from wholepicture.bulk.folder import Folder, told, write_table
from wholepicture.bulk.reading import PEOPLE
from wholepicture.bulk.tables import connect, glob, single

_PATH = "regexp_extract(filename, '([^/]+)\\.parquet$', 1)"


def align(folder: Folder, parts: list[str]) -> int:
    """Write, for each part of reports, the people in them; returns how many people's report is nowhere.

    ``parts``: those to be written. People read before whose part is written already stay as they are, unless new rows name
    reports of that part; then it is written anew and what was recognised in it is done again.
    """
    with told(folder.path), connect(folder) as db:
        reports, rows = glob(folder, "reports"), glob(folder, "rows")
        db.execute(
            f"CREATE TABLE whose AS SELECT report, min({_PATH}) AS part FROM read_parquet('{reports}', filename=true) GROUP BY report"
        )
        db.execute("CREATE TABLE wanted (part VARCHAR)")
        db.executemany("INSERT INTO wanted VALUES (?)", [[p] for p in parts] or [[""]])
        # Rows that came with these parts may name reports of older ones.
        touched = db.execute(
            f"""SELECT DISTINCT whose.part FROM read_parquet('{rows}', filename=true) r JOIN whose USING (report)
                WHERE {_PATH.replace("filename", "r.filename")} IN (SELECT part FROM wanted) AND whose.part NOT IN (SELECT part FROM wanted)"""
        ).fetchall()
        for (part,) in touched:
            db.execute("INSERT INTO wanted VALUES (?)", [part])
            for stage in ("findings", "observed"):
                folder.part(stage, part).unlink(missing_ok=True)
        names = ", ".join(f"r.{n}" for n in PEOPLE.names)
        stream = db.sql(
            f"""SELECT whose.part AS part, {names} FROM read_parquet('{rows}') r JOIN whose USING (report)
                WHERE whose.part IN (SELECT part FROM wanted) ORDER BY whose.part, r.mention"""
        ).to_arrow_reader(50_000)
        found = set(_written(folder, stream))
        empty = pa.Table.from_pylist([], schema=PEOPLE)
        for part in {*parts, *(p for (p,) in touched)} - found:
            write_table(folder.part("people", part), empty)
        nowhere = single(db, f"SELECT count(*) FROM read_parquet('{rows}') r ANTI JOIN whose USING (report)")
    return int(nowhere)


def _written(folder: Folder, stream: Iterable[pa.RecordBatch]) -> Iterator[str]:
    """Write each part's rows, which come together; yields the parts written."""
    held: list[pa.Table] = []
    current = ""
    for batch in stream:
        names = batch.column("part").to_pylist()
        begin = 0
        for name, run in groupby(enumerate(names), key=itemgetter(1)):
            length = sum(1 for _ in run)
            piece = pa.Table.from_batches([batch.slice(begin, length)]).drop_columns(["part"])
            begin += length
            if name != current and held:
                write_table(folder.part("people", current), pa.concat_tables(held).cast(PEOPLE))
                yield current
                held = []
            current = name
            held.append(piece)
    if held:
        write_table(folder.part("people", current), pa.concat_tables(held).cast(PEOPLE))
        yield current
