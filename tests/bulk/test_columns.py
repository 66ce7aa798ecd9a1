"""Columns guessed from headers, saved, put right by hand, and held against the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from wholepicture.bulk.columns import FILE, BulkError, Field, as_toml, check, guess, read_saved


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (["Incident No", "MO", "Date From"], {Field.REPORT: "Incident No", Field.NARRATIVE: "MO", Field.HAPPENED: "Date From"}),
        (["crime_number", "SURNAME", "forename1", "d.o.b."], {Field.REPORT: "crime_number", Field.FAMILY: "SURNAME", Field.GIVEN: "forename1", Field.BORN: "d.o.b."}),
        (["ID", "Report ID", "Summary"], {Field.REPORT: "Report ID", Field.NARRATIVE: "Summary"}),
        (["colour"], {}),
    ],
)  # fmt: skip
def test_guessed(headers: list[str], found: dict[Field, str]) -> None:
    assert guess(headers) == found


def test_saved_and_read_again(tmp_path: Path) -> None:
    mapping = {Field.REPORT: 'The "No"', Field.NARRATIVE: "What\\happened"}
    (tmp_path / FILE).write_text(as_toml({"a.csv": mapping}), "utf-8")
    assert read_saved(tmp_path) == {"a.csv": mapping}


@pytest.mark.parametrize(
    ("text", "said"),
    [("[a", "delete it to have the columns guessed anew"), ('["a.csv"]\ncolour = "x"', "a field is one of")],
)
def test_what_is_wrong_with_a_saved_one_is_said(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(BulkError, match=said):
        read_saved(tmp_path)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({Field.REPORT: "gone", Field.NARRATIVE: "text"}, "there is no such column"),
        ({Field.NARRATIVE: "text"}, "no column looks like the report's own number"),
        ({Field.REPORT: "no"}, "neither a narrative nor names"),
    ],
)
def test_a_column_that_is_missing_says_what_there_is(mapping: dict[Field, str], said: str) -> None:
    with pytest.raises(BulkError, match=said) as caught:
        check(mapping, ["no", "text"], "a.csv")
    assert "Its columns are no, text" in str(caught.value)
