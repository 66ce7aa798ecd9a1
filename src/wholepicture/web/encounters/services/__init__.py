"""Every change to an encounter: one function a use case, one transaction, audited where it happens."""

from wholepicture.web.encounters.services.drafts import Kept, drop_draft, keep_draft
from wholepicture.web.encounters.services.identity import (
    describe,
    leave_open,
    link,
    make_known,
    not_them,
)
from wholepicture.web.encounters.services.judging import check_quality, review_assessment, sign_assessment
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
    "Kept",
    "add_finding",
    "answer",
    "check_quality",
    "confirm",
    "decide_finding",
    "describe",
    "drop_draft",
    "keep_draft",
    "leave_open",
    "link",
    "make_known",
    "not_them",
    "review_assessment",
    "sign_assessment",
    "start_encounter",
]
