"""How people are: one's own check-in, and the counts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from wholepicture.web.insight import access, services
from wholepicture.web.insight.forms import CheckInForm
from wholepicture.web.insight.selectors import wellbeing as told
from wholepicture.web.insight.views.figures import asked_of
from wholepicture.web.theme.pages import need, status_of, tried


def check_in(request: HttpRequest) -> HttpResponse:
    """Say how one is this week; see what one was exposed to; see whom to talk to."""
    need(access.may_answer(request.user))
    form = CheckInForm(request.POST or None)
    if request.method == "POST" and tried(
        form,
        lambda d: services.check_in(
            feeling=int(d["feeling"]), load=int(d["load"]), stays=d["stays"] == "yes", by=request.user
        ),
    ):
        messages.success(request, "Thank you. Nothing says that it was you.")
        return redirect("insight:wellbeing")
    context = {
        "form": None if told.answered(request.user) and not form.errors else form,
        "exposure": told.own_exposure(request.user),
        "weeks": told.WEEKS,
        "sees_figures": access.may_see_wellbeing(request.user),
    }
    return render(request, "insight/check-in.html", context, status=status_of(form))


@require_GET
def wellbeing(request: HttpRequest) -> HttpResponse:
    """How people say they are, as counts; and exposure by team."""
    need(access.may_see_wellbeing(request.user))
    asked = asked_of(request)
    context = {
        "told": told.told(asked.force, asked.scope.since.date()),
        "teams": told.by_team(asked.force),
        "weeks": told.WEEKS,
        "fewest": told.FEWEST,
    }
    return render(request, "insight/wellbeing.html", context)
