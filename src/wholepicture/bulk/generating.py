"""Synthetic force data of any size, streamed and seeded.

Everybody is made up. The truth goes beside it: which rows are one person, and what each one's life course is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from wholepicture.bulk.folder import told
from wholepicture.bulk.inventing import HOUSEHOLD, report

COLUMNS = (
    "Incident No",
    "Date",
    "Recorded",
    "Role",
    "Forename",
    "Surname",
    "DOB",
    "Telephone",
    "Address",
    "Sex",
    "Ethnicity",
    "Narrative",
)
TRUTH = pa.schema(
    [("report", pa.string()), ("row", pa.int64()), ("person", pa.int64()), ("course", pa.string())]
)
_A_CHUNK = 5_000


def generate(
    folder: Path, *, reports: int, seed: int = 1, files: str = "csv", first: int = 0, people: int = 0
) -> dict[str, int]:
    """Write an extract of so many reports, and the truth beside it; returns how many rows and people there are.

    ``files``: "csv" or "parquet". ``first`` and ``people``: go on from a report's number among so many people, as a later month does. The same seed gives the same bytes. Nothing grows with the number of reports but the files.
    """
    people = people or max(HOUSEHOLD, int(reports * 0.9) // HOUSEHOLD * HOUSEHOLD)
    counted = {"reports": reports, "rows": 0, "people": people}
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        truth = pq.ParquetWriter(folder / "truth.parquet", TRUTH)
        text = pa.schema([(c, pa.string()) for c in COLUMNS])
        extract = (
            pq.ParquetWriter(folder / "extract.parquet", text)
            if files == "parquet"
            else pa_csv.CSVWriter(str(folder / "extract.csv"), text)
        )
        with truth, extract:
            for rows, known in _chunks(range(first, first + reports), people, seed):
                extract.write_table(pa.Table.from_pylist(rows, schema=text))
                truth.write_table(
                    pa.Table.from_pylist(
                        [{**k, "row": counted["rows"] + n} for n, k in enumerate(known, 1)], schema=TRUTH
                    )
                )
                counted["rows"] += len(rows)
    return counted


def _chunks(
    reports: range, people: int, seed: int
) -> Iterator[tuple[list[dict[str, str]], list[dict[str, object]]]]:
    rows: list[dict[str, str]] = []
    known: list[dict[str, object]] = []
    for number in reports:
        for row, who in report(number, people, seed):
            rows.append(row)
            known.append({"report": row["Incident No"], "person": who.number, "course": who.course})
        if len(rows) >= _A_CHUNK:
            yield rows, known
            rows, known = [], []
    yield rows, known
