"""Base58 as Bitcoin writes it: what multibase calls base58btc, with "z" before it."""

from __future__ import annotations

_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def encode(data: bytes) -> str:
    """Bytes as base58, each leading zero as a 1."""
    number, found = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        found = _LETTERS[rest] + found
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + found


def decode(text: str) -> bytes:
    """The bytes that a base58 text stands for.

    Raises:
        ValueError: a letter is not of base58.
    """
    number = 0
    for letter in text:
        number = number * 58 + _LETTERS.index(letter)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
