"""Recognition compiled and from its sources: the same findings, and never those of other sources."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import need
from wholepicture.core import compiled
from wholepicture.core.recognition import __file__ as package
from wholepicture.core.recognition import default_recogniser, recognise

EVALUATION = Path(__file__).parents[3] / "evaluation"
MADE = compiled.home(Path(package).parent)


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
    """What is recognised, and from where: run by itself with what an environment says."""
    found = [default_recogniser().recognise(text) for text in narratives()]
    return json.dumps([recognise.__file__, found])


def test_the_compiled_modules_find_what_the_sources_find() -> None:
    need(MADE.exists(), "recognition compiled (scripts/compile, and a C compiler)")
    said = {}
    for choice in ("0", "1"):
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "from tests.core.recognition.test_compiled import answers; print(answers())",
            ],
            env=os.environ | {"WHOLEPICTURE_COMPILED": choice},
            capture_output=True,
            text=True,
            check=True,
        )
        said[choice] = json.loads(done.stdout)
    assert said["0"][0].endswith("recognise.py")
    assert said["1"][0].startswith(str(MADE))
    assert said["0"][1] == said["1"][1]


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
    (sources / "words.py").write_text("A = 2\n")
    path = [str(sources)]
    compiled.prefer(sources, path)
    assert path == [str(sources)]
