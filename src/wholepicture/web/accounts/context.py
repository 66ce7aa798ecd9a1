"""What every page needs to know of who is looking: which doors to show."""

from django.http import HttpRequest

from wholepicture.web.accounts.access import Permission, may


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
        "may_teach": signed_in and may(user, Permission.MANAGE_TRAINING),
        "may_review": signed_in and may(user, Permission.REVIEW_ASSESSMENTS),
    }
