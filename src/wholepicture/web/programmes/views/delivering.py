"""Running cohorts: making them, filling their places, teaching sessions, and who came."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from wholepicture.web.accounts.models import Role, User
from wholepicture.web.programmes import access
from wholepicture.web.programmes.forms.assessing import ReleaseForm
from wholepicture.web.programmes.forms.delivering import (
    AddLearnerForm,
    AdjustForm,
    CohortForm,
    KeepForm,
    LookAfterForm,
    MoveForm,
    WhyForm,
)
from wholepicture.web.programmes.models import (
    Adjustment,
    Cohort,
    Place,
    Programme,
    Provider,
    Version,
)
from wholepicture.web.programmes.selectors import portfolio
from wholepicture.web.programmes.selectors.cohorts import roll_of, without_qualification
from wholepicture.web.programmes.services import delivering, resulting
from wholepicture.web.programmes.services.delivering import Planned
from wholepicture.web.programmes.views.shared import programme_of
from wholepicture.web.theme.pages import done, need, status_of, tried


@require_GET
def cohorts(request: HttpRequest) -> HttpResponse:
    """Every cohort of the force."""
    need(access.may_see(request.user) and not access.may_review_outside(request.user))
    found = access.cohorts_of(request.user).select_related("version__programme", "provider")
    need(
        access.may_run(request.user)
        or access.may_verify(request.user)
        or access.may_approve_providers(request.user)
    )
    context = {
        "cohorts": [
            (
                c,
                c.taken.filter(state=Place.State.JOINED).count(),
                c.taken.filter(state__in=["asked", "waiting"]).count(),
            )
            for c in found
        ],
        "programmes": access.programmes_of(request.user),
        "may_run": access.may_run(request.user),
    }
    return render(request, "programmes/cohorts.html", context)


def _approved(programme: Programme) -> Any:
    return programme.versions.filter(state=Version.State.APPROVED)


def new_cohort(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a cohort."""
    programme = programme_of(request, slug)
    need(access.may_run(request.user))
    may_deliver = [p.pk for p in programme.providers.all() if p.may_deliver]
    form = CohortForm(
        _approved(programme),
        Provider.objects.filter(pk__in=may_deliver),
        request.POST or None,
        initial={"places": 12},
    )
    made: list[Cohort] = []
    if request.method == "POST" and tried(form, lambda d: made.append(_make(d, request.user))):
        return redirect("programmes:cohort", made[0].pk)
    context = {"programme": programme, "form": form, "any_provider": bool(may_deliver)}
    return render(request, "programmes/new_cohort.html", context, status=status_of(form))


def _make(given: dict[str, Any], by: User) -> Cohort:
    version, provider = given.pop("version"), given.pop("provider")
    return delivering.make_cohort(version=version, provider=provider, planned=Planned(**given), by=by)


def cohort_of(request: HttpRequest, pk: int) -> Cohort:
    need(
        access.may_run(request.user)
        or access.may_verify(request.user)
        or access.may_approve_providers(request.user)
    )
    return get_object_or_404(
        access.cohorts_of(request.user).select_related("version__programme", "provider"), pk=pk
    )


@require_GET
def cohort(request: HttpRequest, pk: int) -> HttpResponse:
    """One cohort: its people, sessions and what is in the way of each result."""
    return _page(request, cohort_of(request, pk))


def _people(user: User) -> Any:
    return User.objects.filter(force_id=user.force_id, is_active=True).order_by(
        "last_name", "first_name", "username"
    )


def _page(request: HttpRequest, found: Cohort, **forms: Any) -> HttpResponse:
    runs = access.may_run(request.user)
    learners = _people(request.user).exclude(role__in=[Role.PARTNER, Role.EXTERNAL_QUALITY])
    context = {
        "cohort": found,
        "roll": roll_of(found),
        "left": found.taken.filter(state=Place.State.LEFT).select_related("learner"),
        "asked": [
            (p, delivering.room_for(found, p.sending))
            for p in found.taken.filter(state__in=(Place.State.ASKED, Place.State.WAITING)).select_related(
                "learner"
            )
        ],
        "sessions": [
            (s, s.came.count(), without_qualification(s)) for s in found.sessions.prefetch_related("trainers")
        ],
        "quotas": found.quotas.all(),
        "free": delivering.room_for(found, ""),
        "runs": runs,
        "verifies": access.may_verify(request.user),
        "plans": found.plans.select_related("verifier") if access.may_verify(request.user) else [],
        "reviews": access.reviews_seen(request.user).filter(cohort=found).select_related("reviewer"),
        "may_open_review": access.may_open_review(request.user),
        "add": forms.get("add") or AddLearnerForm(learners),
        "keep": forms.get("keep") or KeepForm(auto_id="keep_%s"),
        "move": forms.get("move") or MoveForm(_approved(found.version.programme), auto_id="move_%s"),
    }
    return render(request, "programmes/cohort.html", context, status=status_of(*forms.values()))


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a cohort that has not begun on another version."""
    found = cohort_of(request, pk)
    need(access.may_run(request.user))
    form = MoveForm(_approved(found.version.programme), request.POST, auto_id="move_%s")
    if tried(form, lambda d: delivering.move_cohort(cohort=found, version=d["version"], by=request.user)):
        messages.success(request, "The cohort is on that version now.")
        return redirect("programmes:cohort", pk)
    return _page(request, found, move=form)


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep places for one sending force."""
    found = cohort_of(request, pk)
    need(access.may_run(request.user))
    form = KeepForm(request.POST, auto_id="keep_%s")
    if tried(
        form,
        lambda d: delivering.keep_places(
            cohort=found, sending=d["sending"], places=d["kept"], by=request.user
        ),
    ):
        messages.success(request, "Kept.")
        return redirect("programmes:cohort", pk)
    return _page(request, found, keep=form)


@require_POST
def add_learner(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody a place."""
    found = cohort_of(request, pk)
    need(access.may_run(request.user))
    form = AddLearnerForm(_people(request.user), request.POST)

    def add(given: dict[str, Any]) -> Place:
        place = delivering.ask_for_place(
            cohort=found, learner=given["learner"], sending=given["sending"], by=request.user
        )
        return delivering.give_place(place=place, by=request.user)

    if tried(form, add):
        messages.success(request, f"{form.cleaned_data['learner']} is told.")
        return redirect("programmes:cohort", pk)
    return _page(request, found, add=form)


def _managed(request: HttpRequest, pk: int) -> Place:
    need(access.may_run(request.user))
    return get_object_or_404(
        access.places_run(request.user).select_related(
            "cohort__version__programme", "cohort__provider", "learner", "assessor"
        ),
        pk=pk,
    )


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody join, or put them on the waiting list."""
    place = _managed(request, pk)
    return done(
        request,
        lambda: delivering.give_place(place=place, by=request.user),
        f"{place.learner} is told.",
        "programmes:cohort",
        place.cohort_id,
    )


def manage(request: HttpRequest, pk: int) -> HttpResponse:
    """One learner, for who runs the cohort: entry, who looks after them, adjustments, result. Not what they wrote."""
    place = _managed(request, pk)
    form = _look_after_form(request.user, place, request.POST or None)
    if request.method == "POST" and tried(
        form, lambda d: delivering.look_after(place=place, by=request.user, **d)
    ):
        messages.success(request, "Kept.")
        return redirect("programmes:manage-place", pk)
    return _managed_page(request, place, look_after=form if form.errors else None)


def _look_after_form(user: User, place: Place, data: Any = None) -> LookAfterForm:
    return LookAfterForm(
        access.people_who(user, Role.ASSESSOR).exclude(pk=place.learner_id),
        _people(user).exclude(pk=place.learner_id),
        data,
        initial={
            "assessor": place.assessor_id,
            "supervisor": place.supervisor_id,
            "welfare_name": place.welfare_name,
            "welfare_reach": place.welfare_reach,
            "portfolio_due": place.portfolio_due,
        },
    )


def _managed_page(request: HttpRequest, place: Place, **forms: Any) -> HttpResponse:
    shown = {e.requirement: e for e in place.entry.select_related("by")}
    rows = portfolio.rows_of(place)
    context = {
        "place": place,
        "entry": [(r, shown.get(r.id)) for r in place.cohort.content.entry],
        "standings": [(r.criterion, r.where.standing.value, r.met) for r in rows],
        "met": sum(r.met for r in rows),
        "obstacles": portfolio.obstacles(place),
        "adjustments": place.adjustments.filter(ended_at=None),
        "came": place.came.select_related("session"),
        "result": getattr(place, "result", None),
        "look_after": forms.get("look_after") or _look_after_form(request.user, place),
        "adjust": forms.get("adjust") or AdjustForm(),
        "release": forms.get("release") or ReleaseForm(),
        "leave": forms.get("leave") or WhyForm(auto_id="leave_%s"),
        "problem": forms.get("problem", ""),
    }
    bad = [f for f in forms.values() if not isinstance(f, str)]
    status = 400 if forms.get("problem") else status_of(*bad)
    return render(request, "programmes/manage_place.html", context, status=status)


@require_POST
def show_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the evidence of a requirement was seen."""
    place = _managed(request, pk)
    return done(
        request,
        lambda: delivering.show_entry(
            place=place,
            requirement=request.POST.get("requirement", ""),
            seen=request.POST.get("seen", ""),
            by=request.user,
        ),
        "Kept.",
        "programmes:manage-place",
        pk,
    )


@require_POST
def adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree a reasonable adjustment."""
    place = _managed(request, pk)
    form = AdjustForm(request.POST)
    if tried(form, lambda d: delivering.adjust(place=place, what=d["what"], by=request.user)):
        messages.success(request, "Kept.")
        return redirect("programmes:manage-place", pk)
    return _managed_page(request, place, adjust=form)


@require_POST
def end_adjustment(request: HttpRequest, pk: int) -> HttpResponse:
    """End an adjustment."""
    need(access.may_run(request.user))
    found = get_object_or_404(Adjustment.objects.filter(place__in=access.places_run(request.user)), pk=pk)
    return done(
        request,
        lambda: delivering.end_adjustment(adjustment=found, by=request.user),
        "Ended.",
        "programmes:manage-place",
        found.place_id,
    )


@require_POST
def end_place(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's place."""
    place = _managed(request, pk)
    form = WhyForm(request.POST, auto_id="leave_%s")
    if tried(form, lambda d: delivering.leave(place=place, why=d["why"], by=request.user)):
        messages.success(request, "Their place has ended. What they did is kept.")
        return redirect("programmes:cohort", place.cohort_id)
    return _managed_page(request, place, leave=form)


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Release a result."""
    place = _managed(request, pk)
    form = ReleaseForm(request.POST)
    if tried(form, lambda d: resulting.release(place=place, said=d["said"], why=d["why"], by=request.user)):
        messages.success(request, f"The result of {place.learner} is released.")
        return redirect("programmes:manage-place", pk)
    return _managed_page(request, place, release=form)
