"""Sign in again before what cannot be taken lightly: joins, restrictions, broken glass, disposal, a person's copy.

What was posted is kept and goes on after. Five minutes serve for all. Somebody who signs in only through the force's own
provider signs in there again, and what they posted waits for them (services.held).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    raise_if_reauthentication_required,
)
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wholepicture.web.accounts.services import hold_form

View = Callable[..., HttpResponse]


def _enabled(request: HttpRequest) -> bool:
    return bool(settings.SECOND_FACTOR and request.user.is_authenticated and not request.user.demo)


def step_up(view: View) -> View:
    """Ask again before a view."""
    here = reauthentication_required(allow_get=True, enabled=_enabled)(view)

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _by_the_provider(request) or here(request, *args, **kwargs)

    return asked


def ask_again(request: HttpRequest) -> HttpResponse | None:
    """As ``step_up``, from inside a view: the page to answer with, or None where nothing is to be asked."""
    page = _by_the_provider(request)
    if page is None and _enabled(request):
        raise_if_reauthentication_required(request, app="")
    return page


def _by_the_provider(request: HttpRequest) -> HttpResponse | None:
    """For who has neither password nor second factor here: the page that leads to the provider, if it was long ago."""
    if not _enabled(request) or get_reauthentication_flows(request.user):
        return None
    latest = max((r["at"] for r in get_authentication_records(request, request.user)), default=0.0)
    if time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT:
        return None
    held = hold_form(request)
    context = {
        "provider": settings.PROVIDER,
        "provider_says": f"Sign in again with {settings.PROVIDER}",
        "held": held,
        "next": "" if held or request.method != "GET" else request.get_full_path(),
        "asking": urlencode({"auth_params": "prompt=login"}),
    }
    return render(request, "accounts/again.html", context, status=403)
