"""What allauth does our way: nobody signs themselves up, secrets are kept encrypted, a provider's people must already have an account."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse

from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.sealed import cipher


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Passwords and sessions."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "The username or password is not right. Check both and try again.",
        "too_many_login_attempts": "There have been too many wrong passwords. Wait five minutes and try again, or ask your administrator.",
        "incorrect_password": "The password is not right.",
        "enter_current_password": "The current password is not right.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator makes accounts."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To what was sent after the last session had ended, where there is such; else to today."""
        return reverse(
            "accounts:held"
            if request.user.held_forms.filter(sent_at=None).exists()
            else settings.LOGIN_REDIRECT_URL
        )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within ACCOUNT_REAUTHENTICATION_TIMEOUT of any proof of who it is, signing in among them."""
        records = get_authentication_records(context.request, context.request.user)
        latest = max((r["at"] for r in records), default=0.0)
        if time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: each page says itself what has happened."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Authenticator apps. Their secrets are encrypted with a key made from SECRET_KEY."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "The code is not right. Codes change every 30 seconds: enter the one that shows now.",
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """What a key is called until its owner says otherwise."""
        return f"Key {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def encrypt(self, text: str) -> str:
        """A secret as the database keeps it."""
        return cipher("second factor").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret as it was."""
        return cipher("second factor").decrypt(encrypted_text.encode()).decode()


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The force's own sign-in service. It says who somebody is; the account here says what they may do."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: an administrator makes accounts."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Tie the provider's person to the account of the same username, or say that there is none."""
        claims = sociallogin.account.extra_data
        _strong_enough(request, claims)
        if sociallogin.is_existing:
            return
        said = (claims.get("userinfo") or claims.get("id_token") or claims).get(settings.PROVIDER_CLAIM)
        user = (
            User.objects.filter(username__iexact=said, is_active=True, demo=False).first() if said else None
        )
        if user is None:
            raise ImmediateHttpResponse(
                render(request, "accounts/no_account.html", {"said": said or ""}, status=403)
            )
        sociallogin.connect(request, user)


def _strong_enough(request: HttpRequest, claims: dict[str, Any]) -> None:
    """The provider must say that more than a password was used ("amr"), unless whoever runs the site asks for nothing."""
    methods = (claims.get("id_token") or {}).get("amr") or []
    wanted = set(settings.PROVIDER_STRONG) if settings.SECOND_FACTOR else set()
    if wanted and not wanted & set(methods if isinstance(methods, list) else [methods]):
        raise ImmediateHttpResponse(render(request, "accounts/not_strong.html", status=403))
