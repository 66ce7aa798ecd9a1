"""The documents build into a site by themselves, and fetch nothing from anybody."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_documents_build_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        fetched = re.findall(
            r'<(?:link|script|img|iframe)[^>]*(?:href|src)="(https?://[^"]+)"', page.read_text("utf-8")
        )
        assert [f for f in fetched if 'rel="canonical"' not in f] == [], page


def test_every_document_for_a_reader_is_in_the_contents() -> None:
    contents = (ROOT / "mkdocs.yml").read_text("utf-8")
    missing = [p.name for p in (ROOT / "docs").glob("*.md") if p.name not in contents]
    assert missing == []
