"""Making a scenario, and an expert's own key."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.documents import UnreadableError
from wholepicture.core.learning import ContentError, read_scenario
from wholepicture.core.learning.scenario import MARKED_KINDS, Quality, Worth
from wholepicture.core.picture import Grade
from wholepicture.core.practice import STATES, Kind, load_default
from wholepicture.web.accounts.models import User
from wholepicture.web.training import access
from wholepicture.web.training.forms import NewScenarioForm
from wholepicture.web.training.models import Course, Draft
from wholepicture.web.training.selectors.debrief import KIND_NAMES
from wholepicture.web.training.services import building
from wholepicture.web.training.services.courses import CannotDoError
from wholepicture.web.training.views.teaching import allowed


def new(request: HttpRequest) -> HttpResponse:
    """Paste a narrative."""
    allowed(request)
    form = NewScenarioForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = building.start_draft(
                title=form.cleaned_data["title"], narrative=form.cleaned_data["narrative"], by=request.user
            )
        except UnreadableError as error:
            form.add_error("narrative", str(error))
        else:
            return redirect("training:scenario", pk=draft.pk)
    return render(request, "training/new_scenario.html", {"form": form}, status=400 if form.errors else 200)


def _draft(request: HttpRequest, pk: UUID) -> Draft:
    allowed(request)
    return get_object_or_404(access.drafts_of(request.user), pk=pk)


def scenario(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All of a scenario that is being made, part by part; once the panel has signed, what they agreed on."""
    draft = _draft(request, pk)
    if request.method == "POST":
        return _changed(request, draft)
    catalogue = load_default()
    names = {c.id: c.name for c in catalogue.concepts.values()}
    context = {
        "draft": draft,
        "t": draft.table,
        "names": names,
        "labels": {p["code"]: p["label"] for p in draft.table["people"]},
        "faults": building.faults(draft) if draft.state == Draft.State.WRITING else [],
        "panel": building.panel_of(draft),
        "seats": draft.seats.select_related("expert"),
        "experts": _experts(request.user),
        "courses": Course.objects.filter(force_id=request.user.force_id, closed_at=None),
        **_choices(),
    }
    return render(request, "training/scenario.html", context)


def _choices() -> dict[str, Any]:
    catalogue = load_default()
    return {
        "concepts": [
            (KIND_NAMES[k], sorted(((c.id, c.name) for c in catalogue.of_kind(k)), key=lambda p: p[1]))
            for k in MARKED_KINDS
        ],
        "control_choices": sorted(
            ((c.id, c.name) for c in catalogue.of_kind(Kind.CONTROL)), key=lambda p: p[1]
        ),
        "action_choices": sorted(
            ((c.id, c.name) for c in catalogue.of_kind(Kind.ACTION)), key=lambda p: p[1]
        ),
        "harm_choices": sorted(((c.id, c.name) for c in catalogue.of_kind(Kind.HARM)), key=lambda p: p[1]),
        "strands": sorted(catalogue.strands.items(), key=lambda p: p[1]),
        "states": [s.value for s in STATES[Kind.CONTROL]],
        "worths": [w.value for w in Worth],
        "qualities": [
            (Quality.OPENS.value, "Opens people up"),
            (Quality.FAIR.value, "Fair"),
            (Quality.CLOSES.value, "Closes people up"),
        ],
        "grades": [g.value for g in Grade],
    }


def _experts(user: User) -> list[User]:
    people = User.objects.filter(force_id=user.force_id, is_active=True).order_by("last_name", "first_name")
    return [p for p in people.select_related("team") if access.may_learn(p)]


def _changed(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Keep all that is typed on the page, whichever button was pressed; then add, take away, or ask the panel."""
    sent, by, anchor = request.POST, request.user, ""
    table = building.rewritten(draft.table, _basics(sent), _typed(sent, draft.table))
    try:
        draft = building.save_draft(draft=draft, table=table, by=by)
        if "remove" in sent:
            anchor, _, number = sent["remove"].partition(":")
            building.save_draft(draft=draft, table=building.without(table, anchor, _number(number)), by=by)
        elif "add" in sent:
            anchor = sent["add"]
            building.save_draft(
                draft=draft, table=building.with_entry(table, anchor, _fields(sent, anchor)), by=by
            )
        elif "ask" in sent:
            anchor = "send"
            chosen = [e for e in _experts(by) if str(e.pk) in sent.getlist("experts")]
            building.send_to_panel(draft=draft, experts=chosen, by=by)
        else:
            messages.success(request, "Kept.")
    except CannotDoError as error:
        messages.error(request, str(error))
        anchor = ""
    address = reverse("training:scenario", args=[draft.pk])
    return redirect(f"{address}#{anchor}" if anchor in (*building.FIELDS, "send") else address)


def _basics(sent: QueryDict) -> dict[str, Any]:
    minutes = sent.get("minutes", "")
    return {
        "title": sent.get("title", "").strip()[:120],
        "briefing": sent.get("briefing", "").strip()[:4_000],
        "minutes": int(minutes) if minutes.isdigit() and len(minutes) < 5 else 8,
        "grade": sent.get("grade", "medium"),
        "grade_why": sent.get("grade_why", "").strip()[:4_000],
        "teaches": sent.get("teaches", "").strip()[:4_000],
        "strands": sent.getlist("strands") or ["anyone"],
    }


def _typed(sent: QueryDict, table: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """What was typed of each entry that is there: "part-number-field" names it."""
    return {
        part: [
            {
                f: _field(sent, f"{part}-{n}-{f}", f)
                for f in fields
                if f == "critical" or f"{part}-{n}-{f}" in sent
            }
            for n in range(len(table.get(part, [])))
        ]
        for part, fields in building.EDITABLE.items()
    }


def _fields(sent: QueryDict, part: str) -> dict[str, Any]:
    """What was filled in of a new entry, each field as its file has it."""
    found: dict[str, Any] = {}
    for name in building.FIELDS.get(part, ()):
        key = f"new-{part}-{name}"
        if name in ("factors", "features") or (part == "links" and name == "controls"):
            found[name] = sent.getlist(key)
        elif key in sent:
            found[name] = _field(sent, key, name)
    return found


def _field(sent: QueryDict, key: str, name: str) -> Any:
    text = sent.get(key, "").replace("\r\n", "\n").replace("\0", "").strip()[:2_000]
    if name == "minutes":
        return int(text) if text.isdigit() and len(text) < 4 else 2
    return bool(text) if name == "critical" else text


@require_POST
def panel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a scenario back from the panel, or publish what it agreed on."""
    draft = _draft(request, pk)
    try:
        if "take-back" in request.POST:
            building.take_back(draft=draft, by=request.user)
        elif "publish" in request.POST:
            course = Course.objects.filter(
                force_id=request.user.force_id, pk=_number(request.POST.get("course"))
            ).first()
            made = building.publish_draft(
                draft=draft, critical=set(request.POST.getlist("critical")), course=course, by=request.user
            )
            messages.success(request, f"Published in {made}.")
            return redirect("training:manage-course", slug=made.course.slug)
    except CannotDoError as error:
        messages.error(request, str(error))
    except ContentError as error:
        messages.error(request, " ".join(error.problems[:3]))
    return redirect("training:scenario", pk=pk)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else 0


@require_GET
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The scenario as a learner meets it, and its key."""
    draft = _draft(request, pk)
    try:
        found = read_scenario(draft.table, load_default(), name=draft.title)
    except ContentError as error:
        messages.error(request, f"It is not whole yet: {error.problems[0]}")
        return redirect("training:scenario", pk=pk)
    names = {c.id: c.name for c in load_default().concepts.values()}
    return render(request, "training/preview.html", {"draft": draft, "s": found, "names": names})


def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """An expert's own key: judged alone."""
    if not access.may_learn(request.user):
        raise PermissionDenied
    found = get_object_or_404(access.seats_of(request.user).select_related("draft"), pk=pk)
    if request.method == "POST":
        return _judged(request, found)
    catalogue = load_default()
    table = found.draft.table
    context = {
        "seat": found,
        "t": table,
        "labels": {p["code"]: p["label"] for p in table["people"]},
        "names": {c.id: c.name for c in catalogue.concepts.values()},
        "concepts": _choices()["concepts"],
        "grades": [g.value for g in Grade],
        "judged": [(x, found.judged.get(x["id"], "")) for x in table["targets"]],
    }
    return render(request, "training/seat.html", context)


def _judged(request: HttpRequest, found: Any) -> HttpResponse:
    sent = request.POST
    judged = {x["id"]: sent.get(f"judge-{x['id']}", "") for x in found.draft.table["targets"]}
    add = None
    if "add" in sent:
        add = {k: sent.get(k, "") for k in ("words", "concept", "person", "why")}
    try:
        building.keep_key(seat=found, judged=judged, grade=sent.get("grade", ""), by=request.user, add=add)
        if "sign" in sent:
            building.sign_key(seat=found, by=request.user)
            messages.success(request, "Your key is signed. Thank you.")
            return redirect("training:home")
    except CannotDoError as error:
        messages.error(request, str(error))
    return redirect("training:seat", pk=found.pk)
