"""Public pages and the pages for when something is not there."""

import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from wholepicture.core.practice import load_default
from wholepicture.web.audit.services import record
from wholepicture.web.pages.example import WORDS, example
from wholepicture.web.theme.languages import drawn_in, wanted

PUBLIC = ("approach", "work", "asked-of-partners", "contact", "accessibility", "privacy", "cookies")


@login_not_required
def public(request: HttpRequest, slug: str, language: str = "en") -> HttpResponse:
    """One of the public pages, in English or in Welsh."""
    other = (
        f"{reverse(f'pages:{slug}')}?language=en"
        if language == "cy"
        else f"{reverse('pages:welsh', args=[slug])}?language=cy"
    )
    context = {
        "language": language,
        "other_language": other,
        "contact": settings.CONTACT,
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "example": example(request.GET.dict(), chosen=bool(request.GET)) if slug == "approach" else None,
        "state_words": WORDS,
        "sources": load_default().sources,
    }
    with drawn_in(request, language):
        return render(request, f"pages/{'cy/' if language == 'cy' else ''}{slug}.html", context)


@login_not_required
def welsh(request: HttpRequest, slug: str) -> HttpResponse:
    """One of the public pages in Welsh."""
    if slug not in PUBLIC:
        raise Http404
    return public(request, slug, "cy")


def _message(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    with drawn_in(request, wanted(request)):
        return render(request, "pages/message.html", {"title": title, "text": text}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _message(
        request,
        404,
        "Page not found",
        "There is nothing at this address, or it is not yours to see. Check the address, or go back to your home page.",
    )


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403. Kept in the audit: who tries what they may not is worth knowing."""
    if request.user.is_authenticated:
        record(
            by=request.user,
            what="access.refused",
            about=f"page:{request.path}"[:120],
            why=request.method or "",
        )
    else:
        return _message(
            request,
            403,
            "Your way in has ended",
            "The link that you came by leads nowhere any more. Ask whoever sent it for another, or sign in.",
        )
    return _message(
        request,
        403,
        "You may not do this",
        "Your role does not carry this. If you need it for your work, ask your supervisor.",
    )


@login_not_required
def not_taken(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of ours, or from one that had been open for too long."""
    return _message(
        request,
        403,
        "That was not taken",
        "What you sent did not come from a page of this site that is still good, so nothing was changed. Go back, load the page again, and send it once more. Your browser must keep this site’s cookies.",
    )


def too_often(request: HttpRequest) -> HttpResponse:
    """429."""
    record(by=request.user, what="access.too-often", about=f"page:{request.path}"[:120])
    response = _message(
        request,
        429,
        "Wait a minute",
        "You have done this more often in a minute than anybody has need to. Wait a minute, then go on. It has been noted.",
    )
    response["Retry-After"] = "60"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _message(
        request,
        400,
        "That could not be read",
        "What was sent could not be read. Go back, and try again with less or plainer text.",
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the database does not answer. Drawn without it: nothing here asks who is signed in."""
    gone = isinstance(sys.exc_info()[1], OperationalError)
    title = "Not saved: the site cannot keep anything just now" if gone else "Something went wrong"
    text = (
        "What you sent was not kept. Go back, where what you typed still stands, and try again in a minute. "
        if gone
        else "It is our fault, not yours. What was saved is safe. Go back and try once more. "
    ) + "If it happens again, tell your administrator the time."
    status = 503 if gone else 500
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": text}
        response: HttpResponse = JsonResponse(problem, status=status, content_type="application/problem+json")
    else:
        page = render_to_string("pages/message.html", {"title": title, "text": text})
        response = HttpResponse(page, status=status)
    if gone:
        response["Retry-After"] = "30"
    return response
