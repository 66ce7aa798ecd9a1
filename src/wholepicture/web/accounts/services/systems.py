"""Other systems that are told what happened here: where they are, and the secret by which they know that it is us."""

from __future__ import annotations

import base64
import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import User, Webhook
from wholepicture.web.accounts.sealed import cipher
from wholepicture.web.accounts.services.users import CannotDoError
from wholepicture.web.audit.services import record


@transaction.atomic
def add_webhook(*, name: str, address: str, by: User, partner: bool = False) -> tuple[Webhook, str]:
    """Tell a system from now on; a partner's (``partner``) is given the requests to that partner and nothing else. Returns it with its signing secret, which is shown this once.

    Only hosts that whoever runs the site has named (WHOLEPICTURE_WEBHOOK_HOSTS) can be told, so that nobody makes the
    server call an address of their choosing.
    """
    if not may(by, Permission.MANAGE_ACCOUNTS) or by.force is None:
        raise PermissionDenied
    parts = urlsplit(address.strip())
    if not name.strip():
        raise CannotDoError("Say what the system is called.")
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.fragment:
        raise CannotDoError("Give a whole address, such as https://records.example.police.uk/hook.")
    if parts.netloc not in settings.WEBHOOK_HOSTS:
        raise CannotDoError(
            f"{parts.netloc} is not among the hosts that this site may call. Whoever runs the site can add it."
        )
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise CannotDoError("The address must begin with https://.")
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    webhook = Webhook.objects.create(
        force=by.force,
        name=name.strip()[:80],
        address=address.strip(),
        partner=partner,
        secret=cipher("webhook").encrypt(secret.encode()).decode(),
    )
    record(by=by, what="webhook.added", about=f"webhook:{webhook.pk}", why=f"{name.strip()}: {parts.netloc}")
    return webhook, secret


@transaction.atomic
def stop_webhook(*, webhook: Webhook, by: User) -> None:
    """Tell a system nothing more. What waits for it is not sent."""
    if not may(by, Permission.MANAGE_ACCOUNTS) or webhook.force_id != by.force_id:
        raise PermissionDenied
    webhook.stopped_at = timezone.now()
    webhook.save(update_fields=["stopped_at"])
    record(by=by, what="webhook.stopped", about=f"webhook:{webhook.pk}", why=webhook.name)
