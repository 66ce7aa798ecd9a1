"""A person over time: the record, the reason asked for it, and the search that leads to it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.practice import Nation
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.limits import spend
from wholepicture.web.accounts.step_up import ask_again, step_up
from wholepicture.web.audit.services import record
from wholepicture.web.encounters import selectors
from wholepicture.web.encounters.access import Seeing, may_answer_subject_access, seeing
from wholepicture.web.encounters.drawing import pattern_sentence, view_of
from wholepicture.web.encounters.forms import SearchForm
from wholepicture.web.people import services as people
from wholepicture.web.people.access import (
    known_in_force,
    may_ask,
    may_be_told_of,
    may_restrict,
    may_settle_matches,
)
from wholepicture.web.people.models import Person
from wholepicture.web.people.selectors import matches as people_like
from wholepicture.web.people.selectors import root_of


@require_GET
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything held of somebody, as known now or at an earlier moment."""
    known = _known(request, pk)
    if known.pk != pk:
        return redirect("encounters:person", pk=known.pk)
    how = seeing(request.user, known)
    if how is Seeing.HIDDEN:
        raise Http404
    if how is not Seeing.OPEN:
        return render(
            request, "encounters/ask.html", {"known": known, "restricted": how is Seeing.BREAK_GLASS}
        )
    catalogue = default_recogniser().catalogue
    now = selectors.history_of(known, user=request.user)
    moments = [a.encounter.confirmed_at for a in reversed(now.appearances)]
    step = _step(request.GET.get("step", ""), len(moments))
    history = now
    if step is not None:
        history = selectors.history_of(known, user=request.user, known_at=sorted(moments)[step - 1])
    record(
        by=request.user,
        what="person.seen",
        about=f"person:{known.pk}",
        why=f"as known at {history.known_at.isoformat()}" if history.known_at else "",
    )
    view = view_of(catalogue, history.picture, nation=Nation(known.force.nation))
    context = {
        "known": known,
        "history": history,
        "view": view,
        "sentence": pattern_sentence(catalogue, history.pattern),
        "household": pattern_sentence(catalogue, history.household) if history.household else "",
        "concepts": catalogue.concepts,
        "sources": catalogue.sources,
        "steps": len(moments),
        "step": step or len(moments),
        "drawn_at": history.picture.at,
        "may_restrict": may_restrict(request.user),
        "may_give_copy": may_answer_subject_access(request.user),
        "may_settle": may_settle_matches(request.user),
        "joins": known.joins.filter(undone_at=None).select_related("other", "by"),
    }
    return render(request, "encounters/person.html", context)


@require_POST
def open_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say why one needs to see somebody."""
    known = _known(request, pk)
    sees = seeing(request.user, known)
    if sees not in (Seeing.ASK, Seeing.BREAK_GLASS):
        raise Http404
    spend(request.user, "open")
    if sees is Seeing.BREAK_GLASS and (page := ask_again(request)):
        return page
    try:
        people.open_person(person=known, why=request.POST.get("why", ""), by=request.user)
    except people.CannotDoError as error:
        messages.error(request, str(error))
    return redirect("encounters:person", pk=known.pk)


def search(request: HttpRequest) -> HttpResponse:
    """Look for people and accounts, with the reason kept."""
    if not may_ask(request.user):
        raise PermissionDenied
    form = SearchForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        spend(request.user, "search")
        said = form.said()
        found = people_like(said, user=request.user, most=20)
        record(
            by=request.user,
            what="people.searched",
            about=f"force:{request.user.force_id}",
            why=f"{form.cleaned_data['why']} ({form.sought()}; {len(found)} found)",
        )
        words = form.cleaned_data["words"]
        context |= {
            "asked": True,
            "found": found,
            "by_words": selectors.accounts_with(words, user=request.user) if words else None,
        }
    return render(request, "encounters/search.html", context, status=400 if form.errors else 200)


@require_POST
@step_up
def join(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that another record is of this person too."""
    kept = _known(request, pk)
    if not may_settle_matches(request.user) or seeing(request.user, kept) is not Seeing.OPEN:
        raise PermissionDenied
    other = get_object_or_404(may_be_told_of(request.user), pk=request.POST.get("other", str(kept.pk)))
    try:
        people.join(kept=kept, other=other, why=request.POST.get("why", ""), by=request.user)
    except people.CannotDoError as error:
        messages.error(request, str(error))
    return redirect("encounters:person", pk=kept.pk)


@require_POST
@step_up
def undo_join(request: HttpRequest, pk: UUID, join: int) -> HttpResponse:
    """Take two records apart again."""
    kept = _known(request, pk)
    if not may_settle_matches(request.user):
        raise PermissionDenied
    done = get_object_or_404(kept.joins, pk=join)
    try:
        people.undo_join(done=done, why=request.POST.get("why", ""), by=request.user)
    except people.CannotDoError as error:
        messages.error(request, str(error))
    return redirect("encounters:person", pk=kept.pk)


def _known(request: HttpRequest, pk: UUID) -> Person:
    found = get_object_or_404(known_in_force(request.user).select_related("into", "force"), pk=pk)
    return root_of(found)


def _step(text: str, most: int) -> int | None:
    """Which report's moment to draw at: None for now."""
    step = int(text) if text.isdecimal() and len(text) < 6 else 0
    return step if 0 < step < most else None
