"""Whatever is handed in: the words, or a message that says how to mend it."""

import contextlib
import io
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest

from wholepicture.core.documents import UnreadableError, text_of


def word(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def blank_pdf(password: str = "") -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 120_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain words", "plain words"),
        ("\ufeffmarked".encode(), "marked"),
        ("caf\xe9".encode("cp1252"), "café"),
        ("wide".encode("utf-16"), "wide"),
        (b"good \x81 and \xc3\xa9 mixed", "good \ufffd and é mixed"),
    ],
)
def test_text_in_many_encodings(data: bytes, text: str) -> None:
    assert text_of("a.txt", data).lstrip("\ufeff") == text


def test_word() -> None:
    assert text_of("a.docx", word("She is pregnant")) == "She is pregnant"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n ", "empty"),
        ("a.txt", b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        ("a.txt", b"x" * 300_000, "at most 200,000"),
        ("a.txt", bytes(range(256)) * 20, "not text"),
        ("a.pdf", b"not a pdf at all", "not a real .pdf"),
        ("a.pdf", blank_pdf(), "scan"),
        ("a.pdf", blank_pdf("secret"), "password"),
        ("a.pdf", b"%PDF-1.7 broken", "cannot be read"),
        ("a.docx", b"PK\x03\x04 broken", "cannot be read|can be read"),
        ("a.docx", bomb(), "unpacks to far more"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + b"x" * 100, "older Word file"),
    ],
)
def test_bad_input_says_how_to_mend_it(name: str, data: bytes, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        text_of(name, data)


def test_a_document_cannot_have_a_file_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret is 42")
    plain = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("MARK she is safe")
    document.save(plain)
    out = io.BytesIO()
    with zipfile.ZipFile(plain) as given, zipfile.ZipFile(out, "w") as made:
        for item in given.infolist():
            data = given.read(item)
            if item.filename == "word/document.xml":
                entity = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]>'.encode()
                head, _, rest = data.partition(b"?>")
                data = head + b"?>" + entity + rest.replace(b"MARK", b"&x;")
            made.writestr(item, data)
    with contextlib.suppress(UnreadableError):
        assert "42" not in text_of("a.docx", out.getvalue())
