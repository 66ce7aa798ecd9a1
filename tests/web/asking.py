"""Every address asked by every role, and what does not come out as it should."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.db import transaction
from django.test import Client
from django.urls import reverse

# What an address answers: asked to sign in, not there, not allowed, shown, done, or sent back for its words.
IN, NONE, NO, OK, DONE, BAD = "sign in", 404, 403, 200, "done", 400


def row(who: Sequence[str], default: object, **but: object) -> tuple[object, ...]:
    """What each of ``who`` gets: ``default`` but for some; who is not signed in is sent to sign in."""
    named = {k.replace("_", " "): v for k, v in but.items()}
    assert set(named) <= set(who)
    return tuple(named.get(w, IN if w == "nobody" else default) for w in who)


def not_as_expected(
    expected: Mapping[str, tuple[str, tuple[object, ...]]],
    who: Sequence[str],
    clients: Mapping[str, Client],
    place: Callable[[str], Sequence[object]],
) -> list[tuple[str, str, object, object]]:
    """Address, role, what it got and should have got. ``place``: an address's short name to its arguments. Nothing asked is kept."""
    wrong = []
    for name, (method, wanted) in expected.items():
        address = reverse(name, args=place(name.partition(":")[2]))
        for role, outcome in zip(who, wanted, strict=True):
            with transaction.atomic():
                response = getattr(clients[role], method)(address)
                transaction.set_rollback(True)
            got: object = response.status_code
            if got == 302:
                got = IN if "/sign-in" in response.headers["Location"] else DONE
            if got != outcome:
                wrong.append((name, role, got, outcome))
    return wrong
