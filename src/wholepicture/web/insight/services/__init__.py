"""Every change to insight."""

from wholepicture.web.insight.services.checking import (
    act,
    add_evidence,
    answer,
    close_check,
    finish,
    install_shipped,
    open_check,
    publish,
)
from wholepicture.web.insight.services.proposing import decline, give, propose
from wholepicture.web.insight.services.wellbeing import check_in, forget

__all__ = [
    "act",
    "add_evidence",
    "answer",
    "check_in",
    "close_check",
    "decline",
    "finish",
    "forget",
    "give",
    "install_shipped",
    "open_check",
    "propose",
    "publish",
]
