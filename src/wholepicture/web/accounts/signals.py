"""Every sign-in, failed sign-in, sign-out and change to how somebody signs in goes into the audit."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from wholepicture.web.accounts.models import User
from wholepicture.web.audit.services import SYSTEM, append, record


@receiver(user_logged_in)
def signed_in(user: User, **_: Any) -> None:
    """Somebody is in. (The demo's switcher is recorded in its own view as well.)"""
    record(by=user, what="account.signed-in", about=f"user:{user.pk}")


@receiver(user_logged_out)
def signed_out(user: User | None, **_: Any) -> None:
    """Somebody has left."""
    if user:
        record(by=user, what="account.signed-out", about=f"user:{user.pk}")


@receiver(user_login_failed)
def refused(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """A wrong password. Goes into the force's own chain where the name is known; what was typed is not kept, as it may be a password."""
    user = User.objects.filter(username=str(credentials.get("username") or "")).first()
    append(
        chain=f"force-{user.force_id}" if user and user.force_id else SYSTEM,
        at=timezone.now(),
        who=None,
        what="account.refused",
        about=f"user:{user.pk}" if user else "user:unknown",
        why=f"from {request.META.get('REMOTE_ADDR', '')}" if request else "",
    )


@receiver(post_save, sender=Authenticator)
def second_factor_added(instance: Authenticator, created: bool, **_: Any) -> None:
    """An authenticator app or recovery codes were set up: in the same transaction."""
    if created:
        record(
            by=_who_asks(instance.user),
            what="account.second-factor-added",
            about=f"user:{instance.user_id}",
            why=instance.type,
        )


@receiver(post_delete, sender=Authenticator)
def second_factor_removed(instance: Authenticator, **_: Any) -> None:
    """An authenticator app or recovery codes were taken away, by whom it belonged to or by an administrator."""
    record(
        by=_who_asks(instance.user),
        what="account.second-factor-removed",
        about=f"user:{instance.user_id}",
        why=instance.type,
    )


def _who_asks(user: User) -> User:
    asks = getattr(context.request, "user", None)
    return asks if isinstance(asks, User) else user


@receiver(password_changed)
def password_was_changed(user: User, **_: Any) -> None:
    """Somebody chose a new password, and so no longer has to."""
    User.objects.filter(pk=user.pk).update(must_choose_password=False)
    record(by=user, what="account.password-changed", about=f"user:{user.pk}")
