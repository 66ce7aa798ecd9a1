"""Uploaded files: what is taken, and what is said of what is not."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.uploads import KINDS, MOST_BYTES, UploadError, examine

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n"


def docx(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as z:
        for name in names:
            z.writestr(name, "x")
    return packed.getvalue()


WORD = docx("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("A.PNG", b"\x89PNG\r\n\x1a\nrest", "image/png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.docx", WORD, KINDS["docx"]),
        ("a.txt", "Gŵyl".encode(), "text/plain"),
    ],
)
def test_what_is_taken(name: str, content: bytes, kind: str) -> None:
    assert examine(name, content).kind == kind


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.exe", b"MZ", "of a kind that is not taken"),
        ("pdf", PDF, "of a kind that is not taken"),
        ("", PDF, "The file is of a kind that is not taken"),
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"MZ\x90\x00", "not what its name says"),
        ("a.pdf", b"%PDF-1.7 but no end", "not what its name says"),
        ("a.pdf", PDF.replace(b"/Type", b"/OpenAction /JavaScript /Type"), "holds a script"),
        ("a.txt", b"\xff\xfe\x00", "not what its name says"),
        ("a.txt", b"a\0b", "not what its name says"),
        ("a.docx", b"PK\x03\x04 broken", "not what its name says"),
        ("a.docx", docx("hello.txt"), "not what its name says"),
        (
            "a.docx",
            docx("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "not what its name",
        ),
        ("a.txt", b"a" * (MOST_BYTES + 1), "5 MB"),
    ],
)
def test_what_is_not_taken(name: str, content: bytes, said: str) -> None:
    with pytest.raises(UploadError, match=said):
        examine(name, content)


@given(st.text(max_size=200), st.binary(max_size=50))
def test_a_name_is_never_a_path_nor_breaks_a_header(name: str, content: bytes) -> None:
    try:
        found = examine(f"{name}.txt", content)
    except UploadError:
        return
    assert not set('/\\"\r\n\0') & set(found.name)
    assert len(found.name) <= 120
