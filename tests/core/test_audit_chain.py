"""The chain: whatever is removed, changed or moved is seen, and RFC 8032's own vectors verify."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.audit_chain import FIELDS, FIRST, Checkpoint, Link, digest_of, faults, signed_by

# RFC 8032, section 7.1, tests 1 to 3: public key, message, signature.
VECTORS = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)


def chain(count: int, name: str = "force-1") -> list[Link]:
    links: list[Link] = []
    previous = FIRST
    for number in range(1, count + 1):
        plain = Link(
            name,
            number,
            f"2026-01-01T00:00:{number:02}.000000+00:00",
            "pc",
            "seen",
            f"person:{number}",
            "",
            previous,
            "",
        )
        previous = digest_of({f: getattr(plain, f) for f in FIELDS})
        links.append(replace(plain, digest=previous))
    return links


def test_a_whole_chain_has_no_fault() -> None:
    assert list(faults(chain(9) + chain(3, "force-2"))) == []


@given(st.integers(2, 12), st.data())
def test_whatever_is_done_to_it_is_seen(count: int, data: st.DataObject) -> None:
    links = chain(count)
    at = data.draw(st.integers(0, count - 2))
    harm = data.draw(st.sampled_from(["removed", "changed", "moved", "written again"]))
    if harm == "removed":
        del links[at]
    elif harm == "moved":
        links[at], links[at + 1] = links[at + 1], links[at]
    else:
        links[at] = replace(links[at], why="another reason")
        if harm == "written again":
            links[at] = replace(links[at], digest=digest_of({f: getattr(links[at], f) for f in FIELDS}))
    assert list(faults(links))


def test_entries_cut_off_the_end_are_seen_by_a_checkpoint() -> None:
    links = chain(5)
    mark = Checkpoint("force-1", 5, links[4].digest, "2026-01-01", "")
    assert list(faults(links, [mark])) == []
    assert "cut off" in next(faults(links[:4], [mark]))
    assert "written again" in next(faults(links, [replace(mark, digest="0" * 64)]))


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_rfc_8032_vectors(key: str, message: str, signature: str) -> None:
    raw, said = bytes.fromhex(key), bytes.fromhex(message)
    assert signed_by(raw, said, signature)
    assert not signed_by(raw, said + b"!", signature)
    assert not signed_by(raw, said, ("00" if signature[:2] != "00" else "01") + signature[2:])
    assert not signed_by(raw, said, "not hexadecimal")
