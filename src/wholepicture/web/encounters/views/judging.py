"""Judgement: assess, review, and read an account again for what was missed."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.picture import Grade, PathwayState, Picture, actions_for, disagreement, prompts
from wholepicture.core.practice import Nation
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.audit.services import record
from wholepicture.web.encounters import access, selectors, services
from wholepicture.web.encounters.drawing import view_of
from wholepicture.web.encounters.forms import HEAD_LABELS, AssessmentForm, ReviewForm, concept_choices
from wholepicture.web.encounters.models import Assessment, EncounterPerson


def assess(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """Judge a picture under the six heads and sign. Where grade and picture differ, the page says so once and asks why."""
    encounter = selectors.encounter_for(request.user, pk)
    if not access.may_assess(request.user, encounter):
        raise PermissionDenied
    person = get_object_or_404(encounter.people.select_related("encounter"), code=code)
    drawn = selectors.picture_of(person)
    form = _form(request, encounter.force.nation, drawn)
    differs = ""
    if request.method == "POST" and form.is_valid():
        differs = disagreement(default_recogniser().catalogue, drawn, Grade(form.cleaned_data["grade"]))
        if not differs or form.cleaned_data["reason"] or form.cleaned_data["seen"]:
            return _sign(request, person, form)
    return render(
        request,
        "encounters/assess.html",
        _context(person, drawn, form, differs),
        status=400 if form.errors else 200,
    )


def _form(request: HttpRequest, nation: str, drawn: Picture) -> AssessmentForm:
    catalogue = default_recogniser().catalogue
    offered = actions_for(catalogue, drawn, nation=Nation(nation))[:12]
    actions = [(a, f"{catalogue.concepts[a].name} ({catalogue.concepts[a].within})") for a, _ in offered]
    if request.method == "POST":
        return AssessmentForm(request.POST, actions=actions)
    return AssessmentForm(initial={"once": uuid.uuid4()}, actions=actions)


def _sign(request: HttpRequest, person: EncounterPerson, form: AssessmentForm) -> HttpResponse:
    given = form.cleaned_data
    signed = services.sign_assessment(
        person=person,
        once=given["once"],
        grade=given["grade"],
        heads=form.heads(),
        actions=given["actions"],
        reason=given["reason"],
        by=request.user,
    )
    messages.success(request, "Signed. Your supervisor will see it.")
    return redirect("encounters:assessment", pk=signed.pk)


def _context(person: EncounterPerson, drawn: Picture, form: AssessmentForm, differs: str) -> dict[str, Any]:
    catalogue = default_recogniser().catalogue
    nation = Nation(person.encounter.force.nation)
    return {
        "person": person,
        "encounter": person.encounter,
        "form": form,
        "differs": differs,
        "view": view_of(catalogue, drawn, nation=nation),
        "heads": [(p, form[p.head.value]) for p in prompts(catalogue, drawn, nation=nation)],
        "previous": person.assessments.filter(followed_by=None).first(),
    }


@require_GET
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """One signed assessment, what has changed since the one before, and its review."""
    found = _assessment(request, pk)
    catalogue = default_recogniser().catalogue
    record(by=request.user, what="assessment.seen", about=f"encounter:{found.person.encounter_id}")
    context = {
        "a": found,
        "encounter": found.person.encounter,
        "heads": [(label, getattr(found, head.value)) for head, label in HEAD_LABELS.items()],
        "actions": [catalogue.concepts[x].name for x in found.actions if x in catalogue.concepts],
        "open": [
            catalogue.pathways[p].name
            for p, state in found.pathways.items()
            if p in catalogue.pathways and state in (PathwayState.OPEN, PathwayState.UNGUARDED)
        ],
        "change": selectors.change_of(found),
        "review": getattr(found, "review", None),
        "later": Assessment.objects.filter(previous=found).first(),
        "form": ReviewForm(),
        "may_review": access.may_review(request.user, found),
        "may_assess": access.may_assess(request.user, found.person.encounter),
    }
    return render(request, "encounters/assessment.html", context)


@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree, or return it with a comment."""
    found = _assessment(request, pk)
    try:
        services.review_assessment(
            assessment=found,
            outcome=request.POST.get("outcome", ""),
            comment=request.POST.get("comment", ""),
            by=request.user,
        )
    except services.CannotDoError as error:
        messages.error(request, str(error))
        return redirect("encounters:assessment", pk=pk)
    messages.success(request, "Your review is kept. The officer sees it on their first page.")
    return redirect("encounters:reviews")


@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """Assessments that wait for review, worst first, then oldest."""
    if not access.may_review_any(request.user):
        raise PermissionDenied
    waiting = list(selectors.to_review(request.user)[:100])
    record(by=request.user, what="assessments.seen", about=f"force:{request.user.force_id}")
    return render(
        request,
        "encounters/reviews.html",
        {"waiting": waiting, "oldest": min((a.at for a in waiting), default=None)},
    )


@require_POST
def sample(request: HttpRequest) -> HttpResponse:
    """Draw an account by lot to read again."""
    if not access.may_review_any(request.user):
        raise PermissionDenied
    found = selectors.next_to_check(request.user)
    if found is None:
        messages.info(request, "There is no account left to sample: every recent one has been read again.")
        return redirect("encounters:reviews")
    return redirect("encounters:check", pk=found.pk)


def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read an account again and say what was missed."""
    encounter = selectors.encounter_for(request.user, pk)
    if not access.may_check_quality(request.user, encounter):
        raise PermissionDenied
    if hasattr(encounter, "quality_check"):
        raise Http404
    missed = [
        (concept, words)
        for concept, words in zip(
            request.POST.getlist("concept"), request.POST.getlist("words"), strict=False
        )
        if concept or words.strip()
    ]
    if request.method == "POST":
        try:
            services.check_quality(
                encounter=encounter,
                once=_once(request),
                missed=missed,
                comment=request.POST.get("comment", ""),
                by=request.user,
            )
        except services.CannotDoError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Kept. What was missed will show in training needs, as counts.")
            return redirect("encounters:reviews")
    found = list(encounter.findings.exclude(decision="rejected"))
    context = {
        "encounter": encounter,
        "segments": selectors.segments(encounter, found),
        "concepts": concept_choices(),
        "rows": [*missed, *[("", "")] * max(1, 4 - len(missed))],
        "comment": request.POST.get("comment", ""),
        "once": request.POST.get("once") or uuid.uuid4(),
    }
    record(by=request.user, what="encounter.seen", about=f"encounter:{encounter.pk}", why="quality check")
    return render(request, "encounters/check.html", context)


def _assessment(request: HttpRequest, pk: int) -> Assessment:
    found = get_object_or_404(Assessment.objects.select_related("person__encounter", "by", "previous"), pk=pk)
    selectors.encounter_for(request.user, found.person.encounter_id)
    return found


def _once(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("once", ""))
    except ValueError:
        return uuid.uuid4()
