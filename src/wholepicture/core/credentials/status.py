"""Whether credentials stand: one bit each in a list (W3C Bitstring Status List 1.0), long enough that one look says nothing."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterable
from typing import Any

# The specification's least: a list so long that who fetches it does not say which bit they want.
LIST_BITS = 131_072


def encoded(bits: Iterable[int]) -> str:
    """The list with these bits set, as multibase base64url ("u") of its gzip."""
    found = bytearray(LIST_BITS // 8)
    for bit in bits:
        found[bit // 8] |= 0x80 >> (bit % 8)
    packed = gzip.compress(bytes(found), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def bit_of(text: str, bit: int) -> bool:
    """Whether a bit is set in an encoded list."""
    raw = base64.urlsafe_b64decode(text.removeprefix("u") + "=" * (-len(text.removeprefix("u")) % 4))
    found = gzip.decompress(raw)
    return bool(found[bit // 8] & (0x80 >> (bit % 8)))


def status_list(*, address: str, issuer: str, bits: Iterable[int], valid_from: str) -> dict[str, Any]:
    """The credential that holds the list of revoked credentials, to be signed."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": valid_from,
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(bits),
        },
    }
