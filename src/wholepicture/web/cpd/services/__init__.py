"""Every change to continuing development, by what it is about."""

from wholepicture.web.cpd.services.declaring import (
    declare,
    declared_in_date,
    draw,
    lacking,
    look,
    remind,
    remind_on,
)
from wholepicture.web.cpd.services.frameworks import install_shipped, publish
from wholepicture.web.cpd.services.keeping import Did, begin, keep, plan, share
from wholepicture.web.cpd.services.taking_in import BadRow, rows_of_xapi, take_in_file, take_in_training

__all__ = [
    "BadRow",
    "Did",
    "begin",
    "declare",
    "declared_in_date",
    "draw",
    "install_shipped",
    "keep",
    "lacking",
    "look",
    "plan",
    "publish",
    "remind",
    "remind_on",
    "rows_of_xapi",
    "share",
    "take_in_file",
    "take_in_training",
]
