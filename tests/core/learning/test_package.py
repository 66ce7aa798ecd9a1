"""Packages that anybody may have made: nothing leads out of them, nothing bursts, what is wrong is said."""

from __future__ import annotations

import io
import stat
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.learning import ContentError, pack, shipped_files, unpack
from wholepicture.core.learning.package import LARGEST_FILE, MOST_FILES


def zipped(entries: dict[str, bytes | str], *, link: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
        if link:
            info = zipfile.ZipInfo(link)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def test_what_is_packed_is_unpacked_and_the_same_files_give_the_same_bytes() -> None:
    files = shipped_files("look-beyond-the-obvious")
    assert unpack(pack(files)) == files
    assert pack(files) == pack(dict(reversed(files.items())))


def test_one_folder_round_it_and_what_a_mac_adds_do_not_matter() -> None:
    data = zipped(
        {
            "mine/course.toml": "a = 1",
            "mine/x.md": "x",
            "__MACOSX/mine/._x": b"\xff\xfe",
            "mine/.DS_Store": b"\xff",
        }
    )
    assert unpack(data) == {"course.toml": "a = 1", "x.md": "x"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"not a zip", "not a zip file"),
        (b"", "not a zip file"),
        (zipped({"../out.md": "x"}), "leads out of the package"),
        (zipped({"/etc/x.md": "x"}), "leads out of the package"),
        (zipped({"a\\..\\x.md": "x"}), "leads out of the package"),
        (zipped({"C:x.md": "x"}), "leads out of the package"),
        (zipped({"course.toml": ""}, link="x.md"), "a link to another file"),
        (zipped({"run.sh": "x"}), "only .toml, .md, .txt"),
        (zipped({"x.md": b"\xff\xfe\xff"}), "not UTF-8"),
        (zipped({"x.md": b"0" * (LARGEST_FILE + 1)}), "too large"),
        (zipped({f"{n}.md": b"0" * LARGEST_FILE for n in range(9)}), "too large"),
        (zipped({f"{n}.md": "x" for n in range(MOST_FILES + 1)}), "at most"),
    ],
)
def test_a_bad_package_is_refused_with_why(data: bytes, said: str) -> None:
    with pytest.raises(ContentError, match=said):
        unpack(data)


def test_a_zip_that_lies_about_its_size_is_not_believed() -> None:
    data = bytearray(zipped({"x.md": b"0" * (LARGEST_FILE * 3)}))
    # The size in the central directory is put at one byte: a reader that trusts it lets the bomb through.
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1).to_bytes(4, "little")
    with pytest.raises(ContentError):
        unpack(bytes(data))


@given(st.binary(max_size=400))
def test_whatever_is_sent_is_read_or_refused(data: bytes) -> None:
    for tried in (data, b"PK\x03\x04" + data, zipped({"x.md": "y"})[: len(data)] + data):
        with suppress(ContentError):
            assert all(isinstance(text, str) for text in unpack(tried).values())
