"""Drafts: kept on the server as they are typed. Keeping one triggers nothing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from wholepicture.core.documents import MOST_CHARACTERS
from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.access import may_record
from wholepicture.web.encounters.models import Draft


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of keeping a draft. ``conflict``: another window kept a later version, which stays."""

    draft: Draft
    conflict: bool


@transaction.atomic
def keep_draft(*, once: uuid.UUID, text: str, place: str, version: int, by: User, window: str = "") -> Kept:
    """Keep what was typed, if nobody kept a later version. ``version``: the one it was typed over; ``window``: where."""
    if not may_record(by):
        raise PermissionDenied
    text, place = text.replace("\0", "")[:MOST_CHARACTERS], place.replace("\0", "")[:250]
    draft, made = Draft.objects.select_for_update().get_or_create(once=once, defaults={"owner": by})
    if draft.owner_id != by.pk:
        raise PermissionDenied
    if not made and version != draft.version and (draft.text, draft.place) != (text, place):
        return Kept(draft, True)
    if not made and window != draft.window:
        draft.before_text, draft.before_place = draft.text, draft.place
    draft.text, draft.place, draft.version = text, place, draft.version + 1
    draft.window = window[:16]
    draft.save()
    return Kept(draft, False)


@transaction.atomic
def drop_draft(*, once: uuid.UUID, by: User) -> None:
    """Let a draft go: it was handed in, or its writer does not want it."""
    Draft.objects.filter(once=once, owner=by).delete()
