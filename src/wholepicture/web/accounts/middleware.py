"""Deny by default; a second factor where one is required; sessions that end."""

import time
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from wholepicture.web.accounts.services import hold_form

FROM_LMS = "from_lms"
WAYS_IN = ("account_login", "account_logout", "account_reauthenticate", "mfa_reauthenticate")


class SignedInMiddleware(LoginRequiredMiddleware):
    """As Django's, but the API answers for itself: a system has no page to sign in on."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponse],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        if request.path.startswith("/api/"):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class SessionLimitsMiddleware:
    """Sign somebody out who has been away for IDLE_SECONDS, or in for SESSION_COOKIE_AGE. site.js says that they are there while they type."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._over(request, int(time.time())):
            held = hold_form(request)
            logout(request)
            return redirect(f"{reverse('account_login')}?ended={'held' if held else '1'}")
        return self.get_response(request)

    @staticmethod
    def _over(request: HttpRequest, now: int) -> bool:
        session = request.session
        began, seen = session.setdefault("began", now), session.setdefault("seen", now)
        if now - seen > settings.IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE:
            return True
        if now - seen >= 60:  # not a write for every page
            session["seen"] = now
        return False


class FirstThingsMiddleware:
    """What comes before anything else opens: a password of one's own, and a second factor where one is required."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Send them to do it."""
        name = request.resolver_match.url_name if request.resolver_match else ""
        if not request.user.is_authenticated or name in WAYS_IN or request.path.startswith("/api/"):
            return None
        first = self._first(request)
        instead = (first, "mfa_add_webauthn") if first == "mfa_activate_totp" else (first,)
        return redirect(first) if first and name not in instead else None

    @staticmethod
    def _first(request: HttpRequest) -> str:
        if request.user.must_choose_password:
            return "account_change_password"
        if not settings.SECOND_FACTOR or request.user.demo or is_mfa_enabled(request.user):
            return ""
        # Whoever comes from the force's learning system has only training here, and was let in there.
        if request.session.get(FROM_LMS):
            return ""
        methods = {r.get("method") for r in get_authentication_records(request, request.user)}
        return "" if "socialaccount" in methods else "mfa_activate_totp"
