"""Programmes: what they are, what they cover, what a version changes, and its way to approval."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from wholepicture.core.learning import ContentError
from wholepicture.core.practice import load_default
from wholepicture.core.programmes.specification import Delivery, Method
from wholepicture.web.programmes import access
from wholepicture.web.programmes.forms.specifying import JudgeForm, ProposeForm
from wholepicture.web.programmes.models import Judgement, Version
from wholepicture.web.programmes.selectors import coverage as selectors
from wholepicture.web.programmes.services import specifying as services
from wholepicture.web.programmes.views.shared import programme_of


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The programmes of a force, and versions that wait for somebody."""
    if not access.may_see(request.user):
        raise PermissionDenied
    waiting = Version.objects.filter(
        programme__in=access.programmes_of(request.user), state__in=("proposed", "reviewed")
    ).select_related("programme", "by")
    context = {
        "programmes": access.programmes_of(request.user),
        "waiting": waiting.order_by("at"),
        "cohorts": access.cohorts_of(request.user)
        .filter(closed_at=None)
        .select_related("provider", "version"),
        "may_run": access.may_run(request.user),
        "may_assess": access.may_assess(request.user),
        "may_verify": access.may_verify(request.user),
        "may_see_figures": access.may_see_figures(request.user),
        "sees_providers": access.providers_of(request.user).exists()
        or access.may_approve_providers(request.user),
        "reviews": access.reviews_of(request.user).select_related("cohort"),
    }
    return render(request, "programmes/home.html", context)


@require_GET
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """A programme as it now stands."""
    found = programme_of(request, slug)
    return _shown(request, found.current)


def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version: what it says, covers and changes; and a word on it from who may give one."""
    found = get_object_or_404(
        programme_of(request, slug).versions.select_related("programme", "by"), number=number
    )
    if request.method != "POST":
        return _shown(request, found)
    form = _judge_form(request, found)
    if form is None:
        raise PermissionDenied
    if form.is_valid():
        try:
            services.judge(
                version=found, said=form.cleaned_data["said"], why=form.cleaned_data["why"], by=request.user
            )
        except services.CannotDoError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Your judgement is kept.")
            return redirect("programmes:version", slug=slug, number=number)
    return _shown(request, found, form, 400)


def _judge_form(request: HttpRequest, found: Version) -> JudgeForm | None:
    """The form for who may say something of a version now (or might have, had nobody else done so meanwhile)."""
    said = []
    if access.may_review(request.user, found):
        said = [Judgement.Said.REVIEWED, Judgement.Said.RETURNED]
    elif access.may_approve(request.user, found):
        said = [Judgement.Said.APPROVED, Judgement.Said.RETURNED]
    elif not (request.method == "POST" and found.judgements.exclude(by=request.user).exists()):
        return None
    else:
        said = list(Judgement.Said)
    form = JudgeForm(request.POST or None)
    form.fields["said"].choices = [(s.value, s.label) for s in said]  # type: ignore[attr-defined]
    return form


def _shown(
    request: HttpRequest, found: Version, form: JudgeForm | None = None, status: int = 200
) -> HttpResponse:
    against = request.GET.get("against", "")
    number = int(against) if against.isdigit() and len(against) < 6 else None
    concepts = load_default()
    context = {
        "programme": found.programme,
        "version": found,
        "content": found.content,
        "seen": selectors.seen(found, against=number),
        "versions": found.programme.versions.select_related("by"),
        "judgements": found.judgements.select_related("by"),
        "form": form or _judge_form(request, found),
        "may_propose": access.may_propose(request.user),
        "sees_line": access.may_set_line(request.user),
        "names": {c.id: c.name for c in concepts.concepts.values()}
        | {p.id: p.name for p in concepts.pathways.values()},
    }
    return render(request, "programmes/version.html", context, status=status)


def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """Propose a new version."""
    found = programme_of(request, slug)
    if not access.may_propose(request.user):
        raise PermissionDenied
    latest = found.versions.order_by("-number")[0]
    form = ProposeForm(request.POST or None, initial={"text": latest.text, "seen": latest.number})
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.propose(
                programme=found, text=given["text"], note=given["note"], seen=given["seen"], by=request.user
            )
        except ContentError as error:
            problems = error.problems
        except services.CannotDoError as error:
            problems = [str(error)]
        else:
            return redirect("programmes:version", slug=slug, number=made.number)
    context = {
        "programme": found,
        "form": form,
        "problems": problems,
        "deliveries": [d.value for d in Delivery],
        "methods": [m.value for m in Method],
    }
    return render(request, "programmes/propose.html", context, status=400 if problems or form.errors else 200)
