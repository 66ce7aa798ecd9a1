"""The peers' own environment, made once in var/peers, and a call into it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "var" / "peers"
PINS = ["medspacy==1.3.1", "negspacy==1.0.4", "spacy>=3.7,<3.8", "numpy<2", "thinc==8.2.5", "setuptools<81"]


def environment() -> Path:
    """The peers' Python, installed if it is not there yet."""
    python = HOME / "bin" / "python"
    if not (HOME / "ready").exists():
        print("Making the peers' environment (once; a few minutes)...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *PINS], check=True
        )
        (HOME / "ready").touch()
    return python


def run_peer(job: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Run one job of peer_worker.py on one core, logs silenced, and give back what it found."""
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "in.json", Path(folder) / "out.json"
        given.write_text(json.dumps(payload), "utf-8")
        command = [
            str(environment()),
            str(Path(__file__).parent / "peer_worker.py"),
            job,
            str(given),
            str(found),
        ]
        one_core = {
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "LOGURU_LEVEL": "ERROR",
        }
        subprocess.run(
            command,
            check=True,
            env={**os.environ, **one_core},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        result: dict[str, Any] = json.loads(found.read_text("utf-8"))
        return result
