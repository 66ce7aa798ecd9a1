"""A copy of what is held of somebody, to give them (Data Protection Act 2018 s.45): other people blocked out, and looked over first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from wholepicture.web.accounts.models import User
from wholepicture.web.audit.services import record
from wholepicture.web.encounters import access
from wholepicture.web.encounters.selectors.disclosure import Copy, copy_of
from wholepicture.web.encounters.services.recording import CannotDoError
from wholepicture.web.people.models import Person


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person preparing a copy decided: more words to block out, words to leave, accounts to leave out and why."""

    block: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    withheld: Mapping[UUID, str] | None = None


@transaction.atomic
def prepare_copy(*, person: Person, choices: Choices, why: str, give: bool, by: User) -> Copy:
    """Draw up the copy. ``give``: it is the one that is handed over, and that is recorded as a disclosure.

    Raises:
        CannotDoError: to be handed over without a reference, or an account left out without its reason.
    """
    if not access.may_answer_subject_access(by) or access.seeing(by, person) is not access.Seeing.OPEN:
        raise PermissionDenied
    withheld = dict(choices.withheld or {})
    if give and not why.strip():
        raise CannotDoError("Give the reference of the request, or say how it was made.")
    if give and any(not reason.strip() for reason in withheld.values()):
        raise CannotDoError("Say for each account that is left out which reason in law it is left out for.")
    copy = copy_of(person, by, block=choices.block, leave=choices.leave, withheld=withheld)
    left_out = "; ".join(f"left out encounter:{pk}: {reason}" for pk, reason in withheld.items())
    record(
        by=by,
        what="person.copy-given" if give else "person.copy-prepared",
        about=f"person:{person.pk}",
        why="; ".join(filter(None, (why.strip(), left_out, f"sha256 {copy.digest}" if give else ""))),
    )
    return copy
