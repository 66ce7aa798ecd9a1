"""What a password may not be: words anybody would try here, and passwords known from breaches elsewhere."""

from __future__ import annotations

import hashlib
import os
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

# docs/security.md lists them.
OWN_WORDS = ("wholepicture", "police", "constabulary", "password", "welcome", "safeguarding", "vulnerab")


class OwnWordsValidator:
    """Refuses a password that is little more than a word of this place: the product's, the force's, the user's own name."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if less than eight characters are left once such words are taken out."""
        rest = password.casefold()
        words = [
            *OWN_WORDS,
            *(getattr(user, name, "") or "" for name in ("username", "first_name", "last_name")),
        ]
        words += str(getattr(user, "force", None) or "").split()
        for word in sorted(words, key=len, reverse=True):
            if len(word) > 2:
                rest = rest.replace(word.casefold(), "")
        if len(rest) < 8:
            raise ValidationError(
                "This password is little more than your name or a word that anybody would try here. Choose another.",
                code="own_words",
            )

    def get_help_text(self) -> str:
        """What is said beside the field."""
        return "Not your name, your force or a word that anybody would try here."


class BreachedValidator:
    """Refuses a password that was found in a breach, where a file of their hashes is given (BREACHED_PASSWORDS)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if it is in the file."""
        if settings.BREACHED_PASSWORDS and is_breached(password, settings.BREACHED_PASSWORDS):
            raise ValidationError(
                "This password has been found in a breach somewhere else, so others will try it. Choose another.",
                code="breached",
            )

    def get_help_text(self) -> str:
        """What is said beside the field."""
        return "Not one that has been found in a breach."


def is_breached(password: str, path: str) -> bool:
    """Whether a password's SHA-1 is in a file of lines "HASH:count", in order of hash: looked for by halving, never read whole."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with open(path, "rb") as lines:
        low, high = 0, os.path.getsize(path)
        while low < high:
            middle = (low + high) // 2
            lines.seek(middle)
            if middle:
                lines.readline()  # to the start of the next line
            at, line = lines.tell(), lines.readline()
            found = line[:40].upper()
            if not line or found > wanted:
                high = middle
            elif found < wanted:
                low = at + len(line) if at + len(line) > low else middle + 1
            else:
                return True
        lines.seek(low)
        return lines.readline()[:40].upper() == wanted
