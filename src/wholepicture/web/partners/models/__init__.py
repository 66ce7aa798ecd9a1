"""Partners' state: the directory, referrals with what happened to each, the control watch, joint plans."""

from wholepicture.web.partners.models.directory import (
    Feed,
    Import,
    Membership,
    Organisation,
    Refused,
    Service,
    ServiceKind,
    ServicePlace,
)
from wholepicture.web.partners.models.plan import Meeting, Minute, Plan, PlanAction
from wholepicture.web.partners.models.referral import Link, Need, Received, Referral, ReferralEvent
from wholepicture.web.partners.models.watch import Slipped, WatchDone, Watched

__all__ = [
    "Feed",
    "Import",
    "Link",
    "Meeting",
    "Membership",
    "Minute",
    "Need",
    "Organisation",
    "Plan",
    "PlanAction",
    "Received",
    "Referral",
    "ReferralEvent",
    "Refused",
    "Service",
    "ServiceKind",
    "ServicePlace",
    "Slipped",
    "WatchDone",
    "Watched",
]
