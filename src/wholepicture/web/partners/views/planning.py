"""Joint plans and the meetings on them, with the picture on screen."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.practice import Nation
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.audit.services import record
from wholepicture.web.encounters.drawing import view_of
from wholepicture.web.encounters.selectors import cumulative
from wholepicture.web.partners import access
from wholepicture.web.partners.forms import ActionForm, MeetingForm, MinuteForm, PlanForm, SayForm
from wholepicture.web.partners.models import Organisation, Plan, PlanAction
from wholepicture.web.partners.services import planning
from wholepicture.web.theme.pages import need, status_of, tried


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """Joint plans that one may see: those to be looked at first, first."""
    need(access.may_run_plans(request.user))
    found = access.plans_of(request.user).select_related("person", "lead")
    context = {
        "plans": found.filter(closed_at=None).order_by("review_on"),
        "closed": found.exclude(closed_at=None).order_by("-closed_at")[:30],
        "today": timezone.localdate(),
    }
    return render(request, "partners/plans.html", context)


def begin(request: HttpRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """Begin a joint plan for somebody."""
    need(access.may_run_plans(request.user))
    person = get_object_or_404(
        access.people_in_sight(request.user).select_related("encounter"), encounter=pk, code=code
    )
    held = Plan.objects.filter(person=person).first()
    if held:
        return redirect("partners:plan", held.pk)
    form = PlanForm(request.POST or None)
    made: list[Plan] = []
    if request.method == "POST" and tried(
        form, lambda d: made.append(planning.begin_plan(person=person, by=request.user, **d))
    ):
        return redirect("partners:plan", made[0].pk)
    return render(
        request, "partners/begin_plan.html", {"person": person, "form": form}, status=status_of(form)
    )


def _plan(request: HttpRequest, pk: uuid.UUID) -> Plan:
    need(access.may_run_plans(request.user))
    return get_object_or_404(
        access.plans_of(request.user).select_related(
            "person__encounter__force", "person__identity__into", "lead"
        ),
        pk=pk,
    )


def _drawn(plan: Plan) -> Any:
    return view_of(
        default_recogniser().catalogue,
        cumulative(plan.person),
        nation=Nation(plan.person.encounter.force.nation),
    )


def plan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One plan: picture, actions, meetings."""
    found = _plan(request, pk)
    organisations = Organisation.objects.filter(force_id=request.user.force_id)
    form = ActionForm(organisations, request.POST or None)
    if request.method == "POST" and tried(
        form, lambda d: planning.add_action(plan=found, by=request.user, **d)
    ):
        messages.success(request, "Added.")
        return redirect("partners:plan", pk)
    record(by=request.user, what="plan.seen", about=f"plan:{found.pk}")
    return _plan_page(request, found, form)


def _plan_page(
    request: HttpRequest,
    found: Plan,
    form: ActionForm,
    meeting: MeetingForm | None = None,
    bad: tuple[str, SayForm] | None = None,
) -> HttpResponse:
    actions = [
        (a, bad[1] if bad and bad[0] == f"a{a.pk}" else SayForm(prefix=f"a{a.pk}", asks="What came of it?"))
        for a in found.actions.select_related("organisation")
    ]
    catalogue = default_recogniser().catalogue
    context = {
        "plan": found,
        "view": _drawn(found),
        "concepts": catalogue.concepts,
        "sources": catalogue.sources,
        "form": form,
        "meeting": meeting or MeetingForm(),
        "close": bad[1] if bad and bad[0] == "close" else SayForm(prefix="close", asks="Why is it closed?"),
        "actions": actions,
        "left": found.actions.filter(done_at=None).count(),
        "meetings": found.meetings.prefetch_related("minutes"),
        "today": timezone.localdate(),
    }
    return render(
        request,
        "partners/plan.html",
        context,
        status=status_of(form, meeting, bad[1] if bad else None),
    )


@require_POST
def finish(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Say what came of an action."""
    found = _plan(request, pk)
    action = get_object_or_404(PlanAction, plan=found, pk=number)
    form = SayForm(request.POST, prefix=f"a{number}", asks="What came of it?")
    if tried(form, lambda d: planning.finish_action(action=action, came_of_it=d["why"], by=request.user)):
        messages.success(request, "Kept.")
        return redirect("partners:plan", pk)
    return _plan_page(
        request,
        found,
        ActionForm(Organisation.objects.filter(force_id=found.force_id)),
        None,
        (f"a{number}", form),
    )


@require_POST
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Close a plan."""
    found = _plan(request, pk)
    form = SayForm(request.POST, prefix="close", asks="Why is it closed?")
    if tried(form, lambda d: planning.close_plan(plan=found, why=d["why"], by=request.user)):
        messages.success(request, "The plan is closed.")
        return redirect("partners:plans")
    return _plan_page(
        request,
        found,
        ActionForm(Organisation.objects.filter(force_id=found.force_id)),
        None,
        ("close", form),
    )


@require_POST
def hold(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Begin a meeting on a plan."""
    found = _plan(request, pk)
    form = MeetingForm(request.POST)
    made: list[Any] = []

    def call(given: dict[str, Any]) -> None:
        moment = datetime.combine(given["held_on"], time(10), timezone.get_current_timezone())
        if given["held_on"] == timezone.localdate():
            moment = timezone.now()
        made.append(
            planning.hold_meeting(plan=found, held_at=moment, present=given["present"], by=request.user)
        )

    if tried(form, call):
        return redirect("partners:meeting", pk, made[0].pk)
    return _plan_page(request, found, ActionForm(Organisation.objects.filter(force_id=found.force_id)), form)


def meeting(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """A meeting, with the picture on screen; decisions minuted into observations."""
    found = _plan(request, pk)
    held = get_object_or_404(found.meetings, pk=number)
    form = MinuteForm(request.POST or None)
    if request.method == "POST" and tried(
        form, lambda d: planning.minute(meeting=held, by=request.user, **d)
    ):
        messages.success(request, "Minuted.")
        return redirect("partners:meeting", pk, number)
    catalogue = default_recogniser().catalogue
    context = {
        "plan": found,
        "meeting": held,
        "view": _drawn(found),
        "concepts": catalogue.concepts,
        "sources": catalogue.sources,
        "minutes": held.minutes.select_related("observation", "by"),
        "actions": found.actions.select_related("organisation"),
        "form": form,
    }
    return render(request, "partners/meeting.html", context, status=status_of(form))
