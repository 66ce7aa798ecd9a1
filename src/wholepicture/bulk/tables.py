"""A run's parts asked through DuckDB."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from wholepicture.bulk.folder import Folder

NEXT = "', '"


def connect(folder: Folder) -> duckdb.DuckDBPyConnection:
    """A DuckDB of the run's own, which spills into its folder."""
    spill = folder.path / "spill.tmp"
    found = duckdb.connect(config={"temp_directory": str(spill), "preserve_insertion_order": "true"})
    found.execute("SET enable_progress_bar = false")
    return found


def single(db: duckdb.DuckDBPyConnection, question: str) -> Any:
    """The one value that a question has."""
    # All is fetched: a result that is not read to its end holds the connection.
    return db.execute(question).fetchall()[0][0]


def glob(folder: Folder, stage: str) -> str:
    """A stage's parts, as DuckDB is told of them within quotes."""
    return f"{_plain(folder.path / stage)}/*.parquet"


def parts_of(paths: Iterable[Path], *, filename: bool = False) -> str:
    """Some parts as a table of DuckDB's; with ``filename``, which part each row is of."""
    return f"read_parquet(['{NEXT.join(map(_plain, paths))}']{', filename=true' if filename else ''})"


def quoted(value: object) -> str:
    """A text of SQL's."""
    return "'" + str(value).replace("'", "''") + "'"


def _plain(path: Path) -> str:
    """A path, to stand within quotes where DuckDB reads patterns: no letter of it means anything else."""
    return re.sub(r"([\[*?])", r"[\1]", str(path)).replace("'", "''")
