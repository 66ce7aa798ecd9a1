"""An account: give it, check what was recognised, see the picture, answer."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.practice import Nation, State
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.audit.services import record
from wholepicture.web.encounters import selectors, services
from wholepicture.web.encounters.access import may_assess, may_change, may_record, may_settle
from wholepicture.web.encounters.beyond import beyond
from wholepicture.web.encounters.drawing import view_of
from wholepicture.web.encounters.forms import AnswerForm, StartForm, concept_choices, demo_narratives
from wholepicture.web.encounters.models import Draft, EncounterPerson, FoundInText
from wholepicture.web.theme.numbers import uuid_of


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What needs this person today, by what their role carries; then recent accounts."""
    context = {
        "trays": selectors.desk(request.user),
        "encounters": selectors.recent(request.user),
        "may_record": may_record(request.user),
    }
    return render(request, "encounters/home.html", context)


def start(request: HttpRequest) -> HttpResponse:
    """Give an account: paste, upload or pick a demo one."""
    if not may_record(request.user):
        raise PermissionDenied
    form, draft = StartForm.fresh(), None
    if request.method == "POST":
        form = StartForm(request.POST, request.FILES)
        if form.is_valid():
            given = form.cleaned_data
            draft = Draft.objects.filter(once=given["once"], owner=request.user).first()
            if (
                draft
                and given["version"] is not None
                and given["version"] != draft.version
                and (draft.text, draft.place) != (given["narrative"], given["place"])
            ):
                context = {"draft": draft, "yours": given["narrative"], "place": given["place"]}
                return render(request, "encounters/conflict.html", context, status=409)
            encounter = services.start_encounter(
                narrative=given["text"],
                source=given["source"],
                once=given["once"],
                synthetic=given["synthetic"],
                circumstances=form.circumstances(),
                by=request.user,
            )
            services.drop_draft(once=given["once"], by=request.user)
            return redirect("encounters:findings", pk=encounter.pk)
    elif request.GET.get("draft"):
        draft = get_object_or_404(Draft, once=uuid_of(request.GET["draft"]), owner=request.user)
        form = StartForm.of(draft)
    context = {
        "form": form,
        "draft": draft,
        "demos": demo_narratives().items(),
        "window": request.POST.get("window") or secrets.token_hex(8),
    }
    return render(request, "encounters/start.html", context, status=400 if form.errors else 200)


@require_POST
def keep(request: HttpRequest, once: UUID) -> HttpResponse:
    """Keep what is being typed. Answers with the draft's new version, or 409 if another window kept a later one."""
    version = request.POST.get("version", "")
    kept = services.keep_draft(
        once=once,
        text=request.POST.get("narrative", ""),
        place=request.POST.get("place", ""),
        window=request.POST.get("window", ""),
        version=int(version) if version.isdecimal() and len(version) < 10 else 0,
        by=request.user,
    )
    return JsonResponse({"version": kept.draft.version}, status=409 if kept.conflict else 200)


@require_GET
def findings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The account with what was recognised marked, and a panel for each person."""
    encounter = selectors.encounter_for(request.user, pk)
    found = list(encounter.findings.select_related("person"))
    people = list(encounter.people.all())
    panels = [(p, selectors.shown(encounter, [f for f in found if f.person_id == p.pk])) for p in people]
    panels.sort(key=lambda panel: (not panel[0].main, not panel[1]))
    marked = [f for f in found if f.decision != FoundInText.Decision.REJECTED]
    context = {
        "encounter": encounter,
        "segments": selectors.segments(encounter, marked),
        "panels": panels,
        "nobody": selectors.shown(encounter, [f for f in found if f.person_id is None]),
        "people": people,
        "count": len(marked),
        "may_change": may_change(request.user, encounter),
        "may_settle": may_settle(request.user, encounter),
        "concepts": concept_choices(),
        "roles": services.ROLES,
        "first": next((p for p, _ in panels), None),
    }
    record(by=request.user, what="encounter.seen", about=f"encounter:{encounter.pk}")
    return render(request, "encounters/findings.html", context)


@require_POST
def decide(request: HttpRequest, pk: UUID, finding: int) -> HttpResponse:
    """Yes, not right, or about somebody else."""
    encounter = selectors.encounter_for(request.user, pk)
    found = get_object_or_404(encounter.findings, pk=finding)
    person = (
        get_object_or_404(encounter.people, code=request.POST["person"])
        if request.POST.get("person")
        else None
    )
    decision = request.POST.get("decision", FoundInText.Decision.ACCEPTED)
    if decision not in FoundInText.Decision.values:
        decision = FoundInText.Decision.NOT_YET
    services.decide_finding(finding=found, decision=decision, person=person, by=request.user)
    return redirect(f"{_address(pk)}#finding-{found.pk}")


@require_POST
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add something that was missed."""
    encounter = selectors.encounter_for(request.user, pk)
    person = get_object_or_404(encounter.people, code=request.POST.get("person", ""))
    try:
        found = services.add_finding(
            encounter=encounter,
            person=person,
            concept=request.POST.get("concept", ""),
            words=request.POST.get("words", ""),
            by=request.user,
        )
    except services.CannotDoError as error:
        messages.error(request, str(error))
        return redirect(f"{_address(pk)}#add")
    return redirect(f"{_address(pk)}#finding-{found.pk}")


@require_POST
def add_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put somebody into the account who is not in it yet."""
    encounter = selectors.encounter_for(request.user, pk)
    try:
        person = services.add_person(
            encounter=encounter,
            label=request.POST.get("label", ""),
            role=request.POST.get("role", ""),
            by=request.user,
        )
    except services.CannotDoError as error:
        messages.error(request, str(error))
        return redirect(f"{_address(pk)}#add-somebody")
    return redirect(f"{_address(pk)}#person-{person.code}")


@require_POST
def change_person(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """What somebody is called in the account, and how they stand in it."""
    encounter = selectors.encounter_for(request.user, pk)
    person = get_object_or_404(encounter.people.select_related("encounter"), code=code)
    try:
        services.change_person(
            person=person,
            label=request.POST.get("label", ""),
            role=request.POST.get("role", ""),
            by=request.user,
        )
    except services.CannotDoError as error:
        messages.error(request, str(error))
    return redirect(f"{_address(pk)}#person-{code}")


@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record what was confirmed and go to the picture."""
    encounter = selectors.encounter_for(request.user, pk)
    services.confirm(encounter=encounter, by=request.user)
    person = encounter.people.first()
    if person is None:
        messages.info(
            request, "No person was recognised in this account, so there is no picture to draw yet."
        )
        return redirect("encounters:findings", pk=pk)
    return redirect("encounters:picture", pk=pk, code=person.code)


@require_GET
def picture(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """The picture of one person: lanes, lens and what would close the pathways."""
    encounter = selectors.encounter_for(request.user, pk)
    if not encounter.confirmed_at:
        return redirect("encounters:findings", pk=pk)
    person = get_object_or_404(encounter.people, code=code)
    catalogue = default_recogniser().catalogue
    drawn = selectors.picture_of(person)
    record(by=request.user, what="picture.seen", about=f"person:{person.pk}")
    held = [(catalogue.concepts[name], item) for name, item in drawn.held.items()]
    context = {
        "encounter": encounter,
        "person": person,
        "people": encounter.people.all(),
        "view": view_of(catalogue, drawn, nation=Nation(encounter.force.nation)),
        "held": sorted(held, key=lambda pair: (pair[0].kind, pair[0].name)),
        "concepts": catalogue.concepts,
        "sources": catalogue.sources,
        "may_change": may_change(request.user, encounter),
        "may_settle": may_settle(request.user, encounter),
        "may_assess": may_assess(request.user, encounter),
        "assessments": person.assessments.select_related("by"),
        "drawn_at": drawn.at,
        "asked": beyond(request.user, person),
    }
    return render(request, "encounters/picture.html", context)


@require_POST
def answer(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """Answer a question in place; the picture is drawn again at once."""
    encounter = selectors.encounter_for(request.user, pk)
    person = get_object_or_404(EncounterPerson, encounter=encounter, code=code)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(
            request,
            "That answer could not be read: choose one of the answers offered, and give a date as 27/11/2026.",
        )
        return redirect("encounters:picture", pk=pk, code=code)
    given = form.cleaned_data
    try:
        services.answer(
            person=person,
            concept=given["concept"],
            state=given["state"],
            why=given["why"] if given["state"] == State.NOT_KNOWN else "",
            ends_on=given["ends_on"],
            by=request.user,
        )
    except (services.CannotDoError, ValueError) as error:
        messages.error(request, str(error))
    return redirect("encounters:picture", pk=pk, code=code)


def _address(pk: UUID) -> str:
    return reverse("encounters:findings", kwargs={"pk": pk})
