"""The health check: where the force stands, answering, closing, acting, the export for an inspection, the questions."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.insight.health import HealthCheckError, Level
from wholepicture.web.errors import CannotDoError
from wholepicture.web.insight import access, services
from wholepicture.web.insight.forms import (
    CANNOT_SAY,
    ActionForm,
    AreaForm,
    EvidenceForm,
    FinishForm,
    OpenForm,
    QuestionsForm,
)
from wholepicture.web.insight.models import HealthCheck
from wholepicture.web.insight.selectors.health import (
    Row,
    Section,
    Whole,
    figures_of_check,
    own_answers,
    whole_of,
)
from wholepicture.web.theme.pages import done, downloaded, faults_of, need, status_of, tried
from wholepicture.web.theme.sheets import sheet


def health(request: HttpRequest) -> HttpResponse:
    """The force's health checks; whoever runs them begins one here."""
    need(access.may_answer(request.user) or access.may_run_check(request.user))
    runs = access.may_run_check(request.user)
    form = OpenForm(request.POST or None)
    if request.method == "POST":
        need(runs)
        if tried(form, lambda d: services.open_check(closes_on=d["closes_on"], by=request.user)):
            messages.success(
                request, "The health check is open. Everybody who works here finds it on their first page."
            )
            return redirect("insight:health")
    checks = list(access.checks_of(request.user).select_related("questions"))
    current = next((c for c in checks if c.closed_at is None), None)
    context = {
        "current": current,
        "areas": _progress(request, current) if current else (),
        "closed": [c for c in checks if c.closed_at],
        "form": form if runs and current is None else None,
        "runs": runs,
        "may_answer": access.may_answer(request.user),
    }
    return render(request, "insight/health.html", context, status=status_of(form))


def _progress(request: HttpRequest, check: HealthCheck) -> list[tuple[object, int, int]]:
    own = own_answers(check, request.user)
    content = check.questions.content
    return [(a, sum(q.id in own for q in content.of(a.id)), len(content.of(a.id))) for a in content.areas]


def _check(request: HttpRequest, pk: int) -> HealthCheck:
    need(access.may_answer(request.user) or access.may_run_check(request.user))
    return get_object_or_404(access.checks_of(request.user).select_related("questions", "force"), pk=pk)


def area(request: HttpRequest, pk: int, area: str) -> HttpResponse:
    """Answer the questions of one area."""
    check = _check(request, pk)
    need(access.may_answer(request.user))
    content = check.questions.content
    ids = [a.id for a in content.areas]
    if area not in ids:
        raise Http404
    if check.closed_at:
        return redirect("insight:health-check", pk)
    questions = content.of(area)
    own = {q: CANNOT_SAY if v is None else str(v) for q, v in own_answers(check, request.user).items()}
    form = AreaForm(questions, request.POST or None, initial=own)
    if request.method == "POST" and tried(
        form, lambda d: services.answer(check=check, levels=form.levels, by=request.user)
    ):
        following = ids[ids.index(area) + 1 :]
        if following:
            return redirect("insight:health-area", pk, following[0])
        messages.success(request, "Thank you. Your answers are kept; you may change them until it closes.")
        return redirect("insight:health")
    figures = figures_of_check(check)
    context = {
        "check": check,
        "area": content.areas[ids.index(area)],
        "number": ids.index(area) + 1,
        "of": len(ids),
        "form": form,
        "figures": [(q, figures.get(q.figure)) for q in questions],
        "questions": questions,
        "evidence": EvidenceForm(),
        "held": check.evidence.select_related("by", "document")
        .defer("document__content")
        .filter(question__in=[q.id for q in questions]),
    }
    return render(request, "insight/area.html", context, status=status_of(form))


@require_POST
def evidence(request: HttpRequest, pk: int, area: str) -> HttpResponse:
    """Say what shows how the force stands with one question."""
    check = _check(request, pk)
    form = EvidenceForm(request.POST, request.FILES)
    if tried(
        form,
        lambda d: services.add_evidence(
            check=check,
            question=d["question"],
            text=d["text"],
            file=(d["document"].name, d["document"].read()) if d["document"] else None,
            by=request.user,
        ),
    ):
        messages.success(request, "It is kept with the question.")
    else:
        messages.error(request, faults_of(form))
    return redirect("insight:health-area", pk, area)


@require_GET
def evidence_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A file of evidence, as it was uploaded."""
    found = get_object_or_404(access.documents_of(request.user), pk=pk)
    return downloaded(found.name, found.kind, bytes(found.content))


@require_GET
def health_check(request: HttpRequest, pk: int) -> HttpResponse:
    """How the force stands: area by area, beside the last time, with the action plan."""
    check = _check(request, pk)
    runs = access.may_run_check(request.user)
    if not check.closed_at and not runs:
        return redirect("insight:health")
    return _page(request, check, ActionForm(check.questions.content.areas, check.force) if runs else None)


def _page(request: HttpRequest, check: HealthCheck, form: ActionForm | None) -> HttpResponse:
    context = {
        "check": check,
        "whole": whole_of(check),
        "levels": list(Level),
        "form": form,
        "runs": form is not None,
        "own": set(access.actions_of(request.user).values_list("pk", flat=True)),
        "finish": FinishForm(),
    }
    return render(request, "insight/check.html", context, status=status_of(form))


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it."""
    check = _check(request, pk)
    need(access.may_run_check(request.user))
    return done(
        request,
        lambda: services.close_check(check=check, by=request.user),
        "It is closed, with the figures as they stand today.",
        "insight:health-check",
        pk,
    )


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Put something in the action plan."""
    check = _check(request, pk)
    need(access.may_run_check(request.user))
    form = ActionForm(check.questions.content.areas, check.force, request.POST)
    if tried(form, lambda d: services.act(check=check, **d, by=request.user)):
        messages.success(request, "It is in the plan, and on the first page of whoever owns it.")
        return redirect("insight:health-check", pk)
    return _page(request, check, form)


@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what came of an action."""
    need(access.may_answer(request.user) or access.may_run_check(request.user))
    action = get_object_or_404(access.actions_of(request.user), pk=pk)
    form = FinishForm(request.POST)
    if tried(form, lambda d: services.finish(action=action, result=d["result"], by=request.user)):
        messages.success(request, "It is done, and what came of it is kept.")
    else:
        messages.error(request, faults_of(form))
    if action.check_of.closed_at or access.may_run_check(request.user):
        return redirect("insight:health-check", action.check_of_id)
    return redirect("insight:health")


@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """A closed check as CSV, for an inspection: every question with its level, spread, figure and evidence; then the actions."""
    check = _check(request, pk)
    need(access.may_run_check(request.user))
    whole = whole_of(check)
    content = check.questions.content
    when = f"closed {timezone.localtime(check.closed_at):%-d %B %Y}" if check.closed_at else "still open"
    version = f"questions version {check.questions.number}"
    above = [(content.title, version, check.force, when, f"{whole.respondents} respondents")]
    rows = [_question_row(whole, section, row) for section in whole.sections for row in section.rows]
    titles = {a.id: a.title for a in content.areas}
    actions = [
        (titles.get(a.area, a.area), a.what, a.owner, f"{a.due_on:%-d %B %Y}", _on(a.done_at), a.result)
        for a in whole.actions
    ]
    rows += [(), ("Area", "Action", "Owner", "Due", "Done", "What came of it"), *actions]
    return sheet(f"health-check-{check.opened_at:%Y-%m}", QUESTION_HEADS, rows, above=above)


QUESTION_HEADS = (
    "Area",
    "Question",
    "Level",
    "Last time",
    "How respondents answered",
    "Differ",
    "Figure",
    "Evidence",
)


def _question_row(whole: Whole, section: Section, r: Row) -> tuple[object, ...]:
    """One question; levels only where enough have answered."""
    return (
        section.area.area.title,
        r.question.text,
        r.level.words if r.level is not None and whole.shown else "not shown",
        r.before.words if r.before is not None else "",
        "; ".join(f"{name}: {n}" for name, n in r.spread if n) if whole.shown else "",
        "yes" if r.apart and whole.shown else "",
        f"{r.figure['title']}: {r.figure['value']}" if r.figure else "",
        "; ".join(e.text for e in r.evidence),
    )


def _on(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%-d %B %Y}" if at else ""


def questions(request: HttpRequest) -> HttpResponse:
    """Change the questions: a new version; checks that have begun keep theirs."""
    need(access.may_run_check(request.user))
    latest = access.question_sets_of(request.user).first()
    form = QuestionsForm(request.POST or None, initial={"text": latest.text if latest else ""})
    if request.method == "POST" and form.is_valid():
        try:
            services.publish(**form.cleaned_data, by=request.user)
        except HealthCheckError as error:
            for fault in str(error).splitlines():
                form.add_error("text", fault)
        except CannotDoError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The new version is in use from the next health check on.")
            return redirect("insight:health")
    context = {"form": form, "latest": latest}
    return render(request, "insight/questions.html", context, status=status_of(form))
