"""The second stage: recognition over every narrative, each finding with its words and rule, put to whoever of the report it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wholepicture.bulk import cleaning
from wholepicture.bulk.folder import Folder, told, write_table
from wholepicture.bulk.reading import Say
from wholepicture.bulk.working import Each
from wholepicture.core.contract import observations
from wholepicture.core.days import years_old
from wholepicture.core.picture import Observation
from wholepicture.core.practice import Catalogue, State
from wholepicture.core.recognition import Person, Recognised, default_recogniser

_TEXT = pa.dictionary(pa.int32(), pa.string())
FINDINGS = pa.schema(
    [
        ("report", pa.string()),
        ("who", pa.string()),
        ("label", pa.string()),
        ("concept", _TEXT),
        ("kind", _TEXT),
        ("state", _TEXT),
        ("polarity", _TEXT),
        ("time", _TEXT),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("text", pa.string()),
        ("rule", _TEXT),
    ]
)
OBSERVED = pa.schema(
    [
        ("who", pa.string()),
        ("report", pa.string()),
        ("role", _TEXT),
        ("happened", pa.timestamp("us", tz="UTC")),
        ("recorded", pa.timestamp("us", tz="UTC")),
        ("number", pa.string()),
        ("concept", _TEXT),
        ("state", _TEXT),
        ("why", _TEXT),
        ("evidence", pa.string()),
        ("ends_on", pa.date32()),
        ("rule", _TEXT),
    ]
)
# Nobody said when: such reports are read together as of one day.
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
_HARMED = ("victim", "child", "caller", "person")


def screen(folder: Folder, parts: Sequence[str], *, each: Each, say: Say) -> None:
    """Recognise what the parts say, over several processes; each part is written when it is done, and made once."""
    done = 0
    with told(folder.path):
        for reports in each(part, [(folder.path, p) for p in parts]):
            done += reports
            say(done)


def part(root: Path, name: str) -> int:
    """One part; returns how many reports it has."""
    folder = Folder(root)
    reports = pq.read_table(folder.part("reports", name)).to_pylist()
    people = pq.read_table(folder.part("people", name)).to_pylist()
    found, observed = screened(reports, people)
    write_table(folder.part("findings", name), pa.Table.from_pydict(found, schema=FINDINGS))
    write_table(folder.part("observed", name), pa.Table.from_pydict(observed, schema=OBSERVED))
    return len(reports)


def screened(
    reports: Sequence[dict[str, Any]], people: Iterable[dict[str, Any]]
) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Findings and observations of some reports, as columns. Pure: no file, no clock."""
    recogniser = default_recogniser()
    catalogue = recogniser.catalogue
    of_report: dict[str, list[dict[str, Any]]] = {}
    for person in people:
        of_report.setdefault(person["report"], []).append(person)
    found: dict[str, list[Any]] = {n: [] for n in FINDINGS.names}
    observed: dict[str, list[Any]] = {n: [] for n in OBSERVED.names}
    texts = (r["narrative"] for r in reports)
    for report, recognised in zip(reports, recogniser.recognise_all(texts), strict=True):
        rows = of_report.get(report["report"], [])
        who = attached(report["report"], recognised, rows, report["happened"])
        _findings(found, report["report"], recognised, who)
        known = {p["mention"]: p for p in rows}
        _observed(observed, report, recognised, who, catalogue, known)
    return found, observed


def attached(
    report: str, recognised: Recognised, people: Sequence[dict[str, Any]], happened: datetime | None = None
) -> dict[str, str]:
    """Which row each participant of a narrative is: by name, by a part that only one has, or because nobody else is left.

    "The child" is also the victim, where that is the only row of somebody under 18.
    A participant who is no row is somebody of this report alone, known by its number and theirs ("R1#p2").
    """
    found: dict[str, str] = {}
    left = {p["mention"]: p for p in people}

    def say(participant: Person, mention: str) -> None:
        found[participant.id] = mention
        del left[mention]

    for participant in recognised.people:
        words = set(cleaning.plain(participant.label).split())
        named = [
            m for m, p in left.items() if words & {*p["given_plain"].split(), *p["family_plain"].split()}
        ]
        if len(named) == 1:
            say(participant, named[0])
    for participant in recognised.people:
        if participant.id in found or participant.plural:
            continue
        alike = [m for m, p in left.items() if p["role"] == participant.role]
        rivals = [
            p for p in recognised.people if p.role == participant.role and p.id not in found and not p.plural
        ]
        if len(alike) == 1 and len(rivals) == 1:
            say(participant, alike[0])
    main = next((p for p in recognised.people if p.id == recognised.main), None)
    if main and main.id not in found:
        harmed = [m for m, p in left.items() if p["role"] in ("victim", "caller", "other")]
        if len(harmed) == 1:
            say(main, harmed[0])
    minors = [p["mention"] for p in people if (years := years_of(p, happened)) is not None and years < ADULT]
    children = [p for p in recognised.people if p.role == CHILD and not p.plural and p.id not in found]
    if len(minors) == len(children) == 1 and not _OF_SOMEBODY.match(children[0].label):
        found[children[0].id] = minors[0]
    return {p.id: found.get(p.id, f"{report}#{p.id}") for p in recognised.people}


def _findings(found: dict[str, list[Any]], report: str, recognised: Recognised, who: dict[str, str]) -> None:
    labels = {p.id: p.label for p in recognised.people}
    for f in recognised.findings:
        found["report"].append(report)
        found["who"].append(who.get(f.person or ""))
        found["label"].append(labels.get(f.person or "", ""))
        found["concept"].append(f.concept)
        found["kind"].append(f.kind.value)
        found["state"].append(f.state.value)
        found["polarity"].append(f.polarity.value)
        found["time"].append(f.time.value)
        found["start"].append(f.start)
        found["end"].append(f.end)
        found["text"].append(f.text)
        found["rule"].append(f.rule)


CHILD, OF_CHILDREN, ADULT = "child", ("child", "infant"), 18
# "Her son" is not the one whose son he is.
_OF_SOMEBODY = re.compile(r"(?:his|her|their|my|our|\w+'s)\b", re.IGNORECASE)


def years_of(row: dict[str, Any], happened: datetime | None) -> int | None:
    """How old somebody was when it happened: by their date of birth, else by the age in their row; None where neither is known."""
    born = row["born"]
    if born is None or happened is None:
        return row["age"]  # type: ignore[no-any-return]
    return years_old(born, happened.date())


def _child(participant: str, years: int, happened: datetime) -> Observation:
    evidence = f"{years} years old by the extract"
    return Observation(
        f"{participant}-age",
        participant,
        CHILD,
        State.PRESENT,
        happened,
        happened,
        evidence,
        "",
        "their date of birth or age",
    )


def _observed(
    observed: dict[str, list[Any]],
    report: dict[str, Any],
    recognised: Recognised,
    who: dict[str, str],
    catalogue: Catalogue,
    rows: dict[str, dict[str, Any]],
) -> None:
    """What was observed of each participant. Where their row has a date of birth or an age, it says whether they were a child then."""
    happened = report["happened"] or UNDATED
    told_of = observations(catalogue, recognised, text=report["narrative"], at=happened)
    for participant in recognised.people:
        row = rows.get(who[participant.id])
        years = years_of(row, report["happened"]) if row else None
        seen = told_of.get(participant.id, [])
        if years is not None:
            seen = [o for o in seen if o.concept not in OF_CHILDREN or years < ADULT]
            if years < ADULT and not any(o.concept == CHILD for o in seen):
                seen = [*seen, _child(participant.id, years, happened)]
        for o in seen:
            observed["who"].append(who[participant.id])
            observed["report"].append(report["report"])
            observed["role"].append(participant.role)
            observed["happened"].append(happened)
            observed["recorded"].append(report["recorded"] or happened)
            observed["number"].append(o.id)
            observed["concept"].append(o.concept)
            observed["state"].append(o.state.value)
            observed["why"].append(o.why.value if o.why else None)
            observed["evidence"].append(o.evidence)
            observed["ends_on"].append(o.ends_on)
            observed["rule"].append(o.rule)


def harmed(role: str) -> bool:
    """Whether somebody is a report's victim, caller or a child in it, and not its suspect."""
    return role in _HARMED


def reports_in(folder: Folder, parts: Iterable[str]) -> Iterator[int]:
    """How many reports each part has."""
    for part in parts:
        yield pq.read_metadata(folder.part("reports", part)).num_rows
