"""Credentials that anybody can check: Open Badges 3.0 as W3C verifiable credentials, signed with Ed25519."""

from wholepicture.core.credentials.badge import Badge, did_document, licence_badge
from wholepicture.core.credentials.proof import (
    CredentialError,
    canonical,
    multikey,
    private_key,
    public_key,
    sign,
    verified,
)
from wholepicture.core.credentials.status import LIST_BITS, bit_of, status_list

__all__ = [
    "LIST_BITS",
    "Badge",
    "CredentialError",
    "bit_of",
    "canonical",
    "did_document",
    "licence_badge",
    "multikey",
    "private_key",
    "public_key",
    "sign",
    "status_list",
    "verified",
]
