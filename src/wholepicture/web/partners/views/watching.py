"""The control watch, what slipped through, and how partners answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.days import months_after
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.partners import access
from wholepicture.web.partners.forms import SayForm
from wholepicture.web.partners.models import Referral, WatchDone, Watched
from wholepicture.web.partners.selectors import figures as counted
from wholepicture.web.partners.selectors import watching as selected
from wholepicture.web.partners.services import clocks, watching
from wholepicture.web.theme.pages import done, need, status_of, tried

SPANS = ((7, "a week"), (30, "a month"), (90, "three months"))
MOST = 200
# Observations drawn anew while somebody waits for the page.
AT_ONCE = 300


def _one_of(request: HttpRequest, name: str, among: Sequence[int], default: int) -> int:
    """A number of the address, of those there are."""
    return next((n for n in among if request.GET.get(name) == str(n)), default)


@require_GET
def watch(request: HttpRequest) -> HttpResponse:
    """What holds today and ends soon, and what has failed with nobody on it; worst first."""
    need(access.may_watch(request.user))
    watching.refresh(request.user.force, most=AT_ONCE)
    days = _one_of(request, "days", [n for n, _ in SPANS], 30)
    today = timezone.localdate()
    rows = access.watched_by(request.user).select_related(
        "person__encounter", "person__identity", "team", "picked_up_by"
    )
    if request.GET.get("team") == "mine" and request.user.team_id:
        rows = rows.filter(team_id=request.user.team_id)
    ends = selected.ending(rows, today + timedelta(days=days))
    failed = selected.failed(rows)
    catalogue = default_recogniser().catalogue
    context = {
        "ends": selected.together(ends[:MOST]),
        "failed": selected.together(failed[:MOST]),
        "ends_count": ends.count(),
        "failed_count": failed.count(),
        "unpicked": failed.filter(picked_up_at=None).count(),
        "oldest": failed.filter(picked_up_at=None).order_by("since").first(),
        "days": days,
        "spans": SPANS,
        "pathways": catalogue.pathways,
        "concepts": catalogue.concepts,
        "today": today,
        "done": WatchDone.objects.filter(force_id=request.user.force_id).first(),
        "mine": request.GET.get("team") == "mine",
        "team": request.user.team,
        "partners": _by_partner(rows, today, days),
    }
    return render(request, "partners/watch.html", context)


def _by_partner(rows, today, days: int) -> list[tuple[str, int, int]]:  # type: ignore[no-untyped-def]
    """By who holds what: how many end, how many have failed."""
    found: dict[str, list[int]] = {}
    soon = Q(kind=Watched.Kind.ENDS, ends_on__lte=today + timedelta(days=days)) | Q(kind=Watched.Kind.FAILED)
    for holder, kind in rows.filter(soon).values_list("holder", "kind"):
        counts = found.setdefault(holder or "not said", [0, 0])
        counts[kind == Watched.Kind.FAILED] += 1
    return sorted(((h, e, f) for h, (e, f) in found.items()), key=lambda x: (-x[1] - x[2], x[0]))


@require_POST
def pick_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what one does about it."""
    need(access.may_watch(request.user))
    found = get_object_or_404(access.watched_by(request.user), pk=pk)
    return done(
        request,
        lambda: watching.pick_up(watched=found, what=request.POST.get("what", ""), by=request.user),
        "Kept. It stays on the watch until the control holds again.",
        "partners:watch",
    )


def slipped(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who slipped through: go to their picture and act, or say why nothing is needed."""
    need(access.may_refer(request.user))
    found = get_object_or_404(
        access.slipped_to(request.user).select_related("person__encounter__started_by", "to"), pk=pk
    )
    form = SayForm(request.POST or None, asks="Why is neither an action nor a partner needed?")
    if request.method == "POST" and tried(
        form, lambda d: clocks.close_slipped(row=found, why=d["why"], by=request.user)
    ):
        messages.success(request, "Kept, with your reason.")
        return redirect("encounters:home")
    catalogue = default_recogniser().catalogue
    context = {
        "row": found,
        "pathways": [catalogue.pathways[p].name for p in found.pathways if p in catalogue.pathways],
        "form": form,
    }
    return render(request, "partners/slipped.html", context, status=status_of(form))


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """How partners answer, as counts; small ones are not shown."""
    need(access.may_see_figures(request.user))
    months = _one_of(request, "months", (1, 3, 12), 12)
    since = months_after(timezone.localdate(), -months)
    among = Referral.objects.filter(force_id=request.user.force_id)
    context = {
        "rows": counted.by_partner(among, since=since),
        "routes": counted.by_route(among, since=since),
        "fewest": counted.FEWEST,
        "months": months,
        "declined": counted.declined_open(among),
        "own": False,
    }
    return render(request, "partners/figures.html", context)
