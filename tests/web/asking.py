"""Every address asked by every role, and what does not come out as it should."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.db import transaction
from django.test import Client
from django.urls import reverse

SIGN_IN, DONE = "sign in", "done"


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
                got = SIGN_IN if "/sign-in" in response.headers["Location"] else DONE
            if got != outcome:
                wrong.append((name, role, got, outcome))
    return wrong
