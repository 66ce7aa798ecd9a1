"""Every change to programmes: the one that comes with the product, proposals, their review and approval."""

from __future__ import annotations

import hashlib

from django.core.exceptions import PermissionDenied
from django.db import transaction

from wholepicture.core.practice import load_default
from wholepicture.core.programmes import read_specification, shipped_specification, shipped_text
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.programmes.access import may_approve, may_propose, may_review
from wholepicture.web.programmes.models import Judgement, Programme, Version

SHIPPED = ("scaidp",)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def install_shipped(force: Force) -> None:
    """Give a force the programmes that come with the product, and newer versions of those of which it has made nothing of its own."""
    for name in SHIPPED:
        text = shipped_text(name)
        found = shipped_specification(name)
        programme, _ = Programme.objects.get_or_create(
            force=force, slug=name, defaults={"title": found.title}
        )
        versions = programme.versions.order_by("-number")
        if versions.exclude(by=None).exists() or versions.filter(digest=_digest(text)).exists():
            continue
        Version.objects.create(
            programme=programme,
            number=versions[0].number + 1 if versions else 1,
            text=text,
            digest=_digest(text),
            state=Version.State.APPROVED,
            note="As it comes with the product",
        )


@transaction.atomic
def propose(*, programme: Programme, text: str, note: str, by: User, seen: int | None = None) -> Version:
    """Propose a new version. ``seen``: the number of the latest version that the proposer began from.

    Raises:
        ContentError: the text is no specification; every fault is said.
        CannotDoError: somebody proposed another meanwhile, nothing differs, or it is of another programme.
    """
    if not may_propose(by) or programme.force_id != by.force_id:
        raise PermissionDenied
    text = text.replace("\r\n", "\n").replace("\0", "")
    found = read_specification(text, load_default())
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    latest = programme.versions.order_by("-number")[0]
    if seen is not None and latest.number != seen:
        raise CannotDoError(
            f"Version {latest.number} was proposed by {latest.by} meanwhile. What you wrote is below: put it into that version, in another window."
        )
    if found.id != programme.slug:
        raise CannotDoError(
            f"The id is {found.id!r}, and this programme is {programme.slug!r}. Keep the id as it is."
        )
    if latest.digest == _digest(text):
        raise CannotDoError(f"Nothing differs from version {latest.number}.")
    made = Version.objects.create(
        programme=programme, number=latest.number + 1, text=text, digest=_digest(text), note=note[:400], by=by
    )
    record(
        by=by,
        what="programme.proposed",
        about=f"programme:{programme.pk}",
        why=f"version {made.number}: {note}",
    )
    return made


@transaction.atomic
def judge(*, version: Version, said: str, why: str, by: User) -> Version:
    """Review, return or approve a version, with a reason. Two who do so at once: the first stands, the second is told.

    Raises:
        CannotDoError: no reason, or it was judged meanwhile.
    """
    version = Version.objects.select_for_update().select_related("programme").get(pk=version.pk)
    if said == Judgement.Said.APPROVED:
        allowed = may_approve(by, version)
    elif said == Judgement.Said.REVIEWED:
        allowed = may_review(by, version)
    else:
        allowed = may_review(by, version) or may_approve(by, version)
    if not allowed:
        last = version.judgements.last()
        if last and last.by_id != by.pk:
            raise CannotDoError(f"{last.by} has judged it meanwhile: {last.get_said_display().lower()}.")
        raise PermissionDenied
    if not why.strip():
        raise CannotDoError("Say why. A line is enough.")
    Judgement.objects.create(version=version, said=said, why=why.replace("\0", "").strip()[:4_000], by=by)
    version.state = said
    version.save(update_fields=["state"])
    if said == Judgement.Said.APPROVED:
        version.programme.title = version.content.title
        version.programme.save(update_fields=["title"])
    record(
        by=by,
        what=f"programme.{said}",
        about=f"programme:{version.programme_id}",
        why=f"version {version.number}",
    )
    return version
