"""What every page needs to know."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Whether this is the demo, so that every page can say so."""
    return {"demo": settings.DEMO}
