"""Programmes: what they are, who gives them, cohorts, portfolios, quality assurance and what came of it.

Workforce data: kept apart from the records of the people the police serve.
"""

from wholepicture.web.programmes.models.delivery import (
    Adjustment,
    CalendarKey,
    Came,
    Cohort,
    EntryShown,
    Place,
    Qualification,
    Quota,
    Session,
)
from wholepicture.web.programmes.models.portfolio import (
    CutScore,
    Decision,
    Difference,
    Document,
    Evidence,
    HandedIn,
    Judged,
    SecondOpinion,
    Sitting,
    Study,
)
from wholepicture.web.programmes.models.providers import Provider, ProviderAction, ProviderDecision, Visit
from wholepicture.web.programmes.models.quality import (
    Exercise,
    ExternalReview,
    Marked,
    Piece,
    ReviewAction,
    Reviewed,
    Sampled,
    SamplingPlan,
    Verification,
)
from wholepicture.web.programmes.models.results import (
    AnnualReview,
    Award,
    Characteristics,
    Feedback,
    Result,
    SupervisorView,
)
from wholepicture.web.programmes.models.specification import Judgement, Programme, Version

__all__ = [
    "Adjustment",
    "AnnualReview",
    "Award",
    "CalendarKey",
    "Came",
    "Characteristics",
    "Cohort",
    "CutScore",
    "Decision",
    "Difference",
    "Document",
    "EntryShown",
    "Evidence",
    "Exercise",
    "ExternalReview",
    "Feedback",
    "HandedIn",
    "Judged",
    "Judgement",
    "Marked",
    "Piece",
    "Place",
    "Programme",
    "Provider",
    "ProviderAction",
    "ProviderDecision",
    "Qualification",
    "Quota",
    "Result",
    "ReviewAction",
    "Reviewed",
    "Sampled",
    "SamplingPlan",
    "SecondOpinion",
    "Session",
    "Sitting",
    "Study",
    "SupervisorView",
    "Verification",
    "Version",
    "Visit",
]
