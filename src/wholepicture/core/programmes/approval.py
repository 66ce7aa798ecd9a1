"""What may be decided of a provider, from where it stands."""

from __future__ import annotations

from enum import StrEnum


class Approved(StrEnum):
    """What was decided of a provider."""

    NOT_YET = ""
    APPROVED = "approved"
    CONDITIONS = "conditions"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


_ASKED = (Approved.APPROVED, Approved.CONDITIONS, Approved.REFUSED)
_STANDING = (Approved.APPROVED, Approved.CONDITIONS, Approved.WITHDRAWN)
NEXT: dict[Approved, tuple[Approved, ...]] = {
    Approved.NOT_YET: _ASKED,
    Approved.REFUSED: _ASKED,
    Approved.APPROVED: _STANDING,
    Approved.CONDITIONS: _STANDING,
    Approved.RESTORED: _STANDING,
    Approved.WITHDRAWN: (Approved.RESTORED, Approved.REFUSED),
}
MAY_DELIVER = frozenset({Approved.APPROVED, Approved.CONDITIONS, Approved.RESTORED})
# What is given when somebody says that a provider may deliver: every criterion must have been shown.
NEEDS_EVERYTHING = frozenset({Approved.APPROVED, Approved.RESTORED})
