"""Signing and checking with the cryptosuite eddsa-rdfc-2022 (W3C Data Integrity EdDSA Cryptosuites 1.0, section 3.2).

Contexts come from files beside this module; nothing is ever fetched, so what is signed cannot be changed by who serves a context.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pyld import jsonld

from wholepicture.core.credentials import base58

CONTEXTS = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-3.0.3.json",
}
SUITE = "eddsa-rdfc-2022"
_ED25519 = b"\xed\x01"


class CredentialError(ValueError):
    """A credential that cannot be taken; the message says why."""


@lru_cache(maxsize=8)
def _context(address: str) -> Any:
    return json.loads((Path(__file__).parent / "contexts" / CONTEXTS[address]).read_text("utf-8"))


def _load(address: str, _options: Any = None) -> dict[str, Any]:
    if address not in CONTEXTS:
        raise CredentialError(f"The context {address} is not known here.")
    return {"contextUrl": None, "documentUrl": address, "document": _context(address)}


def canonical(document: Mapping[str, Any]) -> bytes:
    """A JSON-LD document as canonical N-Quads (RDFC-1.0).

    Raises:
        CredentialError: it is no JSON-LD, or has a context that is not known here. (A term that no context defines has no meaning and is
            not signed: read nothing from a credential but the terms of badge.py.)
    """
    options = {"documentLoader": _load, "algorithm": "URDNA2015", "format": "application/n-quads"}
    try:
        expanded = jsonld.expand(dict(document), {"documentLoader": _load})
        found = jsonld.normalize(dict(document), options)
    except jsonld.JsonLdError as error:
        cause = error.__cause__ or error
        raise CredentialError(f"It cannot be read as a credential: {str(cause)[:200]}") from None
    if not expanded:
        raise CredentialError("Nothing in it has a meaning.")
    return str(found).encode()


def private_key(secret: bytes) -> Ed25519PrivateKey:
    """A key from its 32 secret bytes."""
    return Ed25519PrivateKey.from_private_bytes(secret)


def multikey(key: Ed25519PublicKey) -> str:
    """A public key as multibase, as a DID document has it."""
    return "z" + base58.encode(_ED25519 + key.public_bytes_raw())


def public_key(text: str) -> Ed25519PublicKey:
    """The public key of a multibase text.

    Raises:
        CredentialError: it is no Ed25519 key.
    """
    try:
        raw = base58.decode(text.removeprefix("z"))
        if not text.startswith("z") or not raw.startswith(_ED25519):
            raise ValueError
        return Ed25519PublicKey.from_public_bytes(raw[2:])
    except ValueError:
        raise CredentialError("That is no Ed25519 key.") from None


def _to_sign(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    config = {"@context": document["@context"], **{k: v for k, v in proof.items() if k != "proofValue"}}
    return sha256(canonical(config)).digest() + sha256(canonical(document)).digest()


def sign(document: Mapping[str, Any], key: Ed25519PrivateKey, *, method: str, created: str) -> dict[str, Any]:
    """A document with its proof, as an array of one (1EdTech's schema asks for an array). ``created``: an XML date-time in UTC."""
    proof = {
        "type": "DataIntegrityProof",
        "created": created,
        "verificationMethod": method,
        "cryptosuite": SUITE,
        "proofPurpose": "assertionMethod",
    }
    signature = key.sign(_to_sign(document, proof))
    return {**document, "proof": [{**proof, "proofValue": "z" + base58.encode(signature)}]}


def verified(credential: Mapping[str, Any], keys: Mapping[str, str]) -> None:
    """Check the proof of a credential against the keys of its issuer (method: multibase).

    Raises:
        CredentialError: there is no proof of this kind, by none of these keys, or what was signed is not what is here.
    """
    proofs = credential.get("proof")
    found = proofs if isinstance(proofs, list) else [proofs]
    if len(found) != 1 or not isinstance(found[0], dict):
        raise CredentialError("It has no proof, or more than one.")
    proof = found[0]
    if proof.get("cryptosuite") != SUITE or proof.get("proofPurpose") != "assertionMethod":
        raise CredentialError("Its proof is of a kind that is not known here.")
    method = str(proof.get("verificationMethod"))
    if method not in keys:
        raise CredentialError("It was not signed by a key of this issuer.")
    document = {k: v for k, v in credential.items() if k != "proof"}
    if not isinstance(document.get("@context"), list):
        raise CredentialError("It has no contexts.")
    key, signed = public_key(keys[method]), _to_sign(document, proof)
    try:
        key.verify(base58.decode(str(proof.get("proofValue", "")).removeprefix("z")), signed)
    except (InvalidSignature, ValueError):
        raise CredentialError("It has been changed since it was signed.") from None
