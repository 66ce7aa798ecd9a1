"""Oversight: the audit, who looked at somebody, restricted records and the glass that was broken."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.step_up import step_up
from wholepicture.web.audit import selectors as audit_log
from wholepicture.web.audit.models import Entry
from wholepicture.web.audit.services import record
from wholepicture.web.encounters import selectors
from wholepicture.web.encounters.access import Seeing, seeing
from wholepicture.web.encounters.forms import AuditForm
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.people import services as people
from wholepicture.web.people.access import known_in_force, may_restrict, may_review_openings
from wholepicture.web.people.models import Opening, Person
from wholepicture.web.people.selectors import root_of, together


def audit(request: HttpRequest) -> HttpResponse:
    """Who did or saw what, when and why. Looking here is kept too. Posted, so that no name stands in an address."""
    if not may(request.user, Permission.SEE_AUDIT) or request.user.force_id is None:
        raise PermissionDenied
    form = AuditForm(request.POST if request.method == "POST" else None)
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    asked = {k: v for k, v in given.items() if v}
    entries = audit_log.found(chain=f"force-{request.user.force_id}", **asked)
    page = Paginator(entries, 50).get_page(request.POST.get("page"))
    record(
        by=request.user,
        what="audit.searched",
        about=f"force:{request.user.force_id}",
        why=", ".join(f"{k}: {v}" for k, v in asked.items()),
    )
    context = {"form": form, "page": page, "names": _names(list(page))}
    return render(request, "encounters/audit.html", context)


def _names(entries: list[Entry]) -> dict[str, str]:
    """The names of the users that entries are about."""
    numbers = {e.about.removeprefix("user:") for e in entries if e.about.startswith("user:")}
    return {f"user:{u.pk}": str(u) for u in User.objects.filter(pk__in=[n for n in numbers if n.isdigit()])}


@require_GET
def looks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everybody who looked at one person's record, and what was done and disclosed: their own disclosure report."""
    if not may(request.user, Permission.SEE_AUDIT):
        raise PermissionDenied
    person = root_of(get_object_or_404(Person, pk=pk, force_id=request.user.force_id))
    records = together(person)
    appearances = EncounterPerson.objects.filter(identity__in=records).values_list("pk", "encounter_id")
    abouts = [f"person:{p.pk}" for p in records]
    abouts += [f"person:{own}" for own, _ in appearances] + [f"encounter:{e}" for _, e in appearances]
    entries = list(audit_log.of(abouts, chain=f"force-{request.user.force_id}"))
    record(by=request.user, what="audit.person-report", about=f"person:{person.pk}")
    return render(request, "encounters/looks.html", {"person": person, "entries": entries})


REVIEW_WITHIN = timedelta(hours=72)


@require_GET
def openings(request: HttpRequest) -> HttpResponse:
    """Restricted records that somebody opened, to be reviewed within 72 hours, oldest first."""
    if not may_review_openings(request.user):
        raise PermissionDenied
    late = timezone.now() - REVIEW_WITHIN
    context = {"waiting": selectors.openings_to_review(request.user), "late": late}
    return render(request, "encounters/openings.html", context)


@require_POST
def review_opening(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether breaking the glass was right."""
    if not may_review_openings(request.user):
        raise PermissionDenied
    opening = get_object_or_404(Opening, pk=pk, person__force_id=request.user.force_id, broke_glass=True)
    try:
        people.review_opening(opening=opening, review=request.POST.get("review", ""), by=request.user)
        messages.success(request, "Your review is kept.")
    except people.CannotDoError as error:
        messages.error(request, str(error))
    return redirect("encounters:openings")


@step_up
def restrict(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep a record to a named list of people."""
    if not may_restrict(request.user):
        raise PermissionDenied
    person = root_of(get_object_or_404(known_in_force(request.user).select_related("into"), pk=pk))
    if seeing(request.user, person) is not Seeing.OPEN:
        raise PermissionDenied
    given = request.POST.get("readers", "")
    names = [n.strip() for n in given.replace(",", "\n").splitlines() if n.strip()]
    found = list(User.objects.filter(Q(username__in=names), force_id=request.user.force_id, is_active=True))
    unknown = sorted(set(names) - {u.username for u in found})
    if request.method == "POST" and unknown:
        messages.error(
            request, f"No user of your force is called {', '.join(unknown)}. Nothing has been changed."
        )
    elif request.method == "POST":
        try:
            people.restrict(person=person, readers=found, why=request.POST.get("why", ""), by=request.user)
            messages.success(request, "Restricted. Only the people named may see this record.")
            return redirect("encounters:person", pk=person.pk)
        except people.CannotDoError as error:
            messages.error(request, str(error))
    readers = person.readers.select_related("user")
    context = {"person": person, "readers": readers, "given": given, "why": request.POST.get("why", "")}
    return render(request, "encounters/restrict.html", context)
