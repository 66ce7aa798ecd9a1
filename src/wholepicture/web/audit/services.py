"""Write the audit: called in the same transaction as the change it records."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from wholepicture.core.audit_chain import FIRST, digest_of
from wholepicture.web.audit.models import Chain, Entry

SYSTEM = "system"


@transaction.atomic
def record(*, by: Any | None, what: str, about: str, why: str = "") -> Entry:
    """Record that somebody did or saw something. ``what`` is a verb such as "encounter.started".

    A NUL in what somebody sent is left out: PostgreSQL's text cannot hold it.
    """
    force = getattr(by, "force_id", None)
    return append(
        chain=f"force-{force}" if force else SYSTEM,
        at=timezone.now(),
        who=by,
        what=what,
        about=about.replace("\0", "")[:120],
        why=why.replace("\0", ""),
    )


def append(*, chain: str, at: datetime, who: Any | None, what: str, about: str, why: str) -> Entry:
    """Put one entry at the end of a chain, whose head stays locked until the transaction ends."""
    Chain.objects.get_or_create(name=chain, defaults={"digest": FIRST})
    head = Chain.objects.select_for_update().get(name=chain)
    name = who.get_username() if who else ""
    fields: dict[str, str | int] = {
        "chain": chain,
        "number": head.number + 1,
        "at": stamp(at),
        "who": name,
        "what": what,
        "about": about,
        "why": why,
        "previous": head.digest,
    }
    digest = digest_of(fields)
    head.number, head.digest = head.number + 1, digest
    head.save(update_fields=["number", "digest"])
    return Entry.objects.create(
        chain=chain,
        number=head.number,
        at=at,
        who=who,
        who_name=name,
        what=what,
        about=about,
        why=why,
        previous=str(fields["previous"]),
        digest=digest,
    )


def stamp(at: datetime) -> str:
    """A moment as it is chained: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
