"""How long records are kept: what is due, the review, disposal by two people, and a person's own copy."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET

from wholepicture.core.practice import Nation
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.limits import spend
from wholepicture.web.accounts.step_up import ask_again, step_up
from wholepicture.web.audit.services import record
from wholepicture.web.encounters import selectors, services
from wholepicture.web.encounters.access import (
    Seeing,
    may_answer_subject_access,
    may_review_retention,
    seeing,
)
from wholepicture.web.encounters.drawing import view_of
from wholepicture.web.encounters.forms import CopyForm, RetentionForm
from wholepicture.web.people.access import known_in_force
from wholepicture.web.people.models import Person
from wholepicture.web.people.selectors import details_of, name_of, root_of


@require_GET
def due(request: HttpRequest) -> HttpResponse:
    """Records whose review is due, proposals first; and those that are gone."""
    if not may_review_retention(request.user):
        raise PermissionDenied
    page = Paginator(selectors.to_review_retention(request.user), 25).get_page(request.GET.get("page"))
    names = details_of([r.person for r in page])
    record(by=request.user, what="retention.queue-seen", about=f"force:{request.user.force_id}")
    context = {
        "page": page,
        "rows": [(r, name_of(names[r.person_id]), selectors.rules().of(r.group)) for r in page],
        "soon": selectors.coming_up(request.user),
        "gone": selectors.disposals(request.user)[:50],
        "rules": selectors.rules(),
    }
    return render(request, "encounters/retention.html", context)


def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at one record, and decide whether it is kept."""
    if not may_review_retention(request.user):
        raise PermissionDenied
    person = _seen(request, pk)
    retention = services.keep_due(person)
    kept = selectors.kept_of(person, retention)
    own = retention.proposed_by_id == request.user.pk
    form = RetentionForm(
        request.POST or None,
        initial={"group": retention.group},
        offered=_offered(bool(retention.hold), retention.proposed_by_id is not None, own),
    )
    if request.method == "POST" and form.is_valid():
        if page := ask_again(request):
            return page
        try:
            return _decided(request, person, form)
        except services.CannotDoError as error:
            form.add_error(None, str(error))
    record(by=request.user, what="retention.seen", about=f"person:{person.pk}")
    history = selectors.history_of(person, user=request.user)
    catalogue = default_recogniser().catalogue
    context = {
        "form": form,
        "kept": kept,
        "rules": selectors.rules(),
        "hints": {g.id: g.covers for g in selectors.rules().groups.values()},
        "view": view_of(catalogue, history.picture, nation=Nation(person.force.nation)),
        "own": own,
        "today": timezone.localdate(),
    }
    return render(request, "encounters/retention_review.html", context, status=400 if form.errors else 200)


def _offered(held: bool, proposed: bool, own: bool) -> list[str]:
    """What may be decided of a record as it stands."""
    if proposed and not own:
        return ["approve", "refuse"]
    if held:
        return ["kept", "released"]
    return ["kept", "held"] if proposed else ["kept", "held", "proposed"]


def _decided(request: HttpRequest, person: Person, form: RetentionForm) -> HttpResponse:
    given = form.cleaned_data
    if given["decision"] in ("approve", "refuse"):
        done = services.answer_proposal(
            person=person, approve=given["decision"] == "approve", why=given["why"], by=request.user
        )
        if done:
            messages.success(request, "The record is disposed of. Only the fact of it is kept, below.")
        else:
            messages.success(request, "The record is kept. The refusal and its reason are on its list.")
        return redirect("encounters:retention")
    services.decide_retention(
        person=person, decision=given["decision"], group=given["group"], why=given["why"], by=request.user
    )
    messages.success(request, "Your decision is kept.")
    return redirect("encounters:retention-review", pk=person.pk)


@step_up
def own_copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Draw up what is held of somebody for them: look it over, block out more or less, then take the copy."""
    if not may_answer_subject_access(request.user):
        raise PermissionDenied
    person = _seen(request, pk)
    form = CopyForm(request.POST or None)
    choices = form.choices(request.POST) if form.is_bound and form.is_valid() else services.Choices()
    give = request.method == "POST" and "give" in request.POST
    why = form.cleaned_data.get("reference", "") if form.is_bound and form.is_valid() else ""
    spend(request.user, "copy")
    try:
        copy = services.prepare_copy(person=person, choices=choices, why=why, give=give, by=request.user)
    except services.CannotDoError as error:
        give = False
        form.add_error("reference", str(error))
        copy = services.prepare_copy(person=person, choices=choices, why=why, give=False, by=request.user)
    context = {"copy": copy, "form": form, "at": timezone.now(), "force": person.force, "reference": why}
    if not give:
        return render(request, "encounters/own_copy.html", context, status=400 if form.errors else 200)
    response = HttpResponse(render_to_string("encounters/own_copy_document.html", context))
    response["Content-Disposition"] = f'attachment; filename="what-is-held-{timezone.localdate()}.html"'
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _seen(request: HttpRequest, pk: UUID) -> Person:
    known = root_of(get_object_or_404(known_in_force(request.user).select_related("into", "force"), pk=pk))
    if seeing(request.user, known) is not Seeing.OPEN:
        raise PermissionDenied
    return known
