"""A course as one file to hand on: a zip of its texts, read with care because anybody may have made it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from wholepicture.core.learning.course import MANIFEST
from wholepicture.core.learning.read import ContentError

MOST_FILES = 400
LARGEST_FILE = 1_000_000
LARGEST_WHOLE = 8_000_000
SUFFIXES = (".toml", ".md", ".txt")
_WHEN = (2000, 1, 1, 0, 0, 0)


def pack(files: Mapping[str, str]) -> bytes:
    """The zip of a package. The same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _WHEN), files[name].encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unpack(data: bytes) -> dict[str, str]:
    """The texts of a zip, by path, less the one folder that may hold them all.

    Raises:
        ContentError: not a zip, too large when unpacked, a path that leads out of it, something that is not text, or no manifest.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        with archive:
            return _without_folder(_texts(archive))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zipfile.LargeZipFile):
        raise ContentError(
            [
                "This is not a zip file that can be read. Choose the package as it was exported, without a password."
            ]
        ) from None


def _texts(archive: zipfile.ZipFile) -> dict[str, str]:
    entries = [i for i in archive.infolist() if not i.is_dir() and not _aside(i.filename)]
    if len(entries) > MOST_FILES:
        raise ContentError([f"The package holds {len(entries):,} files; at most {MOST_FILES} are read."])
    files: dict[str, str] = {}
    problems: list[str] = []
    room = LARGEST_WHOLE
    for entry in entries:
        fault = _fault(entry, files)
        if fault:
            problems.append(f"{entry.filename[:120]!r}: {fault}")
            continue
        # What the zip says of its sizes may be untrue: what is really unpacked is counted, and no more is read than allowed.
        with archive.open(entry) as stream:
            content = stream.read(min(LARGEST_FILE, room) + 1)
        room -= len(content)
        if len(content) > LARGEST_FILE or room < 0:
            raise ContentError(
                [
                    f"{entry.filename[:120]!r}: unpacked, the package is too large. A file may have {LARGEST_FILE:,} bytes, all of them together {LARGEST_WHOLE:,}."
                ]
            )
        try:
            files[entry.filename] = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\0", "")
        except UnicodeDecodeError:
            problems.append(f"{entry.filename!r}: not UTF-8 text. Save it as UTF-8.")
    if problems:
        raise ContentError(problems)
    return files


def _aside(name: str) -> bool:
    """What a Mac or an editor puts in a zip by itself."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name in (".DS_Store", "Thumbs.db")


def _fault(entry: zipfile.ZipInfo, files: Mapping[str, str]) -> str:
    name = entry.filename
    path = PurePosixPath(name)
    if "\\" in name or ":" in name or path.is_absolute() or ".." in path.parts:
        return "its path leads out of the package. Put it in the package's own folder."
    if (entry.external_attr >> 16) & 0o170000 == 0o120000:
        return "it is a link to another file. Put the file itself in."
    if path.suffix.lower() not in SUFFIXES:
        return f"only {', '.join(SUFFIXES)} files are read. Take it out."
    if name in files:
        return "it stands in the zip twice."
    return ""


def _without_folder(files: dict[str, str]) -> dict[str, str]:
    if MANIFEST in files or not files:
        return files
    tops = {PurePosixPath(n).parts[0] for n in files}
    if len(tops) == 1 and f"{next(iter(tops))}/{MANIFEST}" in files:
        cut = len(next(iter(tops))) + 1
        return {name[cut:]: text for name, text in files.items()}
    return files
