"""The audit's chain, and a verifier that needs nothing but Python's standard library.

Every entry carries the digest of the one before it, so that a removed, changed or re-ordered entry is seen. The digest is
SHA-256 over the entry as canonical JSON (keys sorted, no spaces, UTF-8). Checkpoints, signed with Ed25519 (RFC 8032) and kept
outside the database, say how far a chain had come: without them the last entries could be cut off unseen.

Run by itself, on another machine, with this one file:

    python audit_chain.py entries.jsonl [--checkpoints checkpoints.jsonl --key PUBLIC_KEY_HEX]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FIRST = "0" * 64
FIELDS = ("chain", "number", "at", "who", "what", "about", "why", "previous")


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as it is chained. ``at`` is ISO 8601 in UTC; ``who`` a username, or "" for the system."""

    chain: str
    number: int
    at: str
    who: str
    what: str
    about: str
    why: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a chain had come: its last entry's number and digest, signed."""

    chain: str
    number: int
    digest: str
    at: str
    signature: str

    def message(self) -> bytes:
        """What is signed."""
        return f"wholepicture audit\n{self.chain}\n{self.number}\n{self.digest}\n{self.at}".encode()


def digest_of(fields: Mapping[str, str | int]) -> str:
    """The digest of an entry's fields (``FIELDS``)."""
    plain = {name: fields[name] for name in FIELDS}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def faults(
    links: Iterable[Link], checkpoints: Iterable[Checkpoint] = (), *, key: bytes | None = None
) -> Iterator[str]:
    """What is wrong with chains, one line a fault; nothing where all is well.

    ``links`` in order of chain and number. ``key``: the public key (32 bytes) that checkpoints must be signed with.
    """
    last: dict[str, Link] = {}
    marks: dict[tuple[str, int], str] = {}
    wanted = list(checkpoints)
    numbers = {(c.chain, c.number) for c in wanted}
    for link in links:
        before = last.get(link.chain)
        number, previous = (before.number + 1, before.digest) if before else (1, FIRST)
        if link.number != number:
            yield f"{link.chain}: entry {number} is missing (entry {link.number} comes next)."
        elif link.previous != previous:
            yield f"{link.chain}: entry {link.number} does not follow the one before it: one of them was changed or moved."
        fields = {name: getattr(link, name) for name in FIELDS}
        if digest_of(fields) != link.digest:
            yield f"{link.chain}: entry {link.number} was changed after it was written."
        last[link.chain] = link
        if (link.chain, link.number) in numbers:
            marks[(link.chain, link.number)] = link.digest
    for checkpoint in wanted:
        yield from _against(checkpoint, marks.get((checkpoint.chain, checkpoint.number)), key)


def _against(checkpoint: Checkpoint, found: str | None, key: bytes | None) -> Iterator[str]:
    name = f"{checkpoint.chain}: checkpoint at entry {checkpoint.number} ({checkpoint.at})"
    if key is not None and not signed_by(key, checkpoint.message(), checkpoint.signature):
        yield f"{name}: the signature is not that of the key given."
    elif found is None:
        yield f"{name}: that entry is gone. Entries have been cut off the end."
    elif found != checkpoint.digest:
        yield f"{name}: that entry is not the one that was signed. The chain was written again."


# Ed25519 verification, straight from RFC 8032, section 5.1.7 (slow and sufficient).
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_Point = tuple[int, int, int, int]


def _add(a: _Point, b: _Point) -> _Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % _P, (a[1] + a[0]) * (b[1] + b[0]) % _P
    c, d = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    x, y, z, t = f - e, d - c, d + c, f + e
    return (x * y % _P, z * t % _P, y * z % _P, x * t % _P)


def _times(scalar: int, point: _Point) -> _Point:
    total: _Point = (0, 1, 1, 0)
    while scalar > 0:
        if scalar & 1:
            total = _add(total, point)
        point = _add(point, point)
        scalar >>= 1
    return total


def _recover_x(y: int, sign: int) -> int | None:
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P)
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    return _P - x if x & 1 != sign else x


def _decompress(raw: bytes) -> _Point | None:
    if len(raw) != 32:
        return None
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % _P)


def signed_by(key: bytes, message: bytes, signature: str) -> bool:
    """Whether a hexadecimal Ed25519 signature of a message is a public key's."""
    try:
        raw = bytes.fromhex(signature)
    except ValueError:
        return False
    if len(raw) != 64:
        return False
    point, nonce = _decompress(key), _decompress(raw[:32])
    scalar = int.from_bytes(raw[32:], "little")
    base_y = 4 * pow(5, _P - 2, _P) % _P
    base_x = _recover_x(base_y, 0)
    if point is None or nonce is None or scalar >= _L or base_x is None:
        return False
    base = (base_x, base_y, 1, base_x * base_y % _P)
    challenge = int.from_bytes(hashlib.sha512(raw[:32] + key + message).digest(), "little") % _L
    left, right = _times(scalar, base), _add(nonce, _times(challenge, point))
    return (left[0] * right[2] - right[0] * left[2]) % _P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % _P == 0


def read_links(path: Path) -> Iterator[Link]:
    """Entries from JSON Lines, as ``wholepicture audit export`` writes them."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield Link(**json.loads(line))


def read_checkpoints(path: Path) -> list[Checkpoint]:
    """Checkpoints from JSON Lines."""
    return [Checkpoint(**json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()]


def main() -> int:
    """Verify an export; 0 if all is well, 1 if something is wrong."""
    parser = argparse.ArgumentParser(description="Verify an audit export.")
    parser.add_argument("entries", type=Path)
    parser.add_argument("--checkpoints", type=Path)
    parser.add_argument("--key", help="the public key, in hexadecimal")
    options = parser.parse_args()
    checkpoints = read_checkpoints(options.checkpoints) if options.checkpoints else []
    found = list(
        faults(
            read_links(options.entries), checkpoints, key=bytes.fromhex(options.key) if options.key else None
        )
    )
    print("\n".join(found) if found else "The audit is whole.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
