"""Running cohorts: making them, filling their places, teaching sessions, and who came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wholepicture.web.accounts.models import Role, User
from wholepicture.web.programmes import access
from wholepicture.web.programmes.forms.assessing import ReleaseForm
from wholepicture.web.programmes.forms.delivering import (
    AddLearnerForm,
    AdjustForm,
    AttendanceForm,
    CohortForm,
    KeepForm,
    LookAfterForm,
    MoveForm,
    QualificationForm,
    SessionForm,
    WhyForm,
)
from wholepicture.web.programmes.models import (
    Adjustment,
    Came,
    Cohort,
    Place,
    Programme,
    Provider,
    Qualification,
    Session,
    Version,
)
from wholepicture.web.programmes.selectors import portfolio
from wholepicture.web.programmes.selectors.cohorts import roll_of, without_qualification
from wholepicture.web.programmes.services import delivering, resulting
from wholepicture.web.programmes.services.delivering import Planned
from wholepicture.web.programmes.services.errors import CannotDoError
from wholepicture.web.programmes.views.shared import done, need, programme_of, status_of, tried
from wholepicture.web.training.services.assigning import CannotDoError as BadListError
from wholepicture.web.training.services.assigning import Row, read_attendance


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


def _cohort(request: HttpRequest, pk: int) -> Cohort:
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
    return _page(request, _cohort(request, pk))


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
    found = _cohort(request, pk)
    need(access.may_run(request.user))
    form = MoveForm(_approved(found.version.programme), request.POST, auto_id="move_%s")
    if tried(form, lambda d: delivering.move_cohort(cohort=found, version=d["version"], by=request.user)):
        messages.success(request, "The cohort is on that version now.")
        return redirect("programmes:cohort", pk)
    return _page(request, found, move=form)


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep places for one sending force."""
    found = _cohort(request, pk)
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
    found = _cohort(request, pk)
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


def new_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a session."""
    found = _cohort(request, pk)
    need(access.may_run(request.user))
    form = SessionForm(
        found.content,
        access.people_who(request.user, Role.TRAINER, Role.ASSESSOR, Role.SAFEGUARDING, Role.SUPERVISOR),
        request.POST or None,
    )

    def plan(given: dict[str, Any]) -> Session:
        zone = timezone.get_current_timezone()
        return delivering.add_session(
            cohort=found,
            module=given["module"],
            starts_at=datetime.combine(given["on"], given["starts"], zone),
            ends_at=datetime.combine(given["on"], given["ends"], zone),
            trainers=list(User.objects.filter(pk__in=given["trainers"])),
            venue=given["venue"],
            link=given["link"],
            by=request.user,
        )

    if request.method == "POST" and tried(form, plan):
        messages.success(request, "The session is planned, and is in everybody's calendar.")
        return redirect("programmes:cohort", pk)
    return render(
        request, "programmes/new_session.html", {"cohort": found, "form": form}, status=status_of(form)
    )


def _session(request: HttpRequest, pk: int) -> Session:
    need(access.may_run(request.user))
    return get_object_or_404(
        Session.objects.filter(cohort__in=access.cohorts_of(request.user)).select_related(
            "cohort__version__programme"
        ),
        pk=pk,
    )


def session(request: HttpRequest, pk: int) -> HttpResponse:
    """Who came to a session: ticked on the page, or from a list."""
    found = _session(request, pk)
    form = AttendanceForm()
    bad: list[Row] = []
    problem = ""
    if request.method == "POST":
        form = AttendanceForm(request.POST, request.FILES)
        rows: list[Row] = []
        try:
            rows = delivering.of_cohort(_rows(request, found), found)
            bad = [r for r in rows if r.problem]
            count = delivering.record_attendance(session=found, rows=rows, by=request.user)
        except (CannotDoError, BadListError) as error:
            problem = str(error)
        else:
            if not bad:
                messages.success(request, f"Kept for {count} {'person' if count == 1 else 'people'}.")
                return redirect("programmes:cohort", found.cohort_id)
            problem = f"Kept for {count}. {len(bad)} of the list could not be used."
    came = {c.place_id: c for c in found.came.all()}
    context = {
        "session": found,
        "joined": [
            (p, came.get(p.pk))
            for p in found.cohort.taken.filter(state=Place.State.JOINED)
            .select_related("learner")
            .order_by("learner__last_name", "learner__first_name")
        ],
        "how": Came.How.choices,
        "form": form,
        "bad": bad,
        "problem": problem,
        "cancel": WhyForm(auto_id="cancel_%s"),
        "begun": found.starts_at <= timezone.now(),
        "unqualified": without_qualification(found),
    }
    return render(request, "programmes/session.html", context, status=400 if problem else 200)


def _rows(request: HttpRequest, found: Session) -> list[Row]:
    """Rows of a list that was given, else of the page's own choices."""
    listed = request.FILES.get("listed")
    pasted = request.POST.get("pasted", "")
    if listed or pasted.strip():
        text = listed.read(1_000_000).decode("utf-8", "replace") if listed else pasted
        return read_attendance(text, request.user)
    rows = []
    for place in found.cohort.taken.filter(state=Place.State.JOINED).select_related("learner"):
        how = request.POST.get(f"how-{place.pk}", "")
        if how in Came.How.values:
            rows.append(
                Row(
                    0,
                    place.learner.username,
                    place.learner,
                    how,
                    request.POST.get(f"note-{place.pk}", "")[:200],
                )
            )
    return rows


@require_POST
def cancel_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a session."""
    found = _session(request, pk)
    return done(
        request,
        lambda: delivering.cancel_session(session=found, why=request.POST.get("why", ""), by=request.user),
        "Cancelled. Everybody who joined is told.",
        "programmes:cohort",
        found.cohort_id,
    )


def qualifications(request: HttpRequest) -> HttpResponse:
    """Who may train, assess and verify, and until when."""
    need(
        access.may_run(request.user)
        or access.may_verify(request.user)
        or access.may_approve_providers(request.user)
    )
    people = access.people_who(
        request.user, Role.TRAINER, Role.ASSESSOR, Role.INTERNAL_QUALITY, Role.SAFEGUARDING, Role.SUPERVISOR
    )
    form = QualificationForm(people, request.POST or None)
    if request.method == "POST":
        need(access.may_run(request.user))
        if tried(form, lambda d: delivering.add_qualification(by=request.user, **d)):
            messages.success(request, "Kept.")
            return redirect("programmes:qualifications")
    held = Qualification.objects.filter(holder__force_id=request.user.force_id).select_related("holder")
    context = {
        "held": held,
        "form": form if access.may_run(request.user) else None,
        "today": timezone.localdate(),
    }
    return render(request, "programmes/qualifications.html", context, status=status_of(form))
