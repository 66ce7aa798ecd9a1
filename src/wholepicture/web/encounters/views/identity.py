"""Who the people of an encounter are: what is said of them, who they may be, and the queue of those left open."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.identity import Details
from wholepicture.web.accounts.models import User
from wholepicture.web.audit.services import record
from wholepicture.web.encounters import selectors, services
from wholepicture.web.encounters.access import may_settle
from wholepicture.web.encounters.forms import WhoForm
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.people.access import may_be_told_of, may_settle_matches
from wholepicture.web.people.services import CannotDoError
from wholepicture.web.theme.numbers import uuid_of


def who(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """Say who somebody is: their details, and which of the people known they are, if any."""
    person = _person(request, pk, code)
    form = WhoForm(initial=WhoForm.of(person))
    if request.method == "POST":
        form = WhoForm(request.POST)
        if form.is_valid():
            services.describe(person=person, by=request.user, **form.details())
            return redirect("encounters:who", pk=pk, code=code)
    said = selectors.said_of(person)
    context = {
        "encounter": person.encounter,
        "person": person,
        "people": selectors.people_to_settle(person.encounter),
        "form": form,
        "described": bool(said),
        "candidates": _candidates(request, person, said),
        **_elsewhere(person, request.user),
    }
    return render(request, "encounters/who.html", context, status=400 if form.errors else 200)


def _elsewhere(person: EncounterPerson, user: User) -> dict[str, object]:
    """Whom a bulk run takes to be the same: those that can be settled here once this one is, and all of them."""
    found = selectors.taken_for_the_same(person, user)
    return {"elsewhere": found, "to_tick": [e for e in found if e.open] if person.identity else []}


@require_POST
def matches(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """While somebody types: who it may be. A part of the page, and nothing is recorded but the look."""
    person = _person(request, pk, code)
    form = WhoForm(request.POST)
    form.is_valid()
    said = form.said()
    return render(
        request,
        "encounters/_matches.html",
        {
            "encounter": person.encounter,
            "person": person,
            "described": bool(said),
            "typing": said != selectors.said_of(person),
            "candidates": _candidates(request, person, said),
        },
    )


@require_POST
def settle(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """This is them, these too, not them, not known before, or leave it open."""
    person = _person(request, pk, code)
    said = request.POST.get("said", "")
    try:
        if said in ("them", "not_them"):
            known = get_object_or_404(may_be_told_of(request.user), pk=uuid_of(request.POST.get("known", "")))
            act: Callable[..., object] = services.link if said == "them" else services.not_them
            act(person=person, known=known, by=request.user)
        elif said == "these":
            _these_too(request, person)
        elif said == "new":
            services.make_known(person=person, by=request.user)
        else:
            services.leave_open(person=person, by=request.user)
            messages.success(request, "Left open. A records specialist will see it in their queue.")
    except CannotDoError as error:
        messages.error(request, str(error))
    return redirect("encounters:who", pk=pk, code=code)


def _these_too(request: HttpRequest, person: EncounterPerson) -> None:
    """Those ticked of other accounts are the person that this one is linked to."""
    ticked = set(request.POST.getlist("these"))
    those = [
        e.person
        for e in selectors.taken_for_the_same(person, request.user)
        if e.open and str(e.person.pk) in ticked
    ]
    if not (those and person.identity):
        messages.error(request, "Tick at least one account in which it is them.")
        return
    linked = services.link_these(those=those, known=person.identity, by=request.user)
    messages.success(request, f"Linked in {linked} more account{'' if linked == 1 else 's'}.")


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Matches left open, oldest first, for a records specialist."""
    if not may_settle_matches(request.user):
        raise PermissionDenied
    waiting = selectors.left_open(request.user)
    record(by=request.user, what="matches.seen", about=f"force:{request.user.force_id}")
    return render(request, "encounters/queue.html", {"waiting": waiting})


def _person(request: HttpRequest, pk: UUID, code: str) -> EncounterPerson:
    encounter = selectors.encounter_for(request.user, pk)
    person: EncounterPerson = get_object_or_404(
        encounter.people.select_related("encounter", "identity__into"), code=code, plural=False
    )
    if not may_settle(request.user, encounter):
        raise PermissionDenied
    return person


def _candidates(request: HttpRequest, person: EncounterPerson, said: Details) -> list[object]:
    if person.identity or not said:
        return []
    found = selectors.matches_for(person, said, request.user)
    record(
        by=request.user,
        what="people.matched",
        about=f"encounter:{person.encounter_id}",
        why=", ".join(str(c.person.pk) for c in found) or "nobody",
    )
    return list(found)
