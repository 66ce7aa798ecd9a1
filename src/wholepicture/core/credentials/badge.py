"""A licence as an Open Badge 3.0: what it is for and until when. Of its holder it says an opaque id, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Badge:
    """What a credential says. Addresses are absolute; ``valid_from`` and ``valid_until`` are XML date-times in UTC."""

    address: str
    issuer: str
    issuer_name: str
    subject: str
    title: str
    criteria: str
    scheme_address: str
    valid_from: str
    valid_until: str
    status_address: str
    status_bit: int


def licence_badge(badge: Badge) -> dict[str, Any]:
    """The credential, to be signed."""
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": badge.address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": badge.issuer, "type": ["Profile"], "name": badge.issuer_name},
        "validFrom": badge.valid_from,
        "validUntil": badge.valid_until,
        "name": badge.title,
        "credentialSubject": {
            "id": badge.subject,
            "type": ["AchievementSubject"],
            "achievement": {
                "id": badge.scheme_address,
                "type": ["Achievement"],
                "achievementType": "License",
                "name": badge.title,
                "description": badge.title,
                "criteria": {"narrative": badge.criteria},
            },
        },
        "credentialStatus": {
            "id": f"{badge.status_address}#{badge.status_bit}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(badge.status_bit),
            "statusListCredential": badge.status_address,
        },
    }


def did_document(did: str, keys: dict[str, str]) -> dict[str, Any]:
    """The DID document of an issuer (did:web): its keys by method, those taken out of use too, so that what they signed can be checked."""
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": key}
            for method, key in keys.items()
        ],
        "assertionMethod": list(keys),
    }
