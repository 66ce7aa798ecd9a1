"""Headers that keep the page to what we serve."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

POLICY = "default-src 'none'; object-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
# The API's interactive documentation styles itself inline.
DOCS_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "script-src 'self'", "script-src 'self' 'unsafe-inline'"
)


class SecurityHeadersMiddleware:
    """Adds the content security policy and keeps personal pages out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("TRACE", "TRACK", "CONNECT"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
        if settings.SECURE and request.path.startswith("/api/") and not request.is_secure():
            return JsonResponse(
                {
                    "title": "Not encrypted",
                    "status": 403,
                    "detail": "Use https. Have this token stopped: it was sent in the open.",
                },
                status=403,
                content_type="application/problem+json",
            )
        response = self.get_response(request)
        if request.method == "POST" and request.path == "/sign-out":
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        response.headers.setdefault("Content-Security-Policy", self._policy(request.path))
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    @staticmethod
    def _policy(path: str) -> str:
        if path == "/api/v1/docs":
            return DOCS_POLICY
        if path.startswith("/sign-in") and settings.PROVIDER_URL:
            # A form that leads on to the force's own sign-in service: browsers hold the whole way to form-action.
            scheme, host, *_ = urlsplit(settings.PROVIDER_URL)
            return POLICY.replace("form-action 'self'", f"form-action 'self' {scheme}://{host}")
        return POLICY
