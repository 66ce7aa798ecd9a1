"""Lists that people bring, pasted or as a file: CSV as spreadsheets write it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.core.files.uploadedfile import UploadedFile

from wholepicture.web.errors import CannotDoError

MOST_BYTES = 1_000_000


def text_of(upload: UploadedFile | None, pasted: str) -> str:
    """The text of a list, from a file where there is one.

    Raises:
        CannotDoError: the file is too large, or no text.
    """
    if upload is None:
        return pasted
    if (upload.size or 0) > MOST_BYTES:
        raise CannotDoError("The file is too large: a list may have 1 MB.")
    data = upload.read()
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = str(data.decode(encoding))
        except UnicodeDecodeError:
            continue
        # A spreadsheet's own file may pass for letters, but never without this.
        if "\0" not in text:
            return text
    raise CannotDoError("The file is not text. Save it as CSV (UTF-8) and try again.")


def rows_of(text: str, *, most: int) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The cells of the first line, and each other line that is not empty with its number; with commas, semicolons or (as pasted from a spreadsheet) tabs between.

    Raises:
        CannotDoError: there is nothing in it; and as the rows are read, it cannot be, or there are more than ``most``.
    """
    text = text.removeprefix("\ufeff").replace("\0", "").strip()
    if not text:
        raise CannotDoError("The list is empty. Paste it, or choose a file.")
    first = text.splitlines()[0]
    delimiter = max(",;\t", key=first.count)
    rows = _rows(text, delimiter, most)
    return next(rows)[1], rows


def _rows(text: str, delimiter: str, most: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    given = -1
    try:
        for cells in reader:
            if any(c.strip() for c in cells):
                given += 1
                if given > most:
                    raise CannotDoError(f"The list has more than {most:,} rows. Give it in parts.")
                yield reader.line_num, [c.strip() for c in cells]
    except csv.Error as error:
        raise CannotDoError(f"Line {reader.line_num} cannot be read: {error}.") from None
