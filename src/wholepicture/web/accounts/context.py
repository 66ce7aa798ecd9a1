"""What every page needs to know of who is looking: which doors to show."""

from django.http import HttpRequest

from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import User

_PARTNERS = {
    "may_refer": Permission.REFER,
    "may_answer_referrals": Permission.ANSWER_REFERRALS,
    "may_watch_controls": Permission.WATCH_CONTROLS,
    "may_run_plans": Permission.RUN_PLANS,
    "may_run_directory": Permission.RUN_DIRECTORY,
    "may_see_partner_figures": Permission.SEE_PARTNER_FIGURES,
}


def _partners(user: User | None) -> dict[str, bool]:
    return {door: user is not None and may(user, permission) for door, permission in _PARTNERS.items()}


def doors(request: HttpRequest) -> dict[str, bool]:
    """Which parts of the site somebody's role opens. Each part asks its own access.py again."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return {
        "may_look": signed_in and may(user, Permission.SEARCH_PEOPLE),
        "may_settle_matches": signed_in and may(user, Permission.SETTLE_MATCHES),
        "may_review_retention": signed_in and may(user, Permission.REVIEW_RETENTION),
        "may_see_audit": signed_in and may(user, Permission.SEE_AUDIT),
        "may_manage_accounts": signed_in and may(user, Permission.MANAGE_ACCOUNTS),
        "may_learn": signed_in and may(user, Permission.TAKE_TRAINING) and user.force_id is not None,
        "may_see_programmes": signed_in
        and may(user, Permission.SEE_PROGRAMMES)
        and user.force_id is not None,
        "may_see_insight": signed_in and may(user, Permission.SEE_INSIGHT) and user.force_id is not None,
        "may_see_wellbeing": signed_in and may(user, Permission.SEE_WELLBEING) and user.force_id is not None,
        "may_teach": signed_in and may(user, Permission.MANAGE_TRAINING),
        "may_review": signed_in and may(user, Permission.REVIEW_ASSESSMENTS),
        **_partners(user if signed_in and user.force_id is not None else None),
    }
