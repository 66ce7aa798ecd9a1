"""Bad input: each row that cannot be used says why, with its row and field, and good rows of the same file are kept."""

from __future__ import annotations

import csv
import errno
import json
import sqlite3
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.bulk.conftest import TODAY
from wholepicture.bulk import folder as folders
from wholepicture.bulk.columns import BulkError
from wholepicture.bulk.running import run

HEAD = "Incident No,Date,Role,Forename,Surname,DOB,Age,Narrative\n"
GOOD = '1,01/02/2026,Victim,Ann,Lee,3/4/1990,35,"She is pregnant. He has threatened to kill her."\n'


def went(tmp_path: Path, *files: Path | str) -> Path:
    out = tmp_path / "out"
    run([str(f) for f in files], out, cores=1, today=TODAY)
    return out


def refused(out: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((out / "rejects.csv").open(encoding="utf-8")))


def numbers(out: Path) -> set[str]:
    return {r for p in (out / "reports").glob("*.parquet") for r in pq.read_table(p)["report"].to_pylist()}


def test_ragged_rows_are_refused_and_the_rest_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        HEAD + GOOD + "2,too,few\n" + GOOD.replace("1,", "3,", 1) + "4,a,b,c,d,e,f,g,h,i\n", "utf-8"
    )
    out = went(tmp_path, path)
    assert numbers(out) == {"1", "3"}
    assert [(r["row"], r["kept"]) for r in refused(out)] == [("2", "no"), ("4", "no")]
    assert "it has 3 values and the header has 8" in refused(out)[0]["why"]


def test_encodings_that_change_within_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [
        GOOD.replace("Ann", "Zoë").encode("utf-8"),
        GOOD.replace("1,", "2,", 1).replace("Ann", "Zoë").encode("cp1252"),
    ]
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.encode() + b"".join(rows))
    out = went(tmp_path, path)
    assert refused(out) == []
    given = [g for p in (out / "people").glob("*.parquet") for g in pq.read_table(p)["given"].to_pylist()]
    assert given == ["Zoë", "Zoë"]


def test_values_that_cannot_be_are_named_and_the_row_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    bad = '5,31/02/2026,Victim,Bo,Ray,01/01/1850,212,"He is homeless."\n'
    future = '6,01/02/2099,Victim,Bo,Ray,2/2/1999,27,"He is homeless."\n'
    path.write_text(HEAD + bad + future + "," * 7 + "\n", "utf-8")
    out = went(tmp_path, path)
    assert numbers(out) == {"5", "6"}
    found = {(r["row"], r["field"]): (r["kept"], r["why"]) for r in refused(out)}
    assert found[("1", "happened")] == ("yes", "“31/02/2026” is no day of the calendar")
    assert found[("1", "born")][0] == "yes"
    assert "176 years old" in found[("1", "born")][1]
    assert "212 is an age that nobody has" in found[("1", "age")][1]
    assert "is to come" in found[("2", "happened")][1]
    assert found[("3", "report")][0] == "no"


def test_a_ten_megabyte_narrative_is_read_as_far_as_any_is(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    long = "She is pregnant. " + "x" * 10_000_000
    path.write_text(
        json.dumps({"id": "1", "text": long})
        + "\n"
        + "{not json\n"
        + json.dumps({"id": "2", "text": "He is homeless."})
    )
    out = went(tmp_path, path)
    assert numbers(out) == {"1", "2"}
    whys = [r["why"] for r in refused(out)]
    assert whys == ["it has 10,000,017 characters; the first 200,000 are read", "the line is no JSON object"]


def test_a_truncated_parquet_is_told_of_before_anything_is_done(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": ["1"], "text": ["She is pregnant."]}), path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(BulkError, match="export it again"):
        went(tmp_path, path)
    assert not (tmp_path / "out").exists()


def test_the_same_from_parquet_jsonl_and_a_database(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "text": "She is pregnant.", "surname": "Lee"},
        {"id": "2", "text": "He is homeless.", "surname": "Ray"},
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with sqlite3.connect(tmp_path / "a.db") as db:
        db.execute("CREATE TABLE incidents (id TEXT, text TEXT, surname TEXT)")
        db.executemany("INSERT INTO incidents VALUES (:id, :text, :surname)", rows)
    found = []
    for source in (tmp_path / "a.parquet", tmp_path / "a.jsonl", f"sqlite://{tmp_path / 'a.db'}#incidents"):
        out = tmp_path / f"out{len(found)}"
        run([str(source)], out, cores=1, today=TODAY)
        (part,) = (out / "findings").glob("*.parquet")
        found.append(pq.read_table(part).drop_columns(["who"]).to_pylist())
    assert found[0] == found[1] == found[2]


def test_a_table_of_postgresql_and_one_that_is_not_there(tmp_path: Path, database_url: str) -> None:
    with psycopg.connect(database_url) as db:
        db.execute("CREATE TABLE incidents (id TEXT, text TEXT, surname TEXT, happened TIMESTAMPTZ)")
        db.execute(
            "INSERT INTO incidents SELECT n, 'She is pregnant.', 'Lee', now() FROM generate_series(1, 5000) n"
        )
    out = went(tmp_path, f"{database_url}#incidents")
    found = [len(pq.read_table(p)) for p in sorted((out / "reports").glob("*.parquet"))]
    assert sum(found) == 5_000
    with pytest.raises(BulkError, match=r"could not be read: .*gone"):
        run([f"{database_url}#gone"], tmp_path / "other", cores=1, today=TODAY)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gone.csv", "is not there"),
        ("a.xls", "give .csv, .parquet or .jsonl"),
        ("sqlite:///x.db#a;b", "name the table"),
    ],
)
def test_what_cannot_be_opened_says_why(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "a.xls").write_text("x")
    source = name if name.startswith("sqlite") else str(tmp_path / name)
    with pytest.raises(BulkError, match=said):
        went(tmp_path, source)


def test_people_in_a_file_of_their_own(tmp_path: Path) -> None:
    incidents, people = tmp_path / "incidents.csv", tmp_path / "people.csv"
    incidents.write_text("urn,summary\n1,The victim is pregnant.\n2,The victim is homeless.\n")
    people.write_text("urn,role,surname\n2,Victim,Ray\n1,Victim,Lee\n9,Victim,Nowhere\n")
    out = went(tmp_path, people, incidents)
    rows = [r for p in (out / "observed").glob("*.parquet") for r in pq.read_table(p).to_pylist()]
    who = {r["concept"]: r["who"] for r in rows}
    assert who["pregnant"] == "000-000000002"
    assert who["homeless-or-unfit-home"] == "000-000000001"


def test_a_column_put_right_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Key,Story\n1,She is pregnant.\n")
    with pytest.raises(BulkError, match=r"columns\.toml"):
        went(tmp_path, path)
    saved = tmp_path / "out" / "columns.toml"
    saved.write_text(
        saved.read_text()
        .replace('report = ""', 'report = "Key"')
        .replace('narrative = ""', 'narrative = "Story"')
    )
    assert numbers(went(tmp_path, path)) == {"1"}


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.docx").write_text("x")
    path = tmp_path / "a.csv"
    path.write_text(HEAD + GOOD)
    with pytest.raises(BulkError, match="holds something that is no run"):
        went(tmp_path, path)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "is full. Make room and run the same command again"),
        (errno.EACCES, "may not be written to"),
    ],
)
def test_what_the_machine_refuses_is_said_and_the_run_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + GOOD)
    kept, calls = folders.os.fsync, []

    def refuses(file: int) -> None:
        calls.append(file)
        if len(calls) == 6:
            raise OSError(number, "refused")
        kept(file)

    monkeypatch.setattr(folders.os, "fsync", refuses)
    with pytest.raises(BulkError, match=said):
        went(tmp_path, path)
    monkeypatch.undo()
    assert numbers(went(tmp_path, path)) == {"1"}
    assert not list((tmp_path / "out").rglob("*.tmp"))


def test_a_file_with_no_report_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD)
    with pytest.raises(BulkError, match="No report could be read"):
        went(tmp_path, path)


def test_narratives_without_names_say_so_on_the_first_page(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "1", "text": "She is pregnant. He has threatened to kill her."}))
    page = (went(tmp_path, path) / "report.html").read_text("utf-8")
    assert "No row says who is in them" in page
    assert "people whose small reports add up" not in page
    assert "<dt>Different people</dt>" not in page
    assert "no day" not in page


@pytest.mark.parametrize(
    ("born", "age", "text", "wanted"),
    [
        ("3/5/2012", "", "The victim was found with two phones on a train.", ["present"]),
        ("", "14", "The victim was found with two phones on a train.", ["present"]),
        ("3/5/1950", "", "The victim is a teenager.", []),
        ("", "", "The victim is a teenager.", ["present"]),
        ("", "", "The victim was found with two phones on a train.", []),
        # The day before they came of age, and the day itself.
        ("3/3/2008", "", "The victim was found with two phones on a train.", ["present"]),
        ("2/3/2008", "", "The victim was found with two phones on a train.", []),
    ],
)
def test_who_is_a_child_is_told_by_their_date_of_birth(
    tmp_path: Path, born: str, age: str, text: str, wanted: list[str]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"urn,date,summary,role,dob,age\n1,2/3/2026 10:00,{text},Victim,{born},{age}\n")
    (part,) = (went(tmp_path, path) / "observed").glob("*.parquet")
    rows = [
        r for r in pq.read_table(part).to_pylist() if r["concept"] == "child" and r["who"] == "000-000000001"
    ]
    assert [r["state"] for r in rows] == wanted
