"""What every page needs to know."""

from django.conf import settings
from django.http import HttpRequest

from wholepicture.web.theme import languages


def site(request: HttpRequest) -> dict[str, object]:
    """Whether this is the demo, so that every page can say so; and in which language it is."""
    return {"demo": settings.DEMO, **languages.of(request)}
