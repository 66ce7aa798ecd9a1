"""A whole run: read, screen, link, surface, report. Each stage goes on where it stopped, and more may be added to a run that is done."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from wholepicture.bulk import aligning, columns, linking, reading, reporting, screening, surfacing, tables
from wholepicture.bulk.columns import BulkError
from wholepicture.bulk.folder import Folder, told, write_whole
from wholepicture.bulk.sources import Source
from wholepicture.bulk.working import Processes, settled
from wholepicture.core.practice import load_default

LOCK = "run.lock"


class Progress(Protocol):
    """Whoever shows how far a run is."""

    def stage(self, name: str, total: int | None) -> Callable[[int], None]:
        """A stage begins; returns what is told how much of it is done."""

    def say(self, text: str) -> None:
        """A line of its own."""


class Silent:
    """Shows nothing."""

    def stage(self, name: str, total: int | None) -> Callable[[int], None]:
        """Nothing is shown."""
        return lambda done: None

    def say(self, text: str) -> None:
        """Nothing is said."""


class Engine(Protocol):
    """What does the heavy work in place of this machine's own processes."""

    def screen(self, folder: Folder, parts: Sequence[str], say: reading.Say) -> None:
        """Recognise what the parts say."""

    def pairs(self, db: Any, folder: Folder, model: dict[str, Any]) -> pa.Table:
        """Every pair that may be one person."""

    def surface(
        self, folder: Folder, buckets: Sequence[tuple[str, str]], at: datetime, say: reading.Say
    ) -> None:
        """Draw everybody of the buckets."""


@dataclass
class Run:
    """One run: its folder, what it is given, and who is told."""

    folder: Folder
    sources: Sequence[Source]
    processes: Processes
    today: date
    show: Progress
    synthetic: bool = False
    engine: Engine | None = None
    mappings: dict[str, dict[columns.Field, str]] = field(default_factory=dict)

    @property
    def record(self) -> dict[str, Any]:
        """What has been done."""
        return self.folder.record

    def done(self, stage: str) -> list[int]:
        """The numbers of the sources for which a stage is done."""
        found: list[int] = self.record["done"].setdefault(stage, [])
        return found

    def left(self, stage: str) -> bool:
        """Whether a stage is still to be done, for any of the sources given."""
        done = set(self.done(stage))
        numbers = {s["name"]: s["number"] for s in self.record["sources"]}
        return any(numbers.get(source.name) not in done for source in self.sources)

    def finish(self, stage: str, numbers: Sequence[int]) -> None:
        """A stage is done for these sources."""
        self.record["done"][stage] = sorted({*self.done(stage), *numbers})
        self.folder.save()

    def numbers(self) -> list[int]:
        """The numbers of all sources read."""
        return [s["number"] for s in self.record["sources"] if s.get("read")]

    def parts(self, numbers: Sequence[int]) -> list[str]:
        """The parts of some sources."""
        begins = tuple(f"{n:03d}-" for n in numbers)
        return [p.stem for p in self.folder.parts("reports") if begins and p.stem.startswith(begins)]


def run(
    extracts: Sequence[str],
    out: Path,
    *,
    cores: int,
    today: date,
    show: Progress | None = None,
    synthetic: bool = False,
    engine: Engine | None = None,
) -> Path:
    """Do all that is left to do of a run; returns where its report is.

    Raises:
        BulkError: with what is wrong and how to mend it. What is done stays done.
    """
    sources = [Source(e) for e in extracts]
    names = [s.name for s in sources]
    twice = {n for n in names if names.count(n) > 1}
    if twice:
        raise BulkError(
            f"Two parts of the extract are called {', '.join(sorted(twice))}. Give each its own name."
        )
    headers = {s.name: s.headers() for s in sources}
    with Processes(cores) as processes:
        if engine is None:
            # First of all: they make themselves ready while this process reads.
            processes.begin()
        catalogue = load_default()
        folder = Folder.opened(out, catalogue=f"{catalogue.version} {catalogue.hash}")
        with _alone(folder), settled():
            return _stages(
                Run(folder, sources, processes, today, show or Silent(), synthetic, engine), headers
            )


def _stages(work: Run, headers: dict[str, list[str]]) -> Path:
    _map(work, headers)
    # Before the first part: a folder with parts and no record would be taken for something else.
    work.folder.save()
    _read(work)
    _align(work)
    _screen(work)
    _link(work)
    _surface(work)
    work.show.say("report")
    return reporting.report(work.folder, synthetic=work.synthetic)


@contextmanager
def _alone(folder: Folder) -> Iterator[None]:
    """Only one at a time works in a folder."""
    with told(folder.path), (folder.path / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BulkError(f"Another run is at work in {folder.path}. Wait for it, or stop it.") from None
        yield


def _map(work: Run, headers: dict[str, list[str]]) -> None:
    """Which column is what: as saved, else guessed; shown, and saved to be put right."""
    saved = columns.read_saved(work.folder.path)
    for source in work.sources:
        mapping = saved.get(source.name) or columns.guess(headers[source.name])
        work.mappings[source.name] = mapping
        said = ", ".join(f"{f}={mapping[f]}" for f in columns.Field if f in mapping)
        work.show.say(f"{source.name}: {said}")
    with told(work.folder.path):
        write_whole(work.folder.path / columns.FILE, columns.as_toml({**saved, **work.mappings}))
    for source in work.sources:
        columns.check(work.mappings[source.name], headers[source.name], source.given)


def _read(work: Run) -> None:
    seen: reading.Seen | None = None
    held = {s["name"]: s for s in work.record["sources"]}
    for source in work.sources:
        entry = held.get(source.name)
        mapping = {f.value: n for f, n in work.mappings[source.name].items()}
        if entry and entry.get("read"):
            if source.print and entry["print"] != source.print:
                raise BulkError(
                    f"{source.given} has changed since it was read into {work.folder.path}. Give a new folder, or put what is new in a file of its own."
                )
            if entry["columns"] != mapping:
                raise BulkError(
                    f"{columns.FILE} has changed for {source.name}, which is read already. Give a new folder and copy {columns.FILE} into it."
                )
            continue
        if entry is None:
            entry = {"name": source.name, "number": len(work.record["sources"])}
            work.record["sources"].append(entry)
        entry |= {"print": source.print, "columns": mapping}
        if seen is None:
            seen = reading.seen_in(work.folder, {f"{n:03d}" for n in work.numbers()})
        say = work.show.stage(f"read {source.name}", None)
        counted = reading.read(
            work.folder,
            source,
            entry["number"],
            work.mappings[source.name],
            today=work.today,
            seen=seen,
            say=say,
        )
        entry |= {"read": True, "counted": counted}
        work.folder.save()
    reading.write_rejects(work.folder)
    if not work.folder.parts("reports") or not sum(
        screening.reports_in(work.folder, work.parts(work.numbers()))
    ):
        raise BulkError(
            f"No report could be read: every row was refused. {work.folder.path / 'rejects.csv'} says why, row by row."
        )


def _align(work: Run) -> None:
    left = [n for n in work.numbers() if n not in work.done("align")]
    if left:
        nowhere = aligning.align(work.folder, work.parts(left))
        if nowhere:
            work.show.say(
                f"{nowhere:,} rows name people of reports that have no narrative; they are left out."
            )
        work.finish("align", left)


def _screen(work: Run) -> None:
    parts = work.folder.missing("observed", work.parts(work.numbers()))
    if parts:
        total = sum(screening.reports_in(work.folder, parts))
        say = work.show.stage("screen", total)
        if work.engine:
            work.engine.screen(work.folder, parts, say)
        else:
            screening.screen(work.folder, parts, each=work.processes.each, say=say)


def _link(work: Run) -> None:
    left = [n for n in work.numbers() if n not in work.done("link")]
    if not left:
        return
    work.show.say("link")
    work.record["linked"] = linking.link(
        work.folder,
        new=work.parts(left) if work.done("link") else (),
        find=work.engine.pairs if work.engine else None,
    )
    work.finish("link", left)


def _surface(work: Run) -> None:
    left = [n for n in work.numbers() if n not in work.done("surface")]
    if not left:
        return
    only = _touched(work, left) if work.done("surface") else None
    buckets = surfacing.group(work.folder, only=only)
    total = len(only) if only is not None else None
    say = work.show.stage("surface", total)
    buckets_left = surfacing.left_of(work.folder, buckets, max(left))
    at = _moment(work.folder)
    if work.engine:
        work.engine.surface(work.folder, buckets_left, at, say)
    else:
        surfacing.surface(work.folder, buckets_left, at=at, each=work.processes.each, say=say)
    work.finish("surface", left)
    # Put together to be drawn; it serves no more.
    shutil.rmtree(work.folder.path / "grouped", ignore_errors=True)


def _touched(work: Run, new: Sequence[int]) -> list[str]:
    """Whose picture must be drawn anew after an addition: whom linking touched, and of whom the new parts tell."""
    parts = work.parts(new)
    told_of = [work.folder.part("observed", p) for p in parts]
    touched = [p for p in work.folder.parts("touched") if p.stem in parts]
    with tables.connect(work.folder) as db:
        linked = tables.glob(work.folder, "linked")
        rows = db.execute(
            f"""SELECT DISTINCT coalesce(person, 'W' || who) FROM {tables.parts_of(told_of)}
                LEFT JOIN read_parquet('{linked}') ON mention = who"""
        ).fetchall()
        if touched:
            rows += db.execute(f"SELECT person FROM {tables.parts_of(touched)}").fetchall()
    return sorted({person for (person,) in rows})


def _moment(folder: Folder) -> datetime:
    """As of when pictures are drawn: the last moment that the extract itself tells of."""
    with tables.connect(folder) as db:
        last = tables.single(
            db,
            f"SELECT max(greatest(happened, recorded)) FROM read_parquet('{tables.glob(folder, 'reports')}')",
        )
    found: datetime = last or screening.UNDATED
    return found.astimezone(UTC)
