"""Every change to an encounter: one function a use case, one transaction, audited where it happens."""

from wholepicture.web.encounters.services.disclosure import Choices, prepare_copy
from wholepicture.web.encounters.services.drafts import Kept, drop_draft, keep_draft
from wholepicture.web.encounters.services.identity import (
    describe,
    leave_open,
    link,
    link_these,
    make_known,
    not_them,
    take_for,
)
from wholepicture.web.encounters.services.judging import check_quality, review_assessment, sign_assessment
from wholepicture.web.encounters.services.participants import ROLES, add_person, change_person
from wholepicture.web.encounters.services.recording import (
    CannotDoError,
    add_finding,
    answer,
    confirm,
    decide_finding,
    observe,
    start_encounter,
)
from wholepicture.web.encounters.services.retention import answer_proposal, decide_retention, keep_due

__all__ = [
    "ROLES",
    "CannotDoError",
    "Choices",
    "Kept",
    "add_finding",
    "add_person",
    "answer",
    "answer_proposal",
    "change_person",
    "check_quality",
    "confirm",
    "decide_finding",
    "decide_retention",
    "describe",
    "drop_draft",
    "keep_draft",
    "keep_due",
    "leave_open",
    "link",
    "link_these",
    "make_known",
    "not_them",
    "observe",
    "prepare_copy",
    "review_assessment",
    "sign_assessment",
    "start_encounter",
    "take_for",
]
