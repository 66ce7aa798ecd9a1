"""Signed checkpoints, kept outside the database: without them the end of a chain could be cut off unseen."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from wholepicture.core.audit_chain import Checkpoint
from wholepicture.web.audit.models import Chain
from wholepicture.web.audit.services import stamp


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """The key in ``folder/audit-key.pem``, made there the first time, readable by its owner alone."""
    path = folder / "audit-key.pem"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(
            Ed25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} is not an Ed25519 key.")
    return key


def public_key(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes that a verifier needs."""
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def write(folder: Path) -> list[Checkpoint]:
    """Sign how far every chain has come and add it to ``folder/checkpoints.jsonl``."""
    key = signing_key(folder)
    made = []
    for chain in Chain.objects.order_by("name"):
        plain = Checkpoint(chain.name, chain.number, chain.digest, stamp(timezone.now()), "")
        made.append(Checkpoint(*list(asdict(plain).values())[:-1], key.sign(plain.message()).hex()))
    with (folder / "checkpoints.jsonl").open("a", encoding="utf-8") as lines:
        lines.writelines(json.dumps(asdict(checkpoint)) + "\n" for checkpoint in made)
    return made
