"""Providers: who they are, what was decided and found, and what they must do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.programmes.approval import NEXT
from wholepicture.web.programmes import access
from wholepicture.web.programmes.forms.delivering import (
    ClosingForm,
    ProviderDecisionForm,
    ProviderForm,
    VisitForm,
)
from wholepicture.web.programmes.models import Provider, ProviderAction, ProviderDecision
from wholepicture.web.programmes.services import providing
from wholepicture.web.programmes.views.shared import programme_of
from wholepicture.web.theme.pages import need, status_of, tried


def providers(request: HttpRequest, slug: str) -> HttpResponse:
    """The providers of a programme, and a new one from who may add it."""
    programme = programme_of(request, slug)
    need(not access.may_review_outside(request.user))
    form = ProviderForm(request.POST or None)
    if request.method == "POST":
        need(access.may_approve_providers(request.user))
        if tried(form, lambda d: providing.add_provider(programme=programme, by=request.user, **d)):
            messages.success(request, "Added. It is not approved yet.")
            return redirect("programmes:providers", slug)
    found = list(access.providers_of(request.user).filter(programme=programme).prefetch_related("decisions"))
    context = {
        "programme": programme,
        "providers": [(p, p.decision, p.actions.filter(closed_at=None)) for p in found],
        "form": form if access.may_approve_providers(request.user) else None,
    }
    return render(request, "programmes/providers.html", context, status=status_of(form))


def _provider(request: HttpRequest, pk: int) -> Provider:
    need(access.may_see(request.user) and not access.may_review_outside(request.user))
    return get_object_or_404(access.providers_of(request.user).select_related("programme"), pk=pk)


@require_GET
def provider(request: HttpRequest, pk: int) -> HttpResponse:
    """One provider."""
    return _page(request, _provider(request, pk))


def _decision_form(provider: Provider, data: Any = None) -> ProviderDecisionForm:
    said = [(s.value, ProviderDecision.Said(s.value).label) for s in NEXT[provider.state]]
    last = provider.decision
    return ProviderDecisionForm(
        provider.programme.current.content,
        said,
        data,
        initial={
            "on": timezone.localdate(),
            **({f"shown_{k}": v for k, v in last.shown.items()} if last else {}),
        },
    )


def _page(
    request: HttpRequest,
    found: Provider,
    decide: ProviderDecisionForm | None = None,
    visit: VisitForm | None = None,
    closing: tuple[int, ClosingForm] | None = None,
) -> HttpResponse:
    content = found.programme.current.content
    decides = access.may_approve_providers(request.user)
    last = found.decision
    context = {
        "provider": found,
        "decision": last,
        "criteria": [(a, last.shown.get(a.id, "") if last else "") for a in content.approval],
        "decisions": found.decisions.select_related("by"),
        "visits": found.visits.select_related("by"),
        "actions": found.actions.select_related("closed_by"),
        "cohorts": found.cohorts.all(),
        "decide": (decide or _decision_form(found)) if decides else None,
        "visit": (visit or VisitForm(auto_id="visit_%s")) if decides else None,
        "closing": (closing[1] if closing else ClosingForm()) if decides else None,
        "closing_pk": closing[0] if closing else 0,
        "opened": "decide" if decide else "visit" if visit else "",
    }
    bad = status_of(decide, visit, closing[1] if closing else None)
    return render(request, "programmes/provider.html", context, status=bad)


@require_POST
def decide_on_provider(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, refuse, withdraw or restore."""
    found = _provider(request, pk)
    need(access.may_approve_providers(request.user))
    form = _decision_form(found, request.POST)

    def decide(given: dict[str, Any]) -> None:
        providing.decide_on_provider(
            provider=found,
            said=given["said"],
            why=given["why"],
            on=given["on"],
            until=given["until"],
            shown=form.shown(),
            conditions=form.conditions(),
            by=request.user,
        )

    if tried(form, decide):
        messages.success(request, "Your decision is kept.")
        return redirect("programmes:provider", pk)
    return _page(request, found, decide=form)


@require_POST
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a visit."""
    found = _provider(request, pk)
    need(access.may_approve_providers(request.user))
    form = VisitForm(request.POST, auto_id="visit_%s")
    if tried(form, lambda d: providing.record_visit(provider=found, by=request.user, **d)):
        messages.success(request, "The visit is kept.")
        return redirect("programmes:provider", pk)
    return _page(request, found, visit=form)


@require_POST
def close_action(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that something is done."""
    need(access.may_approve_providers(request.user))
    action = get_object_or_404(
        ProviderAction.objects.filter(provider__in=access.providers_of(request.user)).select_related(
            "provider__programme"
        ),
        pk=pk,
    )
    form = ClosingForm(request.POST)
    if tried(form, lambda d: providing.close_action(action=action, closing=d["closing"], by=request.user)):
        messages.success(request, "It is closed.")
        return redirect("programmes:provider", action.provider_id)
    return _page(request, action.provider, closing=(pk, form))
