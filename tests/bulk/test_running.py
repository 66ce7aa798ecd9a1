"""A whole run: killed anywhere it goes on and ends the same to the byte; more can be added; people are linked right."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import sys
from html import escape
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.bulk.conftest import TODAY, bytes_of
from wholepicture.bulk import joining, linking, reading, running
from wholepicture.bulk.clustering import CERTAIN
from wholepicture.bulk.columns import BulkError
from wholepicture.bulk.folder import Folder
from wholepicture.bulk.generating import generate
from wholepicture.bulk.running import run
from wholepicture.bulk.tables import connect
from wholepicture.bulk.telling import Teller


def people_of(out: Path) -> dict[str, str]:
    table = pq.read_table(out / "linked" / "people.parquet")
    return dict(zip(table["mention"].to_pylist(), table["person"].to_pylist(), strict=True))


def test_the_same_extract_gives_the_same_bytes(extract: Path, ran: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    run([str(extract)], again, cores=2, today=TODAY, synthetic=True)
    assert bytes_of(again) == bytes_of(ran)


class StoppedError(BaseException):
    """As a kill: nothing that catches errors catches it."""


@pytest.mark.parametrize("stage", ["_read", "_align", "_screen", "_link", "_surface"])
def test_stopped_before_any_stage_it_ends_the_same(
    extract: Path, ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    def stops(work: object) -> None:
        raise StoppedError

    monkeypatch.setattr(running, stage, stops)
    with pytest.raises(StoppedError):
        run([str(extract)], tmp_path / "run", cores=1, today=TODAY, synthetic=True)
    monkeypatch.undo()
    run([str(extract)], tmp_path / "run", cores=1, today=TODAY, synthetic=True)
    assert bytes_of(tmp_path / "run") == bytes_of(ran)


def test_stopped_in_the_midst_of_reading_it_ends_the_same(
    extract: Path, ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = reading._put

    def stops(rows: Any) -> None:
        put(rows)
        raise StoppedError

    monkeypatch.setattr(reading, "_put", stops)
    with pytest.raises(StoppedError):
        run([str(extract)], tmp_path / "run", cores=1, today=TODAY, synthetic=True)
    monkeypatch.undo()
    run([str(extract)], tmp_path / "run", cores=1, today=TODAY, synthetic=True)
    assert bytes_of(tmp_path / "run") == bytes_of(ran)


def test_killed_again_and_again_it_ends_the_same(extract: Path, ran: Path, tmp_path: Path) -> None:
    """Real kills (SIGKILL) of the command and all its processes, a little later each time, wherever that is."""
    out = tmp_path / "run"
    command = [sys.executable, "-m", "wholepicture.cli.main", "bulk", "run", str(extract), "--out", str(out)]
    command += ["--cores", "2", "--synthetic"]
    killed = 0
    for seconds in (1.2, 2.0, 2.6, 3.2, 4.0, 5.5, 60):
        began = subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            code = began.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(began.pid, signal.SIGKILL)
            began.wait()
            killed += 1
            continue
        assert code == 0
        break
    assert killed >= 2
    assert bytes_of(out) == bytes_of(ran)


def test_more_is_added_without_doing_what_was_done(extract: Path, ran: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    shutil.copytree(ran, out, copy_function=shutil.copy2)
    before = {p: p.stat().st_mtime_ns for p in (out / "observed").glob("*.parquet")}
    first = people_of(out)
    generate(tmp_path / "more", reports=1_500, seed=3)  # the same people again
    rows = (tmp_path / "more" / "extract.csv").read_text("utf-8").splitlines(keepends=True)
    more = tmp_path / "december.csv"
    more.write_text("".join([rows[0], *(r.replace("/0000", "/9000", 1) for r in rows[1:40])]), "utf-8")
    run([str(extract), str(more)], out, cores=1, today=TODAY, synthetic=True)
    assert {p: p.stat().st_mtime_ns for p in before} == before
    second = people_of(out)
    assert {m: p for m, p in second.items() if m in first} == first
    added = {m: p for m, p in second.items() if m not in first}
    # Each new row is the person it was written of before, where they could be told.
    known = [first[f"000-{int(m[4:]):09d}"] == p for m, p in added.items()]
    assert sum(known) > 0.7 * len(known)
    # Whoever was told of anew is drawn anew, with the reports of both files.
    drawn = {
        r["person"]: r
        for p in sorted((out / "surfaced").glob("0001-*.parquet"))
        for r in pq.read_table(p).to_pylist()
    }
    assert drawn
    assert any(len({n.split("/")[1][:4] for n in r["of"]}) > 1 for r in drawn.values())


def test_a_report_that_a_later_file_gives_again_is_taken_once(
    extract: Path, ran: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    shutil.copytree(ran, out, copy_function=shutil.copy2)
    rows = extract.read_text("utf-8").splitlines(keepends=True)
    number = rows[1].split(",")[0]
    again = tmp_path / "again.csv"
    again.write_text("".join([*rows[:3], rows[1].replace(number, "WP/new/1", 1)]), "utf-8")
    run([str(extract), str(again)], out, cores=1, today=TODAY, synthetic=True)
    added = [
        r for p in (out / "reports").glob("001-*.parquet") for r in pq.read_table(p)["report"].to_pylist()
    ]
    assert added == ["WP/new/1"]


def rows_of(table: pa.Table) -> list[tuple[str, ...]]:
    return sorted(tuple(row.values()) for row in table.to_pylist())


def december(folder: Path) -> Path:
    """Three hundred reports more."""
    generate(folder / "more", reports=300, seed=3)
    rows = (folder / "more" / "extract.csv").read_text("utf-8").splitlines(keepends=True)
    more = folder / "december.csv"
    more.write_text("".join([rows[0], *(r.replace("/0000", "/9000", 1) for r in rows[1:])]), "utf-8")
    return more


@pytest.mark.parametrize("written", [False, True])
def test_an_addition_stopped_while_it_links_ends_the_same(
    extract: Path, ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    """Before what is linked is written, and after it but before the record says so."""
    sources, finish = [str(extract), str(december(tmp_path))], running.Run.finish

    def stops(*given: Any) -> None:
        if written and given[1] != "link":
            finish(*given)
        else:
            raise StoppedError

    for name in ("whole", "stopped"):
        shutil.copytree(ran, tmp_path / name, copy_function=shutil.copy2)
    run(sources, tmp_path / "whole", cores=1, today=TODAY, synthetic=True)
    if written:
        monkeypatch.setattr(running.Run, "finish", stops)
    else:
        monkeypatch.setattr(joining, "touched", stops)
    with pytest.raises(StoppedError):
        run(sources, tmp_path / "stopped", cores=1, today=TODAY, synthetic=True)
    monkeypatch.undo()
    run(sources, tmp_path / "stopped", cores=1, today=TODAY, synthetic=True)
    assert bytes_of(tmp_path / "stopped") == bytes_of(tmp_path / "whole")


def test_joining_only_whom_an_addition_reaches_is_joining_all_anew(
    extract: Path, ran: Path, tmp_path: Path
) -> None:
    # A folder's name may have anything in it.
    out = tmp_path / "o'Brien's run [2]"
    shutil.copytree(ran, out, copy_function=shutil.copy2)
    more = december(tmp_path)
    run([str(extract), str(more)], out, cores=1, today=TODAY, synthetic=True)
    folder = running.Folder(out)
    pairs = linking._in_order(pa.concat_tables([pq.read_table(p) for p in folder.parts("pairs")]))
    assert len(folder.parts("pairs")) == 2
    with connect(folder) as db:
        linking._mentions(db, folder, ordered=True)
        anew, crossing = joining.all_of(db, pairs)
    assert anew.equals(pq.read_table(out / "linked" / "people.parquet"))
    # What the next addition goes by: the certain pairs that are of two people.
    _, added = sorted(folder.parts("crossing"), key=lambda p: p.stem == joining.FIRST, reverse=True)
    assert rows_of(crossing) == rows_of(pq.read_table(added))


def test_a_persons_own_number_tells_twins_apart_and_joins_what_was_misheard(tmp_path: Path) -> None:
    rows = ["urn,summary,role,nominal id,forename,surname,dob,phone\n"]
    for n, (number, given, born) in enumerate(
        [
            ("N-77120", "Mohammed", "4/5/1990"),
            ("n77120", "Mohamed", "9/11/1988"),
            ("N77121", "Joan", "4/5/1990"),
        ]
    ):
        rows.append(f"r{n},x,Victim,{number},{given},Ahmed,{born},01632960123\n")
    path = tmp_path / "a.csv"
    path.write_text("".join(rows))
    run([str(path)], tmp_path / "out", cores=1, today=TODAY)
    one, other, another = people_of(tmp_path / "out").values()
    assert one == other != another


def test_a_file_that_changed_is_not_read_over_what_it_was(extract: Path, ran: Path, tmp_path: Path) -> None:
    out, copy = tmp_path / "run", tmp_path / "extract.csv"
    shutil.copytree(ran, out)
    copy.write_bytes(extract.read_bytes() + b"\n")
    with pytest.raises(BulkError, match="has changed since it was read"):
        run([str(copy)], out, cores=1, today=TODAY)


def test_two_at_once_in_one_folder(extract: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    with running._alone(running.Folder(folder)), pytest.raises(BulkError, match="Another run is at work"):
        run([str(extract)], folder, cores=1, today=TODAY)


def scores(out: Path, truth: Path) -> tuple[float, float, float]:
    """Pairwise precision, recall and F1 of who is who."""
    found = duckdb.sql(
        f"""WITH j AS (SELECT t.person AS really, l.person AS said FROM '{truth}' t
              JOIN '{out}/linked/people.parquet' l ON l.mention = format('000-{{:09d}}', t."row")),
            a AS (SELECT sum(n * (n - 1) / 2) AS s FROM (SELECT count(*) AS n FROM j GROUP BY really)),
            b AS (SELECT sum(n * (n - 1) / 2) AS s FROM (SELECT count(*) AS n FROM j GROUP BY said)),
            c AS (SELECT sum(n * (n - 1) / 2) AS s FROM (SELECT count(*) AS n FROM j GROUP BY really, said))
            SELECT c.s / b.s, c.s / a.s, 2 * c.s / (a.s + b.s) FROM a, b, c"""
    ).fetchall()
    return found[0]


def test_people_are_linked_as_they_are(extract: Path, ran: Path) -> None:
    precision, recall, f1 = scores(ran, extract.parent / "truth.parquet")
    assert precision > 0.98
    assert recall > 0.9
    assert f1 > 0.95


def test_a_shared_telephone_and_twins_join_nobody(tmp_path: Path) -> None:
    rows = ["urn,summary,role,forename,surname,dob,phone,address\n"]
    for n in range(40):
        rows.append(
            f"h{n},x,Victim,Given{chr(97 + n % 26)}{n},Family{chr(97 + n // 2)}q,{n % 28 + 1}/3/19{60 + n},01632960000,1 Hostel Road ZZ1 1AA\n"
        )
    for n, name in enumerate(("Liam", "Leah") * 3):
        rows.append(f"t{n},x,Victim,{name},Twin,4/5/2015,07700900111,2 Home Road ZZ2 2BB\n")
    path = tmp_path / "a.csv"
    path.write_text("".join(rows))
    run([str(path)], tmp_path / "out", cores=1, today=TODAY)
    people = people_of(tmp_path / "out")
    assert len(set(people.values())) == 42


def test_every_row_of_the_report_opens_to_what_it_rests_on(ran: Path) -> None:
    page = (ran / "report.html").read_text("utf-8")
    assert "Every person here is made up." in page
    for outside in ("http://", "https://", "src=", "@import", "url("):
        assert outside not in page
    people = page.split("<details class='person'")[1:]
    assert len(people) > 5
    for person in people:
        assert "The reports that make it up" in person
        assert ", row " in person
        assert "“" in person
    assert "{{ " not in page


def test_pairs_nobody_is_sure_of_can_be_looked_at(ran: Path) -> None:
    with Teller(Folder(ran)) as teller:
        pairs = teller.unsure()
    assert pairs
    assert [p.chance for p in pairs] == sorted((p.chance for p in pairs), reverse=True)
    assert all(p.chance < CERTAIN and p.one != p.other for p in pairs)
    page = (ran / "report.html").read_text("utf-8")
    looked = page.partition("<summary>Pairs to look at</summary>")[2].partition("</details>")[0]
    assert looked.count("<tr>") == len(pairs) + 1
    assert all(
        escape(side.name) in looked and side.report in looked for p in pairs for side in (p.one, p.other)
    )


def test_sex_and_ethnicity_have_no_part_in_it(extract: Path, ran: Path, tmp_path: Path) -> None:
    """The same extract with every sex and ethnicity changed surfaces the same people in the same order."""
    other = tmp_path / "extract.csv"
    text = extract.read_text("utf-8")
    for group in ("W1", "W2", "W9", "A1", "A2", "B1", "B2", "M1", "O9", "NS"):
        text = text.replace(f'"{group}"', '"B9"')
    other.write_text(text.replace('"F",', '"M",'), "utf-8")
    run([str(other)], tmp_path / "run", cores=1, today=TODAY, synthetic=True)
    assert (tmp_path / "run" / "people.csv").read_bytes() == (ran / "people.csv").read_bytes()


def test_the_generator_is_the_same_from_its_seed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        generate(tmp_path / name, reports=300, seed=9)
    generate(tmp_path / "c", reports=300, seed=10)
    one, same, other = ((tmp_path / n / "extract.csv").read_bytes() for n in "abc")
    assert one == same != other


def test_in_a_few_rows_the_same_name_and_birth_are_one(tmp_path: Path) -> None:
    """Of two rows, each name is that of half of all: that says nothing of how rare it is."""
    path = tmp_path / "a.csv"
    path.write_text(
        "urn,summary,role,forename,surname,dob\n1,x,Victim,Tom,Ray,3/5/2010\n2,x,Victim,Tom,Ray,3/5/2010\n"
    )
    run([str(path)], tmp_path / "out", cores=1, today=TODAY)
    assert len(set(people_of(tmp_path / "out").values())) == 1


def test_reports_without_a_day_are_given_none(tmp_path: Path) -> None:
    rows = "urn,summary\nA1,He put both his hands round her throat. She is 14 weeks pregnant.\n"
    (tmp_path / "undated.csv").write_text(rows, "utf-8")
    run([str(tmp_path / "undated.csv")], tmp_path / "run", cores=1, today=TODAY)
    with (tmp_path / "run" / "people.csv").open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    assert people
    assert {(p["first"], p["last"], p["report numbers"]) for p in people} == {("", "", "A1")}
