"""The scenario player: read and mark, ask, put it together, judge; then the debrief."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.learning.scenario import Line
from wholepicture.core.measurement import answers, minutes_spent
from wholepicture.core.practice import STATES, Kind, load_default
from wholepicture.web.training import access, selectors
from wholepicture.web.training.forms import JudgeForm
from wholepicture.web.training.models import Attempt
from wholepicture.web.training.selectors.debrief import KIND_NAMES
from wholepicture.web.training.selectors.marks import marked_lines, marks_shown
from wholepicture.web.training.services import playing
from wholepicture.web.training.services.courses import CannotDoError

STEPS = (("attempt", "Read"), ("ask", "Ask"), ("fit", "Put it together"), ("judge", "Judge"))
CONTROL_STATES = [
    ("holding", "Holding"),
    ("weakening", "Weakening"),
    ("failed", "Failed"),
    ("absent", "Not in place"),
    ("not_known", "Not known"),
]
assert {s for s, _ in CONTROL_STATES} == set(STATES[Kind.CONTROL])


def _attempt(request: HttpRequest, pk: UUID) -> Attempt:
    found = access.attempts_of(request.user).select_related("version__course", "enrolment__course")
    return get_object_or_404(found, pk=pk)


def _context(attempt: Attempt, step: str) -> dict[str, Any]:
    scenario, work = attempt.scenario, attempt.work
    spent = minutes_spent(scenario, work.get("asked", []))
    return {
        "attempt": attempt,
        "scenario": scenario,
        "steps": STEPS,
        "step": step,
        "left": scenario.minutes - spent,
        "marks": marks_shown(attempt),
        "kinds": [(k.value, "A control" if k is Kind.CONTROL else n) for k, n in KIND_NAMES.items()],
    }


def _over(attempt: Attempt) -> HttpResponse | None:
    return redirect("training:debrief", pk=attempt.pk) if attempt.handed_in_at else None


@require_GET
def read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The log, as far as it has arrived, and what is marked in it."""
    attempt = _attempt(request, pk)
    if over := _over(attempt):
        return over
    shown = playing.lines_shown(attempt)
    context = _context(attempt, "attempt") | {
        "lines": marked_lines(attempt, attempt.scenario.log[:shown]),
        "more": len(attempt.scenario.log) - shown,
    }
    return render(request, "training/read.html", context)


@require_POST
def arrive(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The next line arrives, or all that is left."""
    attempt = _attempt(request, pk)
    return _done(
        request,
        attempt,
        lambda: playing.arrive(attempt=attempt, all_of_it="all" in request.POST, by=request.user),
        "attempt",
        "arrived",
    )


def _done(request: HttpRequest, attempt: Attempt, change: Any, step: str, anchor: str = "") -> HttpResponse:
    """Make a change and go back to the step; what was wrong is said there."""
    try:
        change()
    except CannotDoError as error:
        messages.error(request, str(error))
        anchor = ""
    address = reverse(f"training:{step}", args=[attempt.pk])
    return redirect(f"{address}#{anchor}" if anchor else address)


@require_POST
def mark(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark words."""
    attempt = _attempt(request, pk)
    sent = request.POST
    start = sent.get("start", "")
    step = "ask" if sent.get("step") == "ask" else "attempt"
    return _done(
        request,
        attempt,
        lambda: playing.mark_words(
            attempt=attempt,
            words=sent.get("words", ""),
            kind=sent.get("kind", ""),
            person=sent.get("person", ""),
            where=sent.get("where", ""),
            start=int(start) if start.isdigit() and len(start) < 7 else -1,
            by=request.user,
        ),
        step,
        "log",
    )


@require_POST
def unmark(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a mark away."""
    attempt = _attempt(request, pk)
    step = "ask" if request.POST.get("step") == "ask" else "attempt"
    return _done(
        request,
        attempt,
        lambda: playing.unmark(attempt=attempt, mark=request.POST.get("mark", ""), by=request.user),
        step,
        "marks",
    )


def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose whom to ask, and what; read the answers and mark them."""
    attempt = _attempt(request, pk)
    if over := _over(attempt):
        return over
    if request.method == "POST":
        question = request.POST.get("question", "")
        return _done(
            request,
            attempt,
            lambda: playing.ask(attempt=attempt, question=question, by=request.user),
            "ask",
            "log",
        )
    scenario, asked = attempt.scenario, attempt.work.get("asked", [])
    given = answers(scenario, asked)
    context = _context(attempt, "ask")
    context |= {
        "lines": marked_lines(
            attempt, [Line(a.ask.id, a.text, who=scenario.label(a.ask.whom)) for a in given]
        ),
        "questions": {a.ask.id: a.ask.text for a in given},
        "people": [
            (
                p,
                [
                    (a, a.minutes <= context["left"])
                    for a in scenario.asks
                    if a.whom == p.code and a.id not in asked
                ],
            )
            for p in scenario.people
            if any(a.whom == p.code for a in scenario.asks)
        ],
    }
    return render(request, "training/ask.html", context)


def fit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How the controls stand, and how things act together."""
    attempt = _attempt(request, pk)
    if over := _over(attempt):
        return over
    if request.method == "POST":
        return _fitted(request, attempt)
    catalogue = load_default()
    scenario, work = attempt.scenario, attempt.work
    words = {m.id: m.words for m in marks_shown(attempt)}
    context = _context(attempt, "fit") | {
        "controls": [
            (
                c,
                catalogue.concepts[c.concept],
                scenario.label(c.person),
                work.get("controls", {}).get(f"{c.concept}|{c.person}", ""),
            )
            for c in scenario.controls
        ],
        "states": CONTROL_STATES,
        "harms": sorted(((c.id, c.name) for c in catalogue.of_kind(Kind.HARM)), key=lambda p: p[1]),
        "control_names": sorted(
            {(c.concept, catalogue.concepts[c.concept].name) for c in scenario.controls}, key=lambda p: p[1]
        ),
        "links": [
            (
                scenario.label(x["person"]),
                [words.get(m, "") for m in x["factors"]],
                [words.get(m, "") for m in x["features"]],
                [catalogue.concepts[c].name for c in x["controls"]],
                catalogue.concepts[x["harm"]].name,
            )
            for x in work.get("links", [])
        ],
    }
    return render(request, "training/fit.html", context)


def _fitted(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Keep what was said of the controls whatever was pressed; then add a pathway, take one away, or go on."""
    sent, by = request.POST, request.user
    said = {
        (c.concept, c.person): sent.get(f"control-{c.concept}-{c.person}", "")
        for c in attempt.scenario.controls
    }

    def change() -> None:
        playing.say_controls(attempt=attempt, said=said, by=by)
        number = sent.get("unlink", "")
        if number.isdigit() and len(number) < 4:
            playing.unlink(attempt=attempt, number=int(number), by=by)
        elif "add" in sent:
            playing.link(
                attempt=attempt,
                person=sent.get("person", ""),
                factors=sent.getlist("factors"),
                features=sent.getlist("features"),
                controls=sent.getlist("link_controls"),
                harm=sent.get("harm", ""),
                by=by,
            )

    step, anchor = ("judge", "") if "onward" in sent else ("fit", "together")
    return _done(request, attempt, change, step, anchor)


def judge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Grade, say why, choose what is to be done, and hand in."""
    attempt = _attempt(request, pk)
    if over := _over(attempt):
        return over
    form = JudgeForm(
        request.POST or None,
        scenario=attempt.scenario,
        catalogue=load_default(),
        initial={
            "grade": attempt.work.get("grade", ""),
            "why": attempt.why,
            "actions": attempt.work.get("actions", []),
        },
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        attempt = playing.judge(
            attempt=attempt,
            grade=given["grade"],
            why=given["why"],
            actions=given["actions"],
            by=request.user,
        )
        if "keep" in request.POST:
            messages.info(request, "Kept. Nothing is handed in yet.")
            return redirect("training:fit", pk=pk)
        try:
            playing.hand_in(attempt=attempt, by=request.user)
        except CannotDoError as error:
            form.add_error("why" if given["grade"] else "grade", str(error))
        else:
            return redirect("training:debrief", pk=pk)
    context = _context(attempt, "judge") | {
        "form": form,
        "open_marks": len(attempt.work.get("marks", [])),
        "asked": len(attempt.work.get("asked", [])),
        "linked": len(attempt.work.get("links", [])),
        "unread": len(attempt.scenario.log) - playing.lines_shown(attempt),
    }
    return render(request, "training/judge.html", context, status=400 if form.errors else 200)


@require_GET
def debrief(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was found, missed and imagined, and the two pictures side by side."""
    attempt = _attempt(request, pk)
    if not attempt.handed_in_at:
        return redirect("training:attempt", pk=pk)
    enrolment = attempt.enrolment
    context = {
        "d": selectors.debrief_of(attempt),
        "sources": load_default().sources,
        "next": selectors.next_step(enrolment, attempt.item),
    }
    return render(request, "training/debrief.html", context)
