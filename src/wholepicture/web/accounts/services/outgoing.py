"""What is sent out: written down in the transaction of what it tells of, and sent afterwards by the worker.

At least once: a worker that dies between sending and noting it sends again, under the same id, by which a receiver knows
that it has had it. Nothing personal is sent: a mail says where to look, a webhook gives a number to ask the API for.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone

from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import Outgoing, User, Webhook
from wholepicture.web.accounts.sealed import cipher
from wholepicture.web.audit.services import record

WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 1440))
# A referral is tried fifty times over two days; then its reconciler begins anew, and somebody is told to ring.
PATIENT = (*(timedelta(minutes=m) for m in (1, 2, 5, 10, 20, 30)), *(timedelta(hours=1),) * 44)
LEASE = timedelta(seconds=90)
PATIENCE_SECONDS = 10
KEPT_DAYS = 30


# How apps above send what is theirs, by kind: each says what went wrong, or nothing.
SENDERS: dict[str, Callable[[Outgoing], str]] = {}


def tell_people(users: Iterable[User], *, about: str, subject: str, text: str) -> None:
    """Mail people who have an address, once each. Call it in the transaction of what it tells of."""
    if not settings.MAIL_HOST:
        return
    Outgoing.objects.bulk_create(
        Outgoing(
            kind=Outgoing.Kind.MAIL,
            force_id=user.force_id,
            to=user.email,
            about=about,
            body={"subject": subject, "text": f"{text}\n\n{settings.ADDRESS}\n"},
        )
        for user in users
        if user.email and user.is_active
    )


def tell_systems(force_id: int, *, event: str, about: str, data: dict[str, Any]) -> None:
    """Tell the systems of a force that something happened. Call it in the transaction in which it does."""
    Outgoing.objects.bulk_create(
        Outgoing(
            kind=Outgoing.Kind.WEBHOOK,
            force_id=force_id,
            webhook=webhook,
            about=about,
            body={"type": event, "timestamp": timezone.now().isoformat(), "data": data},
        )
        for webhook in Webhook.objects.filter(force_id=force_id, stopped_at=None, partner=False)
    )


def deliver_due(*, most: int = 50) -> int:
    """Send what is due, oldest first, and say how much was tried. Several workers may do it at once."""
    tried = 0
    while tried < most:
        item = _claim()
        if item is None:
            break
        tried += 1
        _settle(item, _send(item))
    return tried


@transaction.atomic
def _claim() -> Outgoing | None:
    """Take one for a while. If whoever took it dies, it comes up again when the while is over."""
    now = timezone.now()
    waiting = Outgoing.objects.filter(state=Outgoing.State.WAITING, due__lte=now)
    skip = connection.features.has_select_for_update_skip_locked
    item = waiting.select_for_update(skip_locked=skip, of=("self",) if skip else ()).order_by("due").first()
    if item is None:
        return None
    item.tries, item.due = item.tries + 1, now + LEASE
    item.save(update_fields=["tries", "due"])
    return item


def _send(item: Outgoing) -> str:
    """Send one; what went wrong, or nothing."""
    if item.kind in SENDERS:
        return SENDERS[item.kind](item)
    if item.kind == Outgoing.Kind.MAIL:
        message = EmailMessage(item.body["subject"], item.body["text"], to=[item.to])
        message.extra_headers["Message-ID"] = f"<{item.pk}@wholepicture>"
        try:
            message.send()
        except OSError as error:  # smtplib's errors are OSErrors
            return f"{type(error).__name__}: {error}"[:300]
        return ""
    webhook = item.webhook
    if webhook is None or webhook.stopped_at:
        return "The system is not told any more."
    return post(item.pk, webhook, json.dumps(item.body, separators=(",", ":")).encode())


def post(number: uuid.UUID, webhook: Webhook, body: bytes) -> str:
    """Give a signed message to a system; what went wrong, or nothing."""
    at = str(int(timezone.now().timestamp()))
    secret = cipher("webhook").decrypt(webhook.secret.encode()).decode()
    request = urllib.request.Request(
        webhook.address,
        data=body,
        method="POST",
        headers={
            "Content-Type": "application/json",
            "User-Agent": "Wholepicture",
            "webhook-id": str(number),
            "webhook-timestamp": at,
            "webhook-signature": signature(secret, str(number), at, body),
        },
    )
    try:
        with OPENER.open(request, timeout=PATIENCE_SECONDS) as answer:
            return "" if 200 <= answer.status < 300 else f"It answered {answer.status}."
    except urllib.error.HTTPError as error:
        return f"It answered {error.code}."
    except OSError as error:
        return f"It could not be reached: {error}"[:300]


def signature(secret: str, number: str, at: str, body: bytes) -> str:
    """The signature of the Standard Webhooks specification: HMAC-SHA256 over "id.timestamp.body", in base64, after "v1,"."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{number}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An answer that leads elsewhere is not followed: only the host that was allowed is told."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def _waits(item: Outgoing) -> tuple[timedelta, ...]:
    return PATIENT if item.kind == Outgoing.Kind.REFERRAL else WAITS


def _settle(item: Outgoing, problem: str) -> None:
    if not problem:
        item.state, item.sent_at, item.problem = Outgoing.State.SENT, timezone.now(), ""
    elif item.tries > len(_waits(item)) or (item.webhook and item.webhook.stopped_at):
        item.state, item.problem = Outgoing.State.GIVEN_UP, problem
    else:
        item.due, item.problem = timezone.now() + _waits(item)[item.tries - 1], problem
    item.save(update_fields=["state", "sent_at", "due", "problem"])


@transaction.atomic
def send_again(*, item: Outgoing, by: User) -> None:
    """Try once more what was given up."""
    if not may(by, Permission.MANAGE_ACCOUNTS) or item.force_id != by.force_id:
        raise PermissionDenied
    item.state, item.tries, item.due = Outgoing.State.WAITING, 0, timezone.now()
    item.save(update_fields=["state", "tries", "due"])
    record(by=by, what="webhook.sent-again", about=f"outgoing:{item.pk}", why=item.about)


def forget_sent(*, now: datetime) -> int:
    """Let go of what was sent more than thirty days ago; the audit says that it happened."""
    gone, _ = Outgoing.objects.filter(
        state=Outgoing.State.SENT, sent_at__lt=now - timedelta(days=KEPT_DAYS)
    ).delete()
    return gone
