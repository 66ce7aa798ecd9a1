"""The fourth stage: each person's cumulative picture, and what no report alone would show. Ranked by open pathways and harm, in words."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wholepicture.bulk.folder import Folder, told, write_table
from wholepicture.bulk.reading import Say
from wholepicture.bulk.screening import UNDATED, harmed
from wholepicture.bulk.tables import connect, glob, quoted
from wholepicture.bulk.working import Each
from wholepicture.core.picture import Observation, PathwayState, Why, draw
from wholepicture.core.picture.pattern import Report, read_together
from wholepicture.core.practice import Catalogue, Kind, State, load_default

BUCKETS, FEW = 64, 1_000
# Every column: two rows that differ at all have one order.
ORDER = (
    "person",
    "happened",
    "recorded",
    "report",
    "number",
    "concept",
    "rule",
    "role",
    "state",
    "why",
    "evidence",
    "ends_on",
)
_IDS = pa.list_(pa.string())
SURFACED = pa.schema(
    [
        ("person", pa.string()),
        ("reports", pa.int32()),
        ("in_last_year", pa.int32()),
        ("in_year_before", pa.int32()),
        ("open", _IDS),
        ("unguarded", _IDS),
        ("worst", pa.int32()),
        ("only_together", _IDS),
        ("again", _IDS),
        ("failing", _IDS),
        ("held", _IDS),
        ("first", pa.date32()),
        ("last", pa.date32()),
        ("of", _IDS),
    ]
)


def group(folder: Folder, *, only: Sequence[str] | None = None) -> list[str]:
    """What was observed of each person, put together bucket by bucket; returns the buckets. ``only``: these people alone."""
    target = folder.path / "grouped"
    with told(folder.path), connect(folder) as db:
        rough = folder.path / "grouped.tmp"
        shutil.rmtree(rough, ignore_errors=True)
        db.execute(
            f"CREATE TABLE linked AS SELECT mention, person FROM read_parquet('{glob(folder, 'linked')}')"
        )
        observed = f"read_parquet('{glob(folder, 'observed')}')"
        told_of = f"SELECT coalesce(linked.person, 'W' || who) AS person, o.* EXCLUDE (who) FROM {observed} o LEFT JOIN linked ON linked.mention = who"
        if only is not None:
            db.execute("CREATE TABLE only_these (person VARCHAR)")
            db.register("asked", pa.table({"person": list(only)}))
            db.execute("INSERT INTO only_these SELECT person FROM asked")
            # Few of many: whom they are is settled first, so that the rest need not be joined.
            db.execute(
                """CREATE TABLE theirs AS SELECT mention, person FROM linked WHERE person IN (FROM only_these)
                   UNION ALL SELECT substr(person, 2), person FROM only_these WHERE person LIKE 'W%'
                   AND substr(person, 2) NOT IN (SELECT mention FROM linked)"""
            )
            told_of = f"SELECT theirs.person, o.* EXCLUDE (who) FROM {observed} o JOIN theirs ON theirs.mention = who"
        # Of few people, few buckets: each is a file to open and one to write.
        buckets = BUCKETS if only is None else min(BUCKETS, 2 + len(only) // FEW)
        db.execute(
            f"""COPY (SELECT *, ('0x' || left(md5(person), 8))::UINTEGER % {buckets} AS bucket FROM ({told_of}))
                TO {quoted(rough)} (FORMAT parquet, PARTITION_BY (bucket), COMPRESSION zstd)"""
        )
        shutil.rmtree(target, ignore_errors=True)
        rough.rename(target)
    return sorted((p.name.partition("=")[2] for p in target.iterdir()), key=int)


def left_of(folder: Folder, buckets: Sequence[str], run: int) -> list[tuple[str, str]]:
    """Buckets that are still to be drawn, each with the part it becomes. ``run``: counts additions to a run."""
    if not buckets:
        write_table(folder.part("surfaced", f"{run:04d}-00"), pa.Table.from_pylist([], schema=SURFACED))
    names = [(b, f"{run:04d}-{int(b):02d}") for b in buckets]
    return [(b, n) for b, n in names if not folder.part("surfaced", n).exists()]


def surface(
    folder: Folder, buckets: Sequence[tuple[str, str]], *, at: datetime, each: Each, say: Say
) -> None:
    """Draw everybody of the buckets, over several processes; each bucket is written when it is done, and made once."""
    done = 0
    with told(folder.path):
        for people in each(bucket, [(folder.path, number, name, at) for number, name in buckets]):
            done += people
            say(done)


def bucket(root: Path, number: str, name: str, at: datetime) -> int:
    """Everybody of one bucket; returns how many."""
    folder = Folder(root)
    table = pq.read_table(root / "grouped" / f"bucket={number}")
    order = [(c, "ascending") for c in ORDER]
    rows = list(surfaced(_rows(table.sort_by(order)), at))
    write_table(folder.part("surfaced", name), pa.Table.from_pylist(rows, schema=SURFACED))
    return len(rows)


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """A table's rows, as ``to_pylist`` has them and three times as fast: what stands in many rows is made once."""
    names = table.column_names
    return (dict(zip(names, row, strict=True)) for row in zip(*map(_values, table.columns), strict=True))


def _values(column: pa.ChunkedArray) -> list[Any]:
    encoded = column.dictionary_encode().combine_chunks()
    values = [*encoded.dictionary.to_pylist(), None]
    return [values[i] for i in encoded.indices.fill_null(-1).to_pylist()]


def surfaced(rows: Iterable[dict[str, Any]], at: datetime) -> Iterator[dict[str, Any]]:
    """One row a person, of their observations in order. Pure: the same rows give the same."""
    catalogue = load_default()
    controls = {c.id for c in catalogue.of_kind(Kind.CONTROL)}
    for person, own in groupby(rows, key=itemgetter("person")):
        yield _person(catalogue, controls, person, list(own), at)


def _person(
    catalogue: Catalogue, controls: set[str], person: str, rows: list[dict[str, Any]], at: datetime
) -> dict[str, Any]:
    reports = [_report(list(told_of)) for _, told_of in groupby(rows, key=itemgetter("report"))]
    if len(reports) == 1:
        picture = draw(catalogue, reports[0].observations, at=at)
        only: tuple[str, ...] = ()
        again: tuple[str, ...] = ()
        recent = before = 0
        if (at - reports[0].happened_at).days < 365:
            recent = 1
    else:
        picture, pattern = read_together(catalogue, reports, at=at)
        only = tuple(r.pathway.id for r in pattern.only_together)
        again = tuple(f"{c} {n}" for c, n in pattern.again if c not in controls)
        recent, before = pattern.in_last_year, pattern.in_year_before
    days = [r.happened_at.date() for r in reports if r.happened_at != UNDATED]
    shut = picture.by_state(PathwayState.OPEN)
    loose = picture.by_state(PathwayState.UNGUARDED)
    return {
        "person": person,
        "reports": len(reports),
        "in_last_year": recent,
        "in_year_before": before,
        "open": [r.pathway.id for r in shut],
        "unguarded": [r.pathway.id for r in loose],
        "worst": max((r.severity for r in (*shut, *loose)), default=0),
        "only_together": list(only),
        "again": list(again),
        "failing": _failing(reports, controls),
        "held": [c for c, h in picture.held.items() if c not in controls and h.state in _SEEN],
        "first": days[0] if days else None,
        "last": days[-1] if days else None,
        "of": [r.id for r in reports],
    }


_STATES = {state.value: state for state in State}
_SEEN = (State.PRESENT, State.SUFFERED, State.THREATENED)


def _failing(reports: Sequence[Report], controls: set[str]) -> list[str]:
    """Controls that failed in two reports or more, the commonest first."""
    counts = Counter(
        c
        for r in reports
        for c in {o.concept for o in r.observations if o.concept in controls and o.state is State.FAILED}
    )
    return [f"{c} {n}" for c, n in sorted(counts.items(), key=lambda x: (-x[1], x[0])) if n > 1]


def _report(rows: Sequence[dict[str, Any]]) -> Report:
    first = rows[0]
    happened, recorded = first["happened"], first["recorded"]
    return Report(
        first["report"],
        happened,
        recorded,
        tuple(
            Observation(
                f"{first['report']} {row['number']}",
                "p",
                row["concept"],
                _STATES[row["state"]],
                happened,
                recorded,
                row["evidence"],
                "",
                row["rule"],
                Why(row["why"]) if row["why"] else None,
                row["ends_on"],
            )
            for row in rows
        ),
        any(harmed(row["role"]) for row in rows),
    )
