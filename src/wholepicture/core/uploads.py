"""Whether an uploaded file is what its name says, and safe to keep and hand out again."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

MOST_BYTES = 5 * 1024 * 1024
_MOST_UNPACKED = 60 * 1024 * 1024
KINDS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain",
}
TAKEN = "PDF, Word (.docx), text, PNG or JPEG"
# What makes a PDF act by itself when it is opened (ISO 32000-1, 12.6: actions).
_ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b")


class UploadError(ValueError):
    """The file cannot be taken; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be kept: a plain name and its media type."""

    name: str
    kind: str


def examine(name: str, content: bytes) -> Upload:
    """Say what a file is.

    Raises:
        UploadError: it is empty, too large, of a kind that is not taken, not what its name says, or would act by itself.
    """
    plain = re.sub(r"[^\w.() -]", "_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")[-120:]
    ending = plain.rsplit(".", 1)[-1].lower() if "." in plain else ""
    if ending not in KINDS:
        raise UploadError(f"{plain or 'The file'} is of a kind that is not taken. Give it as {TAKEN}.")
    if not content:
        raise UploadError(f"{plain} is empty. Choose the file again.")
    if len(content) > MOST_BYTES:
        raise UploadError(
            f"{plain} is {len(content) / 1024 / 1024:.1f} MB. A file may have {MOST_BYTES // 1024 // 1024} MB: make it smaller, or give it in parts."
        )
    if not _is(ending, content):
        raise UploadError(f"{plain} is not what its name says. Save it anew as {TAKEN} and choose that file.")
    if ending == "pdf" and _ACTS.search(content):
        raise UploadError(
            f"{plain} holds a script or another file. Print it to a new PDF and choose that one."
        )
    return Upload(plain, KINDS[ending])


def _is(ending: str, content: bytes) -> bool:
    if ending == "pdf":
        return content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]
    if ending == "png":
        return content.startswith(b"\x89PNG\r\n\x1a\n")
    if ending in ("jpg", "jpeg"):
        return content.startswith(b"\xff\xd8\xff")
    if ending == "docx":
        return _is_docx(content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "\0" not in text


def _is_docx(content: bytes) -> bool:
    """A Word document without macros, that does not unpack to more than it should."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            unpacked = sum(i.file_size for i in packed.infolist())
    except (zipfile.BadZipFile, ValueError):
        return False
    return (
        "[Content_Types].xml" in names
        and "word/document.xml" in names
        and not any(n.lower().endswith("vbaproject.bin") for n in names)
        and unpacked <= _MOST_UNPACKED
    )
