"""The same run on Apache Spark, in local mode with three workers: the same to the byte as on one machine."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from tests.bulk.conftest import bytes_of
from tests.conftest import need


def test_spark_makes_what_one_machine_makes(extract: Path, ran: Path, tmp_path: Path) -> None:
    need(importlib.util.find_spec("pyspark"), "PySpark (make spark)")
    need(shutil.which("java"), "Java 17 (Debian: apt-get install openjdk-17-jre-headless)")
    out = tmp_path / "run"
    command = [sys.executable, "-m", "wholepicture.cli.main", "bulk", "run", str(extract), "--out", str(out)]
    command += ["--synthetic", "--engine", "spark-local[3]"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert bytes_of(out) == bytes_of(ran)
