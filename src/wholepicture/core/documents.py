"""Get the words out of what people hand in: text, Word and PDF."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath
from xml.etree.ElementTree import ParseError

import docx
import pypdf
from docx.opc.exceptions import PackageNotFoundError
from pypdf.errors import PdfReadError

MOST_BYTES = 5 * 1024 * 1024
MOST_CHARACTERS = 200_000
_ENCODINGS = ("utf-8-sig", "cp1252")


class UnreadableError(ValueError):
    """A file or text that cannot be used; the message says why and how to mend it."""


def text_of(name: str, data: bytes) -> str:
    """The text of a .txt, .docx or .pdf file, told by its content and then its name.

    Raises:
        UnreadableError: with what is wrong and how to mend it.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableError(
            f"{name} is larger than {MOST_BYTES // 1024 // 1024} MB. Paste the part that matters, or split the file."
        )
    if not data.strip():
        raise UnreadableError(f"{name} is empty. Choose a file that has the account in it.")
    if data.startswith(b"%PDF"):
        return usable(_pdf(name, data), name)
    if data.startswith(b"PK\x03\x04"):
        return usable(_docx(name, data), name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError(
            f"{name} is an older Word file (.doc), or is protected by a password. Save it as .docx without a password."
        )
    if PurePath(name).suffix.lower() in (".docx", ".pdf"):
        raise UnreadableError(
            f"{name} is not a real {PurePath(name).suffix.lower()} file. Open it where it was written and save it again."
        )
    return usable(_plain(name, data), name)


def usable(text: str, name: str = "The text") -> str:
    """Check that there is text, and not more than can be read at once."""
    if not text.strip():
        raise UnreadableError(f"{name} is empty. Paste or type the account first.")
    if len(text) > MOST_CHARACTERS:
        raise UnreadableError(
            f"{name} is {len(text):,} characters long; at most {MOST_CHARACTERS:,} can be read at once. Split it, for example by log or by day."
        )
    if "\x00" in text:
        raise UnreadableError(f"{name} is not text. Choose a .txt, .docx or .pdf file, or paste the words.")
    return text


def _plain(name: str, data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if b"\x00" in data[:8192] or sum(b < 9 or 13 < b < 32 for b in data[:8192]) > len(data[:8192]) // 50:
        raise UnreadableError(f"{name} is not text. Choose a .txt, .docx or .pdf file, or paste the words.")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    # Mixed encodings: keep every word that can be read and mark the bytes that cannot.
    return data.decode("utf-8", errors="replace")


def _docx(name: str, data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(i.file_size for i in archive.infolist()) > 20 * MOST_BYTES:
                raise UnreadableError(
                    f"{name} unpacks to far more than it should. Copy the words into a new document."
                )
        document = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, ParseError) as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError(
            f"{name} is not a Word document that can be read. Save it again as .docx, or paste the words."
        ) from error
    lines = [p.text for p in document.paragraphs]
    lines += [" | ".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    return "\n".join(lines)


def _pdf(name: str, data: bytes) -> str:
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError(f"{name} is protected by a password. Save a copy without the password.")
        text = "\n".join(page.extract_text() or "" for page in reader.pages)
    except (PdfReadError, KeyError, ValueError, TypeError, RecursionError, NotImplementedError) as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError(
            f"{name} is a PDF that cannot be read; it may be damaged. Save it again, or paste the words."
        ) from error
    if not text.strip():
        raise UnreadableError(
            f"{name} is a scan: it holds pictures of words, not words. Use the original document, or type what matters."
        )
    return text
