"""Write the audit: called in the same transaction as the change it records."""

from django.contrib.auth.base_user import AbstractBaseUser

from wholepicture.web.audit.models import Entry


def record(*, by: AbstractBaseUser | None, what: str, about: str, why: str = "") -> Entry:
    """Record that somebody did or saw something. ``what`` is a verb such as "encounter.started".

    A NUL in what somebody sent is left out: PostgreSQL's text cannot hold it.
    """
    return Entry.objects.create(who=by, what=what, about=about.replace("\0", ""), why=why.replace("\0", ""))
