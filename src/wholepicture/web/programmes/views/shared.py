"""What many pages of programmes do alike."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from wholepicture.web.programmes import access
from wholepicture.web.programmes.models import Programme
from wholepicture.web.theme.pages import need


def programme_of(request: HttpRequest, slug: str) -> Programme:
    """A programme of somebody's force; 403 for who sees none, 404 for one that is not there."""
    need(access.may_see(request.user))
    return get_object_or_404(access.programmes_of(request.user), slug=slug)
