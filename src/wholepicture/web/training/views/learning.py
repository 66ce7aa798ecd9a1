"""What a learner sees: the courses, one course, its steps, and short practice."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.learning import Item, ItemKind
from wholepicture.core.practice import load_default
from wholepicture.web.theme.prose import prose
from wholepicture.web.training import access, selectors
from wholepicture.web.training.models import Enrolment, Recall
from wholepicture.web.training.services import recalling, taking
from wholepicture.web.training.services.courses import CannotDoError
from wholepicture.web.training.services.playing import begin_attempt

SALT = "training.exercise"


def allowed(request: HttpRequest) -> None:
    """Whether somebody learns here at all."""
    if not access.may_learn(request.user):
        raise PermissionDenied


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What is due, what is under way, and what may be taken."""
    allowed(request)
    context = {
        "places": selectors.places(request.user),
        "due": selectors.recalls_due(request.user),
        "may_see_completion": access.may_see_completion(request.user),
        "seats": access.seats_of(request.user).filter(signed_at=None).select_related("draft"),
    }
    return render(request, "training/home.html", context)


def _enrolment(request: HttpRequest, slug: str) -> Enrolment | None:
    return (
        access.enrolments_of(request.user)
        .filter(course__slug=slug, course__force_id=request.user.force_id)
        .select_related("version__course", "course")
        .order_by("-round")
        .first()
    )


@require_GET
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """One course: what it holds, and how far somebody is."""
    allowed(request)
    enrolment = _enrolment(request, slug)
    found = enrolment.course if enrolment else get_object_or_404(access.courses_of(request.user), slug=slug)
    version = enrolment.version if enrolment else found.latest
    context = {
        "course": found,
        "content": version.content,
        "enrolment": enrolment,
        "modules": selectors.modules_of(enrolment) if enrolment else [],
        "next": selectors.next_step(enrolment) if enrolment else None,
        "refresh": bool(enrolment and taking.refresh_due(enrolment)),
        "place": next((p for p in selectors.places(request.user) if p.course.pk == found.pk), None),
        "certificate": getattr(enrolment, "certificate", None) if enrolment else None,
        "sides": selectors.before_and_after([enrolment]) if enrolment else None,
    }
    return render(request, "training/course.html", context)


@require_POST
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a course and go to its first step."""
    allowed(request)
    found = get_object_or_404(access.courses_of(request.user), slug=slug)
    try:
        enrolment = taking.begin(course=found, by=request.user)
    except CannotDoError as error:
        messages.error(request, str(error))
        return redirect("training:course", slug=slug)
    return _onward(enrolment)


def _onward(enrolment: Enrolment, after: str = "") -> HttpResponse:
    item = selectors.next_step(enrolment, after)
    if item is None:
        return redirect("training:course", slug=enrolment.course.slug)
    return redirect("training:step", slug=enrolment.course.slug, item=item.id)


def step(request: HttpRequest, slug: str, item: str) -> HttpResponse:
    """One step: a reading, a check, or a scenario to begin."""
    allowed(request)
    enrolment = _enrolment(request, slug)
    if enrolment is None:
        return redirect("training:course", slug=slug)
    found = enrolment.version.content.item(item)
    if found is None:
        raise Http404
    if not selectors.is_open(enrolment, found):
        messages.info(request, "That part opens later. The course page says when.")
        return redirect("training:course", slug=slug)
    page = {ItemKind.READING: _reading, ItemKind.CHECK: _check, ItemKind.SCENARIO: _scenario}[found.kind]
    return page(request, enrolment, found)


def _context(enrolment: Enrolment, item: Item) -> dict[str, Any]:
    content = enrolment.version.content
    module = content.module_of(item.id)
    ids = [i.id for i in module.items] if module else []
    return {
        "course": enrolment.course,
        "item": item,
        "module": module,
        "number": ids.index(item.id) + 1,
        "of": len(ids),
    }


def _reading(request: HttpRequest, enrolment: Enrolment, item: Item) -> HttpResponse:
    if request.method == "POST":
        taking.read_step(enrolment=enrolment, item=item.id, by=request.user)
        return _onward(enrolment, item.id)
    text = prose(enrolment.version.content.readings[item.id])
    return render(request, "training/reading.html", _context(enrolment, item) | {"text": text})


def _check(request: HttpRequest, enrolment: Enrolment, item: Item) -> HttpResponse:
    questions = enrolment.version.content.checks[item.id]
    context = _context(enrolment, item) | {"questions": [(q, frozenset[int](), None) for q in questions]}
    if request.method != "POST":
        return render(request, "training/check.html", context)
    if "onward" in request.POST:
        return _onward(enrolment, item.id)
    chosen = {
        q.id: frozenset(int(v) for v in request.POST.getlist(q.id) if v.isdigit() and int(v) < len(q.options))
        for q in questions
    }
    try:
        taking.answer_check(enrolment=enrolment, item=item.id, answers=chosen, by=request.user)
    except CannotDoError:
        context["errors"] = [
            (f"Choose an answer to “{q.text}”", f"{q.id}-0") for q in questions if not chosen[q.id]
        ]
        context["questions"] = [(q, chosen[q.id], None) for q in questions]
        return render(request, "training/check.html", context, status=400)
    context["questions"] = [(q, chosen[q.id], q.right(chosen[q.id])) for q in questions]
    context["answered"] = True
    context["right"] = sum(q.right(chosen[q.id]) for q in questions)
    return render(request, "training/check.html", context)


def _scenario(request: HttpRequest, enrolment: Enrolment, item: Item) -> HttpResponse:
    if request.method == "POST":
        attempt = begin_attempt(enrolment=enrolment, item=item.id, by=request.user)
        return redirect("training:attempt", pk=attempt.pk)
    tries = access.attempts_of(request.user).filter(enrolment=enrolment, item=item.id)
    context = _context(enrolment, item) | {
        "scenario": enrolment.version.content.scenarios[item.id],
        "under_way": tries.filter(handed_in_at=None).first(),
        "before": tries.filter(handed_in_at__isnull=False).order_by("-handed_in_at"),
    }
    return render(request, "training/briefing.html", context)


def practice(request: HttpRequest) -> HttpResponse:
    """One short exercise that has come back; then the next."""
    allowed(request)
    if request.method == "POST":
        return _practised(request)
    due = selectors.recalls_due(request.user)
    for recall in due:
        exercise = selectors.exercise_for(request.user, recall)
        if exercise is not None:
            turn = recall.answers.count()
            token = signing.dumps({"recall": recall.pk, "turn": turn, **exercise.shown}, salt=SALT)
            context = {"exercise": exercise, "token": token, "left": len(due)}
            return render(request, "training/practice.html", context)
    coming = Recall.objects.filter(learner=request.user).order_by("due").first()
    return render(request, "training/practice.html", {"exercise": None, "coming": coming})


def _practised(request: HttpRequest) -> HttpResponse:
    try:
        shown = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=86_400)
    except signing.BadSignature:
        messages.info(request, "That exercise is no longer open. Here is the next.")
        return redirect("training:practice")
    recall = get_object_or_404(Recall, pk=shown.pop("recall"), learner=request.user)
    if shown.pop("turn") != recall.answers.count():  # sent twice: it counts once
        return redirect("training:practice")
    exercise = selectors.exercise_again(
        shown["version"], shown["item"], shown["lines"], shown["clean"], request.user
    )
    if exercise is None:
        messages.info(request, "The course of that exercise has changed. Here is the next.")
        return redirect("training:practice")
    try:
        marked = _marked(request, {line.id: line.text for line in exercise.lines})
    except CannotDoError as error:
        context = {
            "exercise": exercise,
            "token": request.POST["token"],
            "errors": [(str(error), "words")],
            "typed": request.POST,
            "left": len(selectors.recalls_due(request.user)),
        }
        return render(request, "training/practice.html", context, status=400)
    given = recalling.answer(
        recall=recall, scenario=exercise.scenario, shown=shown, marked=marked, by=request.user
    )
    recall.refresh_from_db()
    catalogue = load_default()
    targets = [
        (t, catalogue.concepts[t.concept])
        for t in exercise.scenario.targets
        if t.where in shown["lines"] and not t.contested and t.concept in catalogue.concepts
    ]
    context = {
        "exercise": exercise,
        "given": given,
        "targets": targets,
        "concept": catalogue.concepts.get(recall.concept),
        "recall": recall,
        "left": len(selectors.recalls_due(request.user)),
    }
    return render(request, "training/practised.html", context)


def _marked(request: HttpRequest, texts: dict[str, str]) -> list[dict[str, Any]]:
    """The words that were marked, with where they stand; none for "nothing here"."""
    if "nothing" in request.POST:
        return []
    words, kind = request.POST.get("words", "").strip(), request.POST.get("kind", "")
    if not words:
        raise CannotDoError("Choose the words that should make you look again, or say that there is nothing.")
    if kind not in ("factor", "feature", "control", "harm"):
        raise CannotDoError("Say what the words are: of the person, the situation, a control, or harm.")
    where = request.POST.get("where", "")
    for name in (where, *texts) if where in texts else texts:
        start = texts[name].find(words)
        if start >= 0:
            return [{"where": name, "start": start, "end": start + len(words), "kind": kind}]
    raise CannotDoError(
        f"“{words[:60]}” does not stand in these lines. Copy the words just as they are written."
    )
