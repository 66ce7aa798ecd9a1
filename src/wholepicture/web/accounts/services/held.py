"""What was sent after a session had ended is not lost: it waits for its sender."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone

from wholepicture.web.accounts.models import HeldForm, User

KEPT = timedelta(days=1)
MOST = 20
# Passwords and codes are never kept.
NEVER = ("/sign-", "/my-account", "/demo/", "/held", "/api/")


@transaction.atomic
def hold_form(request: HttpRequest) -> HeldForm | None:
    """Keep what a request sent, if it is something that can be sent again: its text, not its documents."""
    if request.method != "POST" or request.path.startswith(NEVER) or _forged(request):
        return None
    fields = {k: v for k, v in request.POST.lists() if k != "csrfmiddlewaretoken" and any(v)}
    user = request.user
    if not fields or not isinstance(user, User) or user.held_forms.count() >= MOST:
        return None
    return HeldForm.objects.create(user=user, path=request.get_full_path()[:300], fields=fields)


def _forged(request: HttpRequest) -> bool:
    """Whether another site's page may have sent it: that is not to be offered for sending."""
    guard = CsrfViewMiddleware(lambda _: HttpResponse())
    guard.process_request(request)
    return guard.process_view(request, hold_form, (), {}) is not None


@transaction.atomic
def note_sent(*, held: HeldForm, by: User) -> None:
    """It is on its way. It stays until it is let go or a day has passed, for it may not arrive."""
    HeldForm.objects.filter(pk=held.pk, user=by).update(sent_at=timezone.now())


@transaction.atomic
def let_go(*, held: HeldForm, by: User) -> None:
    """It is not wanted any more."""
    HeldForm.objects.filter(pk=held.pk, user=by).delete()


def forget_held(*, now: datetime) -> int:
    """Let go of what nobody sent within a day."""
    return HeldForm.objects.filter(at__lt=now - KEPT).delete()[0]
