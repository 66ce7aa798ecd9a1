"""The first minutes of a real force: a code that whoever runs the server reads, and with it the force and its first administrator."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction

from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.accounts.services.users import make_account
from wholepicture.web.errors import CannotDoError

FILE = "set-up-code"


def set_up_code() -> str:
    """The code that begins a site where nobody can sign in yet, made the first time and readable by its owner alone; "" where somebody can."""
    path = Path(settings.VAR) / FILE
    if settings.DEMO or User.objects.exists():
        path.unlink(missing_ok=True)
        return ""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24), "utf-8")
    return path.read_text("utf-8")


def is_code(given: str) -> bool:
    """Whether it is the code of a site that is still to be begun."""
    path = Path(settings.VAR) / FILE
    if settings.DEMO or not path.exists() or User.objects.exists():
        return False
    return hmac.compare_digest(given.encode(), path.read_bytes())


def begin_site(
    *, code: str, force: str, nation: str, username: str, first: str, last: str
) -> tuple[User, str]:
    """Make the force and its first administrator; returns them with a password that serves once. The code then serves no more.

    Raises:
        CannotDoError: the code is not, or no longer, the one to begin with.
    """
    if not is_code(code):
        raise CannotDoError("This site has been set up already.")
    with transaction.atomic():
        made, _ = Force.objects.get_or_create(name=" ".join(force.split()), defaults={"nation": nation})
        user, password = make_account(
            username=username, first=first, last=last, role=Role.ADMINISTRATOR, force=made, by=None
        )
    (Path(settings.VAR) / FILE).unlink(missing_ok=True)
    return user, password
