"""How much anybody may do in a minute of what costs much or could be used to carry data off."""

from __future__ import annotations

import time

from django.core.cache import cache

from wholepicture.web.accounts.models import User


class TooOftenError(Exception):
    """Somebody did something more often in a minute than anybody has need to."""


# docs/security.md gives the reasons.
MOST_A_MINUTE = {"search": 30, "open": 20, "copy": 20, "api": 600}


def spend(user: User, what: str) -> None:
    """Count one against what somebody may do in this minute.

    Raises:
        TooOftenError: it is used up.
    """
    key = f"spent:{what}:{user.pk}:{int(time.time() // 60)}"
    cache.add(key, 0, 120)
    try:
        spent = cache.incr(key)
    except ValueError:  # it went out of the cache between the two
        spent = 1
    if spent > MOST_A_MINUTE[what]:
        raise TooOftenError(what)
