"""Recognition and the picture, compiled and from their sources: the same to the letter, and never those of other sources."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import need
from wholepicture.core import compiled, contract, picture, recognition
from wholepicture.core.picture import draw
from wholepicture.core.recognition import default_recogniser, recognise

EVALUATION = Path(__file__).parents[2] / "evaluation"


def narratives() -> list[str]:
    """Every tenth of the marked narratives, and some that are no narratives."""
    rows = (row for file in sorted(EVALUATION.glob("*.csv")) for row in csv.DictReader(file.open()))
    return [
        *[row["narrative"] for row in rows if row["narrative"]][::10],
        "",
        "\u202e?!\n\n" * 40,
        "İI’ſ " * 9,
    ]


def answers() -> str:
    """What is recognised and drawn, and by which files: run by itself with what an environment says."""
    recogniser = default_recogniser()
    found = [contract.look(recogniser, text, source="a test", on=date(2026, 3, 1)) for text in narratives()]
    return json.dumps({"files": [recognise.__file__, sys.modules[draw.__module__].__file__], "found": found})


def test_the_compiled_modules_find_and_draw_what_the_sources_do() -> None:
    made = [compiled.home(Path(str(package.__file__)).parent) for package in (recognition, picture)]
    need(all(m.exists() for m in made), "what is compiled (scripts/compile, and a C compiler)")
    said = {}
    for choice in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", "from tests.core.test_compiled import answers; print(answers())"],
            env=os.environ | {"WHOLEPICTURE_COMPILED": choice},
            capture_output=True,
            text=True,
            check=True,
        )
        said[choice] = json.loads(done.stdout)
    assert [Path(file).suffix for file in said["0"]["files"]] == [".py", ".py"]
    assert [Path(file).parent for file in said["1"]["files"]] == [m / "modules" for m in made]
    assert said["0"]["found"] == said["1"]["found"]


def test_changed_sources_are_not_hidden_by_what_was_compiled_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    monkeypatch.delenv("WHOLEPICTURE_COMPILED", raising=False)
    monkeypatch.setattr(sys, "path", [])
    sources = tmp_path / "words"
    sources.mkdir()
    (sources / "words.py").write_text("A = 1\n")
    (compiled.home(sources) / "modules").mkdir(parents=True)
    path = [str(sources)]
    compiled.prefer(sources, path)
    assert path == [str(compiled.home(sources) / "modules"), str(sources)]
    practice = tmp_path / "practice"
    practice.mkdir()
    for changed in (sources / "words.py", practice / "model.py"):
        before = compiled.home(sources)
        changed.write_text("A = 2\n")
        assert compiled.home(sources) != before
    path = [str(sources)]
    compiled.prefer(sources, path)
    assert path == [str(sources)]
