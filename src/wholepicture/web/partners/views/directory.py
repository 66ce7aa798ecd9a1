"""The directory's pages: looking services up, keeping them right, and reading directories in."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from wholepicture.web.accounts.models import Role, User, Webhook
from wholepicture.web.partners import access
from wholepicture.web.partners.forms import (
    ImportForm,
    JoinForm,
    KindsForm,
    OrganisationForm,
    SearchForm,
)
from wholepicture.web.partners.models import Import, Membership, Organisation
from wholepicture.web.partners.selectors import directory
from wholepicture.web.partners.selectors.wording import kind_name
from wholepicture.web.partners.services import importing, keeping
from wholepicture.web.theme.pages import done, need, status_of, tried


def search(request: HttpRequest) -> HttpResponse:
    """Look services up by need, place, age and opening; sent as a form, so that nobody's age or postcode is in an address."""
    need(access.may_search_directory(request.user))
    kind = {"kind": request.GET["kind"]} if "kind" in request.GET else None
    form = SearchForm(request.POST or kind)
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    sought = directory.Sought(
        (given["kind"],) if given.get("kind") else (),
        given.get("words", ""),
        given.get("place", ""),
        given.get("age"),
        bool(given.get("open_now")),
    )
    among = access.services_of(request.user)
    context = {
        "form": form,
        "found": [] if form.errors else directory.search(among, sought),
        "total": among.filter(status="active").count(),
        "most": directory.MOST,
        "keeps": access.may_run_directory(request.user),
        "sought": form.is_bound,
    }
    return render(request, "partners/directory.html", context, status=status_of(form))


def entry(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One service, and for who keeps the directory which kinds of help it is."""
    need(access.may_search_directory(request.user))
    service = get_object_or_404(
        access.services_of(request.user).select_related("organisation", "feed", "confirmed_by"), pk=pk
    )
    keeps = access.may_run_directory(request.user)
    form = KindsForm(
        request.POST or None,
        initial={"kinds": [k.kind for k in service.kinds.all()], "withheld": service.withheld},
    )
    if request.method == "POST":
        need(keeps)
        if tried(
            form,
            lambda d: keeping.set_kinds(
                service=service, kinds=d["kinds"], withheld=d["withheld"], by=request.user
            ),
        ):
            messages.success(request, "Kept.")
            return redirect("partners:entry", pk)
    context = {
        "found": directory.one(service),
        "service": service,
        "kinds": [kind_name(k.kind) for k in service.kinds.all()],
        "form": form if keeps else None,
        "may_confirm": not access.may_answer(request.user),
    }
    return render(request, "partners/entry.html", context, status=status_of(form))


@require_POST
def confirm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Somebody rang, and it is right."""
    need(access.may_refer(request.user) or access.may_run_directory(request.user))
    service = get_object_or_404(access.services_of(request.user), pk=pk)
    return done(
        request,
        lambda: keeping.confirm_service(service=service, by=request.user),
        "Thank you. Others see that it was right today.",
        "partners:entry",
        pk,
    )


@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation, for who keeps the directory."""
    need(access.may_run_directory(request.user))
    words = request.GET.get("name", "").strip()[:80]
    found = access.organisations_of(request.user)
    if words:
        found = found.filter(name__icontains=words)
    return render(request, "partners/organisations.html", {"found": found[:200], "words": words})


def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an organisation is told, who is rung, and who signs in for it."""
    need(access.may_run_directory(request.user))
    found = get_object_or_404(access.organisations_of(request.user).select_related("system"), pk=pk)
    systems = Webhook.objects.filter(force_id=request.user.force_id, partner=True, stopped_at=None)
    people = User.objects.filter(
        force_id=request.user.force_id, role=Role.PARTNER, is_active=True, works_for=None
    ).order_by("last_name", "first_name")
    joining = request.POST.get("do") == "join"
    form = OrganisationForm(
        systems,
        request.POST if request.method == "POST" and not joining else None,
        initial={
            "email": found.email,
            "named": found.named,
            "named_phone": found.named_phone,
            "system": found.system_id,
        },
    )
    join = JoinForm(people, request.POST if request.method == "POST" and joining else None)
    if request.method == "POST":
        if joining:
            kept = tried(
                join,
                lambda d: keeping.join(organisation=found, user=d["user"], post=d["post"], by=request.user),
            )
        else:
            kept = tried(
                form, lambda d: keeping.change_organisation(organisation=found, by=request.user, **d)
            )
        if kept:
            messages.success(request, "Kept.")
            return redirect("partners:organisation", pk)
    context = {
        "organisation": found,
        "form": form,
        "join": join,
        "workers": found.workers.select_related("user"),
        "services": found.services.order_by("name"),
        "nobody": not people,
    }
    return render(request, "partners/organisation.html", context, status=status_of(form, join))


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody works there no more."""
    need(access.may_run_directory(request.user))
    among = Organisation.objects.filter(force_id=request.user.force_id)
    found = get_object_or_404(Membership.objects.filter(organisation__in=among), pk=pk)
    return done(
        request,
        lambda: keeping.leave(membership=found, by=request.user),
        "They see nothing of it from now on.",
        "partners:organisation",
        found.organisation_id,
    )


def imports(request: HttpRequest) -> HttpResponse:
    """Readings of directories, and a new one."""
    need(access.may_run_directory(request.user))
    form = ImportForm(request.POST or None, request.FILES or None)
    made: list[Import] = []
    if request.method == "POST" and tried(
        form,
        lambda d: made.append(
            importing.begin_import(
                force=request.user.force,
                by=request.user,
                name=d["name"],
                address=d["address"],
                content=d["content"],
            )
        ),
    ):
        messages.success(request, "It is being read. This page says how far it has come.")
        return redirect("partners:import", made[0].pk)
    context = {"form": form, "runs": access.imports_of(request.user).select_related("feed", "by")[:50]}
    return render(request, "partners/imports.html", context, status=status_of(form))


@require_GET
def import_(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a reading has come, and every row that was refused and why."""
    need(access.may_run_directory(request.user))
    run = get_object_or_404(access.imports_of(request.user).select_related("feed", "by"), pk=pk)
    return render(
        request,
        "partners/import.html",
        {
            "run": run,
            "refused": run.refused.filter(kept=False)[:500],
            "notes": run.refused.filter(kept=True)[:200],
        },
    )
