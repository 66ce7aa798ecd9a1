"""The shell command, as somebody at a terminal uses it."""

import io
import json
from pathlib import Path

import pytest

from wholepicture.cli.main import main

ACCOUNT = "IP is 14 weeks pregnant. Her ex put his hands round her throat. Denies self harm."


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.txt"
    path.write_text(ACCOUNT, "utf-8")
    return path


def test_look_prints_the_picture(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["look", str(log)]) == 0
    out = capsys.readouterr().out
    assert "Strangled or suffocated: present" in out
    assert "What we do not know yet" in out
    assert "\x1b[" not in out


def test_look_json_is_one_object_a_line(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["look", "--json", str(log), str(log)]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [r["schema"] for r in records] == [1, 1]
    assert records[0]["source"] == str(log)


def test_look_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ACCOUNT.encode())))
    assert main(["look", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["participants"][0]["label"] == "IP"


def test_look_html_is_one_page_with_nothing_from_elsewhere(tmp_path: Path) -> None:
    log = tmp_path / "a.txt"
    log.write_text(ACCOUNT + " <script>alert(1)</script>", "utf-8")
    page = tmp_path / "page.html"
    assert main(["look", str(log), "--html", str(page)]) == 0
    text = page.read_text("utf-8")
    assert "<script" not in text
    assert "src=" not in text
    assert "Strangulation" in text


def test_good_files_are_kept_when_one_is_bad(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["look", "--json", str(tmp_path / "none.txt"), str(log)]) == 1
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 1
    assert "none.txt" in captured.err


def test_nothing_readable_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("", "utf-8")
    assert main(["look", str(empty)]) == 2
    assert "empty" in capsys.readouterr().err


def test_catalogue_check_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "check"]) == 0
    assert "0 to look at" in capsys.readouterr().out


def test_catalogue_check_names_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.toml").write_text("[[factor]]\nid='x-y'\n", "utf-8")
    assert main(["catalogue", "check", str(tmp_path)]) == 2
    assert "own.toml: factor 'x-y': field name: missing." in capsys.readouterr().err


def test_catalogue_check_finds_what_can_never_be_recognised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.toml").write_text(
        "[[factor]]\nid='x-y'\nname='Something'\nsays='Something about them.'\nstrands=['anyone']\nquestion='So?'\nsource='practice-judgement'\n",
        "utf-8",
    )
    assert main(["catalogue", "check", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "never recognisable" in out
    assert "unreachable" in out


def test_catalogue_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "show", "strangulation"]) == 0
    assert "S05" in capsys.readouterr().out
    assert main(["catalogue", "show", "nothing-such"]) == 2


def test_evaluate_counts_and_keeps_good_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "marked.csv"
    sheet.write_text(
        'id,narrative,words,concept,state,person\n1,"IP is pregnant. Her son has autism.",pregnant,pregnant,present,ip\n1,,autism,autism,present,son\n1,,not there,autism,,\n1,,son,no-such,,\n'
        "1,,pregnant,dementia|pregnant,,\n1,,autism,dementia,,\n1,,Her son,pregnant,,\n",
        "utf-8",
    )
    assert main(["evaluate", str(sheet), "--misses"]) == 1
    captured = capsys.readouterr()
    assert "marked 5, found 3: recall 0.600" in captured.out
    assert "somewhere in the narrative: 4 (0.800)" in captured.out
    assert "any concept on the words: 5 (1.000)" in captured.out
    assert "person as marked: 2 of 2" in captured.out
    assert "row 4: column words" in captured.err
    assert "row 5: column concept" in captured.err


def test_evaluate_tells_nobody_from_somebody_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "marked.csv"
    sheet.write_text(
        "id,narrative,words,concept,state,person\n"
        '1,"IP is pregnant. Her son has autism.",pregnant,pregnant,,partner|ip\n'
        "1,,autism,autism,,ip\n"
        '2,"The victim was staying with an aunt, who has bipolar. She was in tears.",in tears,low-mood-or-anxiety,,victim\n',
        "utf-8",
    )
    assert main(["evaluate", str(sheet), "--misses"]) == 0
    out = capsys.readouterr().out
    assert "person as marked: 1 of 3 (0.333); put to somebody else: 1" in out
    assert '"autism" marked ip, read her son child' in out
    assert '"in tears" marked victim, read nobody' in out


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    assert "wholepicture look log.txt" in capsys.readouterr().out
