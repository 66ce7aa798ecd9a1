"""The output folder of a run: parts that are there whole or not at all, and a record of what has been read and done."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wholepicture.bulk.columns import BulkError

RECORD = "run.json"
FORMAT = 3


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Say in words what the machine refuses: a full disk, no right to write."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise BulkError(
                f"The disk of {folder} is full. Make room and run the same command again: it goes on where it stopped."
            ) from None
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise BulkError(
                f"{folder} may not be written to. Give another folder, or the right to write."
            ) from None
        raise


def write_whole(path: Path, data: bytes | str) -> None:
    """Write a file so that it is there whole or not at all."""
    rough = path.with_name(path.name + ".tmp")
    rough.parent.mkdir(parents=True, exist_ok=True)
    with rough.open("wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(rough, path)


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table as Parquet so that it is there whole or not at all. The same rows make the same bytes."""
    rough = path.with_name(path.name + ".tmp")
    rough.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, rough, compression="zstd", compression_level=3, write_statistics=False)
    with rough.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(rough, path)


@dataclass
class Folder:
    """A run's folder. ``record``: what was read from which source, under which catalogue, and which stages are done."""

    path: Path
    record: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def opened(cls, path: Path, *, catalogue: str) -> Folder:
        """Open or begin a run.

        Raises:
            BulkError: the folder holds something else, or was made with another catalogue or an older format.
        """
        with told(path):
            path.mkdir(parents=True, exist_ok=True)
            for rough in path.rglob("*.tmp"):
                shutil.rmtree(rough) if rough.is_dir() else rough.unlink()
            record = path / RECORD
            if not record.exists():
                if any(p.name not in ("columns.toml", "run.lock") for p in path.iterdir()):
                    raise BulkError(
                        f"{path} holds something that is no run. Give an empty folder, or a new name."
                    )
                return cls(path, {"format": FORMAT, "catalogue": catalogue, "sources": [], "done": {}})
            try:
                held = json.loads(record.read_text("utf-8"))
            except ValueError:
                raise BulkError(f"{record} is broken. Delete {path} and run again.") from None
        if held.get("format") != FORMAT or held.get("catalogue") != catalogue:
            raise BulkError(
                f"{path} was made with another version of the practice catalogue or of this command. Give a new folder."
            )
        return cls(path, held)

    def save(self) -> None:
        """Keep the record."""
        with told(self.path):
            write_whole(self.path / RECORD, json.dumps(self.record, indent=1, sort_keys=True) + "\n")

    def parts(self, stage: str) -> list[Path]:
        """The parts of a stage that are there, in order."""
        return sorted((self.path / stage).glob("*.parquet"))

    def part(self, stage: str, name: str) -> Path:
        """Where a part of a stage is, or will be."""
        return self.path / stage / f"{name}.parquet"

    def missing(self, stage: str, names: list[str]) -> list[str]:
        """The parts of a stage that are still to be made."""
        return [n for n in names if not self.part(stage, n).exists()]
