"""English and Welsh: which pages are in both, which language somebody wants, and how a page is drawn in it.

Every page that somebody without an account of the force can open is in both. The working pages are in English, so that
their dates and words are never drawn in a mixture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.formats import date_format

COOKIE = "language"
A_YEAR = 365 * 24 * 3600
WELSH, ENGLISH = "cy", "en"
# Addresses, by name, whose pages are in both languages. The public pages have addresses of their own in each.
IN_BOTH = frozenset(
    (
        "account_login",
        "account_inactive",
        "mfa_authenticate",
        "licensing:credential",
        "licensing:verify",
        "openid_connect_callback",
        "openid_connect_login",
        "partners:answered",
        "partners:enter",
        "partners:guest",
        "partners:guest-control",
        "partners:guest-need",
        "partners:guest-step",
        "partners:inbox",
        "partners:request",
        "partners:request-control",
        "partners:request-need",
        "partners:request-step",
        "partners:your-part",
        "programmes:verify",
        "socialaccount_login_cancelled",
        "training:verify",
    )
)


def wanted(request: HttpRequest) -> str:
    """The language that somebody asked for, now or before; English if neither."""
    asked = request.GET.get(COOKIE) or request.COOKIES.get(COOKIE)
    return WELSH if asked == WELSH else ENGLISH


def _code(language: str) -> str:
    return WELSH if language == WELSH else str(settings.LANGUAGE_CODE)


@contextmanager
def drawn_in(request: HttpRequest, language: str) -> Iterator[None]:
    """Whatever is drawn within is in a language, and says so."""
    request.language = language  # type: ignore[attr-defined]
    with translation.override(_code(language)):
        yield


def of(request: HttpRequest) -> dict[str, Any]:
    """The language of a page, and where it is in the other one."""
    language = getattr(request, "language", "")
    if not language:
        return {"language": ENGLISH}
    other = ENGLISH if language == WELSH else WELSH
    query = request.GET.copy()
    query[COOKIE] = other
    there = f"{request.path}?{query.urlencode()}" if request.method == "GET" else ""
    return {"language": language, "other_language": there}


def day_of(day: date) -> str:
    """A day as it is said: "30 November 2026"."""
    return date_format(day, "j F Y")


def moment_of(when: datetime, *, year: bool = True) -> str:
    """A moment as it is said where the site is: "30 November 2026 at 09:00"."""
    here = timezone.localtime(when)
    said = {"day": date_format(here, "j F Y" if year else "j F"), "hour": date_format(here, "H:i")}
    return translation.gettext("%(day)s at %(hour)s") % said


class LanguageMiddleware:
    """Draws the pages that are in both languages in the one that somebody wants, and remembers it where they asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            response = self.get_response(request)
            if getattr(request, "language", ""):
                response.headers["Content-Language"] = getattr(request, "language", ENGLISH)
        asked = request.GET.get(COOKIE)
        if asked in (WELSH, ENGLISH):
            response.set_cookie(
                COOKIE,
                asked,
                max_age=A_YEAR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Before the view: its words are worked out in that language too."""
        match = request.resolver_match
        if match and match.view_name in IN_BOTH:
            request.language = wanted(request)  # type: ignore[attr-defined]
            translation.activate(_code(wanted(request)))
