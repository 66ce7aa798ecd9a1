"""Sessions of a cohort, who came to them, and who may teach."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from wholepicture.web.accounts.models import Role, User
from wholepicture.web.errors import CannotDoError
from wholepicture.web.programmes import access
from wholepicture.web.programmes.forms.delivering import (
    AttendanceForm,
    QualificationForm,
    SessionForm,
    WhyForm,
)
from wholepicture.web.programmes.models import Came, Place, Qualification, Session
from wholepicture.web.programmes.selectors.cohorts import without_qualification
from wholepicture.web.programmes.services import teaching
from wholepicture.web.programmes.views.delivering import cohort_of
from wholepicture.web.theme.pages import done, need, status_of, tried
from wholepicture.web.training.services.assigning import CannotDoError as BadListError
from wholepicture.web.training.services.assigning import Row, read_attendance


def new_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a session."""
    found = cohort_of(request, pk)
    need(access.may_run(request.user))
    form = SessionForm(
        found.content,
        access.people_who(request.user, Role.TRAINER, Role.ASSESSOR, Role.SAFEGUARDING, Role.SUPERVISOR),
        request.POST or None,
    )

    def plan(given: dict[str, Any]) -> Session:
        zone = timezone.get_current_timezone()
        return teaching.add_session(
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
            rows = teaching.of_cohort(_rows(request, found), found)
            bad = [r for r in rows if r.problem]
            count = teaching.record_attendance(session=found, rows=rows, by=request.user)
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
        lambda: teaching.cancel_session(session=found, why=request.POST.get("why", ""), by=request.user),
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
        if tried(form, lambda d: teaching.add_qualification(by=request.user, **d)):
            messages.success(request, "Kept.")
            return redirect("programmes:qualifications")
    held = Qualification.objects.filter(holder__force_id=request.user.force_id).select_related("holder")
    context = {
        "held": held,
        "form": form if access.may_run(request.user) else None,
        "today": timezone.localdate(),
    }
    return render(request, "programmes/qualifications.html", context, status=status_of(form))
