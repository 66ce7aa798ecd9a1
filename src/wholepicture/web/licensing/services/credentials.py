"""Keys and credentials: signed when a licence is in force, revoked when it is not, and a status list that says so."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from wholepicture.core.credentials import (
    LIST_BITS,
    Badge,
    did_document,
    licence_badge,
    multikey,
    private_key,
    sign,
    status_list,
)
from wholepicture.core.licensing import IN_FORCE
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.accounts.sealed import cipher
from wholepicture.web.audit.services import record
from wholepicture.web.licensing.access import may_run
from wholepicture.web.licensing.models import Credential, Licence, SigningKey

PURPOSE = "licence-signing-key"


def address_of(name: str, *args: Any) -> str:
    """The whole address of a page of this site."""
    return f"{settings.ADDRESS.rstrip('/')}{reverse(f'licensing:{name}', args=args)}"


def did_of(force: Force) -> str:
    """The issuer's name (did:web), which resolves to its keys on this site."""
    host = urlsplit(settings.ADDRESS).netloc.replace(":", "%3A")
    return f"did:web:{host}:licences:issuers:{force.pk}"


def keys_of(force: Force) -> dict[str, str]:
    """Every public key that a force has signed with, by method."""
    return {f"{did_of(force)}#key-{k.number}": k.public for k in force.signing_keys.all()}


def did_json(force: Force) -> dict[str, Any]:
    """The issuer's DID document."""
    return did_document(did_of(force), keys_of(force))


@transaction.atomic
def new_key(*, force: Force, by: User | None = None) -> SigningKey:
    """Make a new key, and sign with no other from now on. What the old ones signed can still be checked."""
    if by is not None and (not may_run(by) or by.force_id != force.pk):
        raise PermissionDenied
    Force.objects.select_for_update().get(pk=force.pk)
    force.signing_keys.filter(retired_at=None).update(retired_at=timezone.now())
    secret = secrets.token_bytes(32)
    made = SigningKey.objects.create(
        force=force,
        number=force.signing_keys.count() + 1,
        secret=cipher(PURPOSE).encrypt(secret).decode(),
        public=multikey(private_key(secret).public_key()),
    )
    record(by=by, what="licence.key-made", about=f"key:{made.pk}")
    return made


def _key(force: Force) -> SigningKey:
    return force.signing_keys.filter(retired_at=None).order_by("-number").first() or new_key(force=force)


def _signed(document: dict[str, Any], force: Force) -> dict[str, Any]:
    key = _key(force)
    secret = cipher(PURPOSE).decrypt(key.secret.encode())
    return sign(
        document,
        private_key(secret),
        method=f"{did_of(force)}#key-{key.number}",
        created=_stamp(timezone.now()),
    )


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())


def signed_status_list(force: Force) -> dict[str, Any]:
    """The signed list of a force's revoked credentials."""
    bits = Credential.objects.filter(licence__scheme__force=force, revoked_at__isnull=False).values_list(
        "bit", flat=True
    )
    document = status_list(
        address=address_of("status", force.pk),
        issuer=did_of(force),
        bits=bits,
        valid_from=_stamp(timezone.now()),
    )
    return _signed(document, force)


def follow(licence: Licence) -> None:
    """Have the credentials of a licence follow it. Called in the transaction of each step.

    In force: there is one of its present term, and of each to come. Not in force: what there was is revoked. A term that ends is said in the credential itself.
    """
    standing = licence.standing()
    live = licence.credentials.filter(revoked_at=None)
    if standing.state not in IN_FORCE or not standing.terms:
        live.update(revoked_at=timezone.now())
        return
    today = timezone.localdate()
    to_come = [(begins, ends) for begins, ends in standing.terms if ends >= today] or [standing.terms[-1]]
    for held in live:
        if held.begins > today and (held.begins, held.ends) not in to_come:
            held.revoked_at = timezone.now()
            held.save(update_fields=["revoked_at"])
    for begins, ends in to_come:
        if not live.filter(begins=begins, ends=ends).exists():
            _issue(licence, begins, ends)


def _issue(licence: Licence, begins: date, ends: date) -> Credential:
    force = licence.scheme.force
    taken = set(Credential.objects.values_list("bit", flat=True))
    bit = next(b for b in iter(lambda: secrets.randbelow(LIST_BITS), None) if b not in taken)
    made = Credential(licence=licence, bit=bit, begins=begins, ends=ends)
    content = licence.scheme.content
    made.document = _signed(
        licence_badge(
            Badge(
                address=address_of("credential", made.pk),
                issuer=did_of(force),
                issuer_name=force.name,
                subject=f"urn:uuid:{licence.pk}",
                title=content.title,
                criteria=f"{content.area}. Granted by a panel of {content.panel} under version {licence.scheme.number} of the scheme.",
                scheme_address=address_of("scheme", licence.scheme.slug),
                valid_from=_stamp(_midnight(begins)),
                valid_until=_stamp(_midnight(ends + timedelta(1)) - timedelta(seconds=1)),
                status_address=address_of("status", force.pk),
                status_bit=bit,
            )
        ),
        force,
    )
    made.save()
    return made
