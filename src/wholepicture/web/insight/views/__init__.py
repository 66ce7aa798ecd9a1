"""Pages of insight."""

from wholepicture.web.insight.views.checking import (
    act,
    area,
    close,
    evidence,
    evidence_file,
    export,
    finish,
    health,
    health_check,
    questions,
)
from wholepicture.web.insight.views.figures import download, figure, home
from wholepicture.web.insight.views.needs import decline, needs, proposal, propose
from wholepicture.web.insight.views.wellbeing import check_in, wellbeing

__all__ = [
    "act",
    "area",
    "check_in",
    "close",
    "decline",
    "download",
    "evidence",
    "evidence_file",
    "export",
    "figure",
    "finish",
    "health",
    "health_check",
    "home",
    "needs",
    "proposal",
    "propose",
    "questions",
    "wellbeing",
]
