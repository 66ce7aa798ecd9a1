"""Rows of an extract, streamed: CSV, Parquet, JSON Lines, or a table of a database. A row that cannot be read says why, and the rest go on."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from wholepicture.bulk.columns import BulkError

LONGEST_FIELD = 50_000_000
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number (the first after the header is 1), its values as text; or, where it cannot be read, why."""

    number: int
    values: dict[str, str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One part of an extract: a file, or "address#table" of a database."""

    given: str

    @property
    def name(self) -> str:
        """What it is called in the run: the file's name, or the table's."""
        return self.given.rpartition("#")[2] if self.database else Path(self.given).name

    @property
    def database(self) -> bool:
        """Whether it is a table of a database."""
        return self.given.startswith(("postgresql://", "postgres://", "sqlite://"))

    @property
    def print(self) -> str:
        """What tells whether it has changed: a file's size and time of change; a database is always read anew."""
        if self.database:
            return ""
        found = Path(self.given).stat()
        return f"{found.st_size} {found.st_mtime_ns}"

    def headers(self) -> list[str]:
        """Its columns.

        Raises:
            BulkError: it is not there, may not be read, or is not what its name says.
        """
        try:
            return _headers(self)
        except PermissionError:
            raise BulkError(
                f"{self.given} may not be read. Give yourself the right to, and run again."
            ) from None
        except FileNotFoundError:
            raise BulkError(f"{self.given} is not there. Check the name.") from None
        except (OSError, pa.ArrowException, csv.Error, sqlite3.Error) as error:
            raise BulkError(f"{self.given} could not be read: {_first(error)}") from None

    def lines(self) -> Iterator[Line]:
        """Its rows, in order.

        Raises:
            BulkError: it breaks off in a way that no row can be read after.
        """
        kinds = {".csv": _csv, ".parquet": _parquet, ".jsonl": _jsonl, ".ndjson": _jsonl, ".json": _jsonl}
        read = _table if self.database else kinds[Path(self.given).suffix.casefold()]
        try:
            yield from read(self)
        except (OSError, pa.ArrowException, sqlite3.Error) as error:
            raise BulkError(f"{self.given} breaks off: {_first(error)}") from None


def _first(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]


def _headers(source: Source) -> list[str]:
    if source.database:
        with _cursor(source, limit=True) as rows:
            return rows.headers
    path = Path(source.given)
    suffix = path.suffix.casefold()
    if suffix == ".parquet":
        try:
            return list(pq.ParquetFile(path).schema_arrow.names)
        except pa.ArrowInvalid as error:
            raise BulkError(
                f"{path} is no whole Parquet file ({_first(error)}). It may have been cut short: export it again."
            ) from None
    if suffix == ".csv":
        with path.open("rb") as file:
            return [h.strip() for h in next(_reader(file), [])]
    if suffix in (".jsonl", ".ndjson", ".json"):
        with path.open("rb") as file:
            keys: dict[str, None] = {}
            for raw in islice(file, 200):
                row = _object(_text(raw))
                keys.update(dict.fromkeys(row or ()))
            return list(keys)
    raise BulkError(f"{path}: give .csv, .parquet or .jsonl, or a database as postgresql://host/name#table.")


def _text(raw: bytes) -> str:
    """A line's text: UTF-8, or Windows-1252 where it is none; a file may change from one to the other."""
    try:
        return raw.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace").replace("\0", "")


def _reader(file: Any) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_FIELD)
    return csv.reader((_text(raw) for raw in file), strict=False)


def _csv(source: Source) -> Iterator[Line]:
    with Path(source.given).open("rb") as file:
        rows = _reader(file)
        headers = [h.strip() for h in next(rows, [])]
        number = 0
        while True:
            number += 1
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield Line(number, {}, f"the row cannot be read: {error}")
                continue
            if not row:
                number -= 1
            elif len(row) != len(headers):
                yield Line(
                    number,
                    dict(zip(headers, row, strict=False)),
                    f"it has {len(row)} values and the header has {len(headers)}; put a value with commas in it between quotes",
                )
            else:
                yield Line(number, dict(zip(headers, row, strict=True)))


def _parquet(source: Source) -> Iterator[Line]:
    number = 0
    file = pq.ParquetFile(source.given)
    for batch in file.iter_batches(batch_size=_BATCH):
        for row in batch.to_pylist():
            number += 1
            yield Line(number, {k: _said(v) for k, v in row.items()})


def _said(value: object) -> str:
    return "" if value is None else str(value).replace("\0", "")


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _jsonl(source: Source) -> Iterator[Line]:
    with Path(source.given).open("rb") as file:
        number = 0
        for raw in file:
            text = _text(raw)
            if not text.strip():
                continue
            number += 1
            row = _object(text)
            if row is None:
                yield Line(number, {}, "the line is no JSON object")
            else:
                yield Line(number, {k: _said(v) for k, v in row.items()})


class _cursor:
    """Rows of a table, as they come from the server: neither all in memory, nor asked for one by one."""

    def __init__(self, source: Source, *, limit: bool = False) -> None:
        address, _, table = source.given.rpartition("#")
        if not address or not all(part.isidentifier() for part in table.split(".")):
            raise BulkError(
                f"{source.given}: name the table after #, such as postgresql://host/name#incidents."
            )
        quoted = ".".join(f'"{part}"' for part in table.split("."))
        self.ask = f"SELECT * FROM {quoted}" + (" LIMIT 0" if limit else "")
        self.address = address
        self.headers: list[str] = []
        self.rows: Iterator[tuple[Any, ...]] = iter(())
        self.connection: Any = None

    def __enter__(self) -> _cursor:
        if self.address.startswith("sqlite:"):
            path = urlsplit(self.address).path
            self.connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            cursor: Any = self.connection.execute(self.ask)
        else:
            import psycopg

            try:
                self.connection = psycopg.connect(self.address)
                cursor = self.connection.cursor(name="extract")
                cursor.itersize = _BATCH
                cursor.execute(self.ask)
            except psycopg.Error as error:
                raise BulkError(
                    f"{self.address.rpartition('@')[2]} could not be read: {_first(error)}"
                ) from None
        self.headers = [d[0] for d in cursor.description or ()]
        self.rows = cursor
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def _table(source: Source) -> Iterator[Line]:
    with _cursor(source) as found:
        for number, row in enumerate(found.rows, 1):
            yield Line(number, {h: _said(v) for h, v in zip(found.headers, row, strict=True)})
