"""Credentials: 1EdTech's published vector byte for byte, and what is refused; a second library says the same."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.credentials import (
    LIST_BITS,
    Badge,
    CredentialError,
    base58,
    bit_of,
    canonical,
    did_document,
    licence_badge,
    multikey,
    private_key,
    sign,
    status,
    status_list,
    verified,
)

HERE = Path(__file__).parent
KEY = private_key(bytes.fromhex("6241a409e6707bb640a0140a8a32bc3d193c33a661747284d6adfa4ed4180be4"))
PUBLIC = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
METHOD = f"https://example.edu/issuers/565049#{PUBLIC}"
# 1EdTech, Open Badges 3.0 Implementation Guide, "Linked Data Proof Test Vector for Open Badges 3.0": the example credential.
DOCUMENT: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "http://example.com/credentials/3527",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {
        "id": "https://example.edu/issuers/565049",
        "type": ["Profile"],
        "url": "https://www.imsglobal.org",
        "name": "Example Corp",
    },
    "validFrom": "2010-01-01T00:00:00Z",
    "name": "Teamwork Badge",
    "credentialSubject": {
        "id": "did:example:ebfeb1f712ebc6f1c276e12ec21",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://example.com/achievements/21st-century-skills/teamwork",
            "type": ["Achievement"],
            "criteria": {
                "narrative": "Team members are nominated for this badge by their peers and recognized upon review by Example Corp management."
            },
            "description": "This badge recognizes the development of the capacity to collaborate within a group environment.",
            "name": "Teamwork",
        },
    },
}


def test_the_published_vector_byte_for_byte() -> None:
    assert multikey(KEY.public_key()) == PUBLIC
    assert canonical(DOCUMENT).decode() == (HERE / "vector-document.nq").read_text()
    assert sha256(canonical(DOCUMENT)).hexdigest() == (
        "87f65a76d40146205e3b3e06cb0fbd153f97f9ce70372390f52566bb7f9e0773"
    )
    signed = sign(DOCUMENT, KEY, method=METHOD, created="2010-01-01T19:23:24Z")
    (proof,) = signed["proof"]
    config = {"@context": DOCUMENT["@context"], **{k: v for k, v in proof.items() if k != "proofValue"}}
    assert canonical(config).decode() == (HERE / "vector-proof.nq").read_text()
    assert sha256(canonical(config)).hexdigest() == (
        "d34009cea0dbc1ca941e09dc01c8c9d3e3ce3c5b853f67ee44698dcea10f5d19"
    )
    value = "z5x9aCBYovW3CQCbKdNyhEm7ffYSw1YpEdPywQJoNbzDD2gkzQDKJ1sYKJaWvqZtkMtSbz35HcbgXVEDYHxCzgkCr"
    assert proof["proofValue"] == value
    assert base58.decode(value[1:]).hex() == (
        "f7a017acf7d27983267ec362657c0fb08e955549f49dac5bf36a03c4f2c3a4f1"
        "e3738a6c5ecd7ffba7135cb9cd754e6196f4b73082ea8df8e703c8ecd4333503"
    )
    verified(signed, {METHOD: PUBLIC})


DID = f"did:key:{PUBLIC}"
DID_METHOD = f"{DID}#{PUBLIC}"


def badge(**more: object) -> dict[str, Any]:
    """A licence of ours, signed by a key that any verifier can read from its own name."""
    given = {
        "address": "https://wp.example/licences/credentials/5f1c",
        "issuer": DID,
        "issuer_name": "Demo Constabulary",
        "subject": "urn:uuid:7d8f7c9c-3a3e-4d2e-9a0d-0f3a5b6c7d8e",
        "title": "CSA Investigator",
        "criteria": "Granted by a panel of three.",
        "scheme_address": "https://wp.example/licences/schemes/csa-investigator",
        "valid_from": "2026-01-01T00:00:00Z",
        "valid_until": "2099-01-01T00:00:00Z",
        "status_address": "https://wp.example/licences/status/1",
        "status_bit": 94_567,
        **more,
    }
    return sign(
        licence_badge(Badge(**given)),  # type: ignore[arg-type]
        KEY,
        method=DID_METHOD,
        created="2026-01-01T00:00:00Z",
    )


def changed(credential: dict[str, Any], *path: str, to: object) -> dict[str, Any]:
    copy = json.loads(json.dumps(credential))
    at = copy
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = to
    return copy


@pytest.mark.parametrize(
    ("path", "to", "said"),
    [
        (("validUntil",), "2100-01-01T00:00:00Z", "changed since"),
        (("credentialSubject", "id"), "urn:uuid:00000000-0000-4000-8000-000000000000", "changed since"),
        (("credentialStatus", "statusListIndex"), "1", "changed since"),
        (("name",), "CSA Supervisor", "changed since"),
        (("proof",), [], "no proof, or more than one"),
        (("proof",), None, "no proof, or more than one"),
        (("proof",), [{"cryptosuite": "eddsa-jcs-2022"}], "of a kind that is not known"),
        (("@context",), ["https://evil.example/context"], "is not known here"),
    ],
)
def test_what_was_changed_is_refused(path: tuple[str, ...], to: object, said: str) -> None:
    with pytest.raises(CredentialError, match=said):
        verified(changed(badge(), *path, to=to), {DID_METHOD: PUBLIC})


def test_a_key_that_is_not_the_issuers_is_refused() -> None:
    with pytest.raises(CredentialError, match="not signed by a key of this issuer"):
        verified(badge(), {"did:web:other#1": PUBLIC})
    other = multikey(private_key(b"1" * 32).public_key())
    with pytest.raises(CredentialError, match="changed since"):
        verified(badge(), {DID_METHOD: other})
    with pytest.raises(CredentialError, match="no Ed25519 key"):
        verified(badge(), {DID_METHOD: "zabc"})


def test_a_credential_says_nothing_of_its_holder() -> None:
    assert set(badge()["credentialSubject"]) == {"id", "type", "achievement"}


@given(st.sets(st.integers(0, LIST_BITS - 1), max_size=20), st.integers(0, LIST_BITS - 1))
def test_a_bit_is_set_only_where_it_was_set(bits: set[int], other: int) -> None:
    text = status.encoded(bits)
    assert all(bit_of(text, b) for b in bits)
    assert bit_of(text, other) is (other in bits)
    made = status_list(
        address="https://a.example/1", issuer=DID, bits=bits, valid_from="2026-01-01T00:00:00Z"
    )
    assert made["credentialSubject"]["encodedList"] == text


@given(st.binary(max_size=80))
def test_base58_goes_and_comes_back(data: bytes) -> None:
    assert base58.decode(base58.encode(data)) == data


def test_a_second_library_says_the_same() -> None:
    from openbadgeslib.ob3.ldp import OB3LdpVerifier
    from openbadgeslib.ob3.verifier import OB3VerificationError

    reader = OB3LdpVerifier.for_issuer_did(DID)
    assert reader.verify(badge()).name == "CSA Investigator"
    for wrong in (
        changed(badge(), "validUntil", to="2100-01-01T00:00:00Z"),
        badge(valid_until="2026-02-01T00:00:00Z"),
    ):
        with pytest.raises(OB3VerificationError):
            reader.verify(wrong)


def test_an_issuer_shows_every_key_it_signed_with() -> None:
    found = did_document(
        "did:web:wp.example", {"did:web:wp.example#1": PUBLIC, "did:web:wp.example#2": "z6Mk2"}
    )
    assert found["assertionMethod"] == ["did:web:wp.example#1", "did:web:wp.example#2"]
    assert found["verificationMethod"][0]["publicKeyMultibase"] == PUBLIC
