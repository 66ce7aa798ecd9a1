"""The rules that a force keeps for continuing development."""

from __future__ import annotations

import hashlib

from django.core.exceptions import PermissionDenied
from django.db import transaction

from wholepicture.core.cpd import read_framework, shipped_framework_text, shipped_frameworks
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.audit.services import record
from wholepicture.web.cpd.access import may_lead
from wholepicture.web.cpd.models import Framework
from wholepicture.web.programmes.services import CannotDoError


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def install_shipped(force: Force) -> None:
    """Give a force the frameworks that come with the product, and newer versions of those it has made nothing of its own of."""
    for name in shipped_frameworks():
        text = shipped_framework_text(name)
        held = Framework.objects.filter(force=force, slug=name).order_by("-number")
        if held.exclude(by=None).exists() or held.filter(digest=_digest(text)).exists():
            continue
        Framework.objects.create(
            force=force,
            slug=name,
            number=held[0].number + 1 if held else 1,
            text=text,
            digest=_digest(text),
            note="As it comes with the product",
        )


@transaction.atomic
def publish(*, slug: str, text: str, note: str, by: User) -> Framework:
    """Publish a new version. Cycles that have begun keep theirs.

    Raises:
        ContentError: the text is no framework.
        CannotDoError: its id is another's, or nothing differs.
    """
    if not may_lead(by) or by.force is None:
        raise PermissionDenied
    text = text.replace("\r\n", "\n").replace("\0", "")
    found = read_framework(text)
    if found.id != slug:
        raise CannotDoError(f"The id is {found.id!r}, and this framework is {slug!r}. Keep the id as it is.")
    Force.objects.select_for_update().get(pk=by.force_id)
    latest = Framework.objects.filter(force=by.force, slug=slug).order_by("-number").first()
    if latest is None:
        raise PermissionDenied
    if latest.digest == _digest(text):
        raise CannotDoError(f"Nothing differs from version {latest.number}.")
    made = Framework.objects.create(
        force=by.force,
        slug=slug,
        number=latest.number + 1,
        text=text,
        digest=_digest(text),
        note=note,
        by=by,
    )
    record(by=by, what="cpd.published", about=f"framework:{made.pk}", why=note)
    return made
