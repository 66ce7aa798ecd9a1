"""The force's figures: all on one page, each on its own with what it rests on, and as a file."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from wholepicture.web.accounts.models import Team
from wholepicture.web.insight import access, charts
from wholepicture.web.insight.selectors.figures import PERIODS, Asked, Figure, figures_of, shown
from wholepicture.web.insight.selectors.steps import what_to_do
from wholepicture.web.theme.pages import need
from wholepicture.web.theme.sheets import sheet


def asked_of(request: HttpRequest) -> Asked:
    """Which period and team are asked for; whatever else stands in the address is a year of the whole force."""
    months = int(request.GET["months"]) if request.GET.get("months") in map(str, PERIODS) else 12
    team = None
    if request.GET.get("team", "").isdecimal():
        team = Team.objects.filter(force_id=request.user.force_id, pk=int(request.GET["team"][:9])).first()
    return Asked(request.user.force, months, timezone.now(), team, access.may_see_wellbeing(request.user))


def chart_of(found: Figure) -> SafeString | str:
    """A figure's chart, "" where it has none."""
    if found.upset and found.upset.meetings:
        return charts.upset(found.upset, found.names, found.title)
    return charts.bars(found.bars, found.title) if found.bars else ""


def _filters(asked: Asked) -> str:
    return urlencode({"months": asked.months, "team": asked.team.pk if asked.team else ""})


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where the force stands, and what to do next and why."""
    need(access.may_see(request.user))
    asked = asked_of(request)
    found = shown(asked)
    context = {
        "asked": asked,
        "at": found.at,
        "figures": [(f, chart_of(f)) for f in found.figures],
        "steps": what_to_do(asked, found.figures),
        "periods": PERIODS,
        "teams": Team.objects.filter(force_id=request.user.force_id).order_by("name"),
        "filters": _filters(asked),
    }
    return render(request, "insight/home.html", context)


def _one(request: HttpRequest, ident: str) -> tuple[Asked, Figure]:
    need(access.may_see(request.user))
    asked = asked_of(request)
    found = figures_of(asked, only=ident)
    if not found:
        raise Http404
    return asked, found[0]


@require_GET
def figure(request: HttpRequest, ident: str) -> HttpResponse:
    """One figure: what it is, how it is asked, what it does not say."""
    asked, found = _one(request, ident)
    context = {"asked": asked, "figure": found, "chart": chart_of(found), "filters": _filters(asked)}
    return render(request, "insight/figure.html", context)


@require_GET
def download(request: HttpRequest, ident: str) -> HttpResponse:
    """One figure's table as CSV, with its definition and caveats above it."""
    asked, found = _one(request, ident)
    as_of = f"as of {timezone.localtime(asked.until):%-d %B %Y, %H:%M}"
    above = [(found.title, asked.words, as_of), (found.definition,), *((c,) for c in found.caveats)]
    return sheet(found.id, found.heads, found.rows, above=above)
