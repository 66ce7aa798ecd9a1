"""Every change to an encounter: one function a use case, one transaction, audited where it happens."""

from wholepicture.web.encounters.services.identity import (
    describe,
    leave_open,
    link,
    make_known,
    not_them,
)
from wholepicture.web.encounters.services.recording import (
    CannotDoError,
    add_finding,
    answer,
    confirm,
    decide_finding,
    start_encounter,
)

__all__ = [
    "CannotDoError",
    "add_finding",
    "answer",
    "confirm",
    "decide_finding",
    "describe",
    "leave_open",
    "link",
    "make_known",
    "not_them",
    "start_encounter",
]
