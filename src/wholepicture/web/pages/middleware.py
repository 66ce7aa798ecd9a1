"""What was done too often is answered with a page that says so."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from wholepicture.web.accounts.limits import TooOftenError
from wholepicture.web.pages.views import too_often


class TooOftenMiddleware:
    """Turns TooOftenError into a 429."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page, for that error alone."""
        return too_often(request) if isinstance(exception, TooOftenError) else None
