"""A few of the kills that benchmarks/faults does by hundreds: the site as it is served, killed under load."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_killed_under_load_nothing_acknowledged_is_lost_or_doubled() -> None:
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("WHOLEPICTURE_", "DJANGO_"))},
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    command = [sys.executable, "-m", "benchmarks.faults.kills", "--kills", "5", "--clients", "3"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert sum(found["kills"].values()) == 5
    assert found["confirmed"] > 0
