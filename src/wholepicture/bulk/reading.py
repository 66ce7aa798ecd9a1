"""The first stage: an extract's rows become reports and the people in them, in parts of a few thousand; what cannot be used is said, row by row."""

from __future__ import annotations

import csv
import hashlib
import io
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from wholepicture.bulk import cleaning
from wholepicture.bulk.cleaning import ValueFault
from wholepicture.bulk.columns import Columns, Field
from wholepicture.bulk.folder import Folder, told, write_table, write_whole
from wholepicture.bulk.sources import Line, Source
from wholepicture.bulk.tables import connect, parts_of

A_PART = 5_000
LONGEST = 200_000
REPORTS = pa.schema(
    [
        ("report", pa.string()),
        ("narrative", pa.string()),
        ("happened", pa.timestamp("us", tz="UTC")),
        ("recorded", pa.timestamp("us", tz="UTC")),
        ("source", pa.string()),
        ("row", pa.int64()),
    ]
)
PEOPLE = pa.schema(
    [
        ("mention", pa.string()),
        ("report", pa.string()),
        ("role", pa.string()),
        ("person_number", pa.string()),
        ("given", pa.string()),
        ("family", pa.string()),
        ("given_plain", pa.string()),
        ("family_plain", pa.string()),
        ("born", pa.date32()),
        ("age", pa.int16()),
        ("phone", pa.string()),
        ("address", pa.string()),
        ("postcode", pa.string()),
        ("sex", pa.string()),
        ("ethnicity", pa.string()),
        ("source", pa.string()),
        ("row", pa.int64()),
    ]
)
REJECTS = ("file", "row", "field", "kept", "why", "value")
_OF_SOMEBODY = (Field.NUMBER, Field.GIVEN, Field.FAMILY, Field.BORN, Field.PHONE, Field.ROLE)
Say = Callable[[int], None]


class Seen:
    """The report numbers that a run has read, by a digest each: of ten million, two are alike once in 300,000 runs."""

    def __init__(self, before: Sequence[int] = ()) -> None:
        """``before``: digests of those read earlier, in order."""
        self._before = before
        self._now: set[int] = set()

    def is_new(self, report: str) -> bool:
        """Whether it has not been read; from now on it has."""
        key = int(hashlib.md5(report.encode(), usedforsecurity=False).hexdigest()[:16], 16)
        at = bisect_left(self._before, key)
        if key in self._now or (at < len(self._before) and self._before[at] == key):
            return False
        self._now.add(key)
        return True


@dataclass
class _Rows:
    """What one source gives, as it is gathered."""

    folder: Folder
    source: Source
    number: int
    columns: Columns
    today: date
    seen: Seen
    name: str = field(init=False)
    reports: list[dict[str, object]] = field(default_factory=list)
    people: list[dict[str, object]] = field(default_factory=list)
    rejects: list[tuple[object, ...]] = field(default_factory=list)
    parts: int = 0
    counted: dict[str, int] = field(
        default_factory=lambda: {"rows": 0, "reports": 0, "people": 0, "rejects": 0}
    )

    def __post_init__(self) -> None:
        self.name = self.source.name

    def refuse(self, line: int, where: str, why: str, value: str = "", *, kept: bool = False) -> None:
        self.rejects.append((self.name, line, where, "yes" if kept else "no", why, value[:200]))
        self.counted["rejects"] += 1


def read(
    folder: Folder, source: Source, number: int, columns: Columns, *, today: date, seen: Seen, say: Say
) -> dict[str, int]:
    """Read one source into parts; returns how many rows, reports, people and rejects there were.

    ``seen``: the report numbers read before, so that a number given twice is taken once; it is added to.
    """
    rows = _Rows(folder, source, number, columns, today, seen)
    with told(folder.path):
        for line in source.lines():
            rows.counted["rows"] += 1
            _take(rows, line)
            if len(rows.reports) >= A_PART or len(rows.people) >= 3 * A_PART:
                _put(rows)
            if line.number % 5_000 == 0:
                say(line.number)
        _put(rows)
        say(rows.counted["rows"])
        write_whole(folder.path / "rejects" / f"{number:03d}.csv", _csv(rows.rejects))
    return rows.counted


def _csv(rows: list[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(REJECTS)
    writer.writerows(rows)
    return text.getvalue()


def _take(rows: _Rows, line: Line) -> None:
    if line.fault:
        rows.refuse(line.number, "", line.fault)
        return
    values = {f: line.values.get(name, "").strip() for f, name in rows.columns.items()}
    report = values.get(Field.REPORT, "")[:200]
    if not report:
        rows.refuse(
            line.number,
            Field.REPORT,
            "there is no report number; a row without one cannot be told from another",
        )
        return
    narrative = values.get(Field.NARRATIVE, "")
    if narrative:
        _report(rows, line, report, narrative, values)
    if any(values.get(f) for f in _OF_SOMEBODY):
        _person(rows, line, report, values)


def _report(rows: _Rows, line: Line, report: str, narrative: str, values: dict[Field, str]) -> None:
    if not rows.seen.is_new(report):
        # The usual shape of an extract: a row a person, the same words in each. Nothing is lost by taking them once.
        return
    if len(narrative) > LONGEST:
        why = f"it has {len(narrative):,} characters; the first {LONGEST:,} are read"
        rows.refuse(line.number, Field.NARRATIVE, why, kept=True)
        narrative = narrative[:LONGEST]
    happened = _moment(rows, line, Field.HAPPENED, values)
    recorded = _moment(rows, line, Field.RECORDED, values)
    rows.reports.append(
        {
            "report": report,
            "narrative": narrative,
            "happened": happened or recorded,
            "recorded": recorded or happened,
            "source": rows.name,
            "row": line.number,
        }
    )
    rows.counted["reports"] += 1


def _moment(rows: _Rows, line: Line, where: Field, values: dict[Field, str]) -> datetime | None:
    text = values.get(where, "")
    try:
        found = cleaning.moment(text, today=rows.today)
        if found and found.date() > rows.today:
            raise ValueFault(f"{found:%-d %B %Y} is to come")
        return found
    except ValueFault as fault:
        rows.refuse(line.number, where, str(fault), text, kept=True)
        return None


def _person(rows: _Rows, line: Line, report: str, values: dict[Field, str]) -> None:
    def tried(where: Field, read: Callable[[str], object]) -> object:
        text = values.get(where, "")
        try:
            return read(text)
        except ValueFault as fault:
            rows.refuse(line.number, where, str(fault), text, kept=True)
            return None

    address = values.get(Field.ADDRESS, "")
    rows.people.append(
        {
            "mention": f"{rows.number:03d}-{line.number:09d}",
            "report": report,
            "role": cleaning.role(values.get(Field.ROLE, "")),
            "person_number": cleaning.person_number(values.get(Field.NUMBER, "")),
            "given": values.get(Field.GIVEN, "")[:80],
            "family": values.get(Field.FAMILY, "")[:80],
            "given_plain": cleaning.plain(values.get(Field.GIVEN, ""))[:80],
            "family_plain": cleaning.plain(values.get(Field.FAMILY, ""))[:80],
            "born": tried(Field.BORN, lambda t: cleaning.born(t, today=rows.today)),
            "age": tried(Field.AGE, cleaning.age),
            "phone": cleaning.phone(values.get(Field.PHONE, "")),
            "address": address[:250],
            "postcode": cleaning.postcode(values.get(Field.POSTCODE, "")) or cleaning.postcode(address),
            "sex": values.get(Field.SEX, "")[:20].casefold(),
            "ethnicity": values.get(Field.ETHNICITY, "")[:40],
            "source": rows.name,
            "row": line.number,
        }
    )
    rows.counted["people"] += 1


def _put(rows: _Rows) -> None:
    """Write what has been gathered as the next part."""
    if not rows.reports and not rows.people:
        return
    name = f"{rows.number:03d}-{rows.parts:05d}"
    write_table(rows.folder.part("reports", name), pa.Table.from_pylist(rows.reports, schema=REPORTS))
    write_table(rows.folder.part("rows", name), pa.Table.from_pylist(rows.people, schema=PEOPLE))
    rows.parts += 1
    rows.reports, rows.people = [], []


def seen_in(folder: Folder, numbers: set[str]) -> Seen:
    """The report numbers of some sources, which a run has read."""
    parts = [p for p in folder.parts("reports") if p.stem.partition("-")[0] in numbers]
    if not parts:
        return Seen()
    with told(folder.path), connect(folder) as db:
        found = db.sql(
            f"SELECT ('0x' || left(md5(report), 16))::UBIGINT AS seen FROM {parts_of(parts)} ORDER BY seen"
        )
        # As an array: taking one out of it costs no more than out of a list, in a fifth of the room.
        return Seen(array("Q", found.fetchnumpy()["seen"].tobytes()))


def all_rejects(folder: Folder) -> Iterator[str]:
    """Every reject of a run as lines of one CSV."""
    for number, path in enumerate(sorted((folder.path / "rejects").glob("*.csv"))):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        yield from lines[bool(number) :]


def write_rejects(folder: Folder) -> Path:
    """All rejects of a run in one CSV."""
    path = folder.path / "rejects.csv"
    with told(folder.path):
        write_whole(path, "".join(all_rejects(folder)))
    return path
