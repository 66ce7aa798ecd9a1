"""Tables to download as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse


def sheet(
    name: str, head: Sequence[str], rows: Iterable[Sequence[Any]], *, above: Iterable[Sequence[Any]] = ()
) -> HttpResponse:
    """A CSV download. A cell that a spreadsheet would take for a formula is given as text (OWASP, "CSV injection").

    ``above``: rows before the table, with an empty one between, such as what it is and what it does not say.
    """
    before = [*above]
    lines = [*before, *([()] if before else ()), head, *rows]
    out = io.StringIO()
    csv.writer(out).writerows([_plain(cell) for cell in row] for row in lines)
    # The mark by which Excel knows UTF-8.
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _plain(cell: Any) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _number(text) else text


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
