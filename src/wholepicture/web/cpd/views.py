"""Pages of continuing development."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.learning import ContentError
from wholepicture.web.cpd import access, briefing, services
from wholepicture.web.cpd.forms import (
    AskedForm,
    DeclareForm,
    DrawForm,
    EntryForm,
    FileForm,
    LookForm,
    PlanForm,
    PublishForm,
)
from wholepicture.web.cpd.models import Cycle, Entry, Framework
from wholepicture.web.programmes.services import CannotDoError
from wholepicture.web.theme.pages import done, need, status_of, tried
from wholepicture.web.theme.sheets import sheet


def _latest(request: HttpRequest) -> list[Framework]:
    found: dict[str, Framework] = {}
    for framework in access.frameworks_of(request.user).order_by("slug", "-number"):
        found.setdefault(framework.slug, framework)
    return list(found.values())


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Somebody's own cycles, and frameworks they may begin."""
    need(access.may_keep(request.user) or access.may_lead(request.user))
    cycles = list(access.cycles_of(request.user).select_related("framework"))
    under_way = {c.framework.slug for c in cycles if not c.declared_at}
    context = {
        "cycles": [(c, services.lacking(c)) for c in cycles],
        "frameworks": [f for f in _latest(request) if f.slug not in under_way],
        "may_lead": access.may_lead(request.user),
        "may_keep": access.may_keep(request.user),
        "sees_briefing": access.may_see_briefing(request.user),
        "shared": access.cycles_shared_with(request.user).select_related("person", "framework")
        if not access.may_lead(request.user)
        else [],
    }
    return render(request, "cpd/home.html", context)


@require_GET
def own_record(request: HttpRequest) -> HttpResponse:
    """Somebody's whole record, reflections too, as a file of their own."""
    need(access.may_keep(request.user))
    head = (
        "framework",
        "cycle ends",
        "date",
        "kind",
        "title",
        "topics",
        "what changed",
        "shared",
        "reflection",
    )
    entries = Entry.objects.filter(cycle__in=access.cycles_of(request.user)).select_related(
        "cycle__framework"
    )
    return sheet("cpd", head, (_record_of(e) for e in entries.defer("document__content")))


def _record_of(e: Entry) -> tuple[object, ...]:
    content = e.cycle.framework.content
    return (
        content.title,
        e.cycle.ends_on,
        e.happened_on,
        e.get_kind_display(),
        e.title,
        "; ".join(t.title for i in e.topics if (t := content.topic(i))),
        e.effect,
        "yes" if e.shared_at else "no",
        e.reflection,
    )


@require_POST
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a cycle."""
    need(access.may_keep(request.user))
    framework = get_object_or_404(
        access.frameworks_of(request.user).filter(slug=slug).order_by("-number")[:1]
    )
    return redirect("cpd:cycle", services.begin(framework=framework, by=request.user).pk)


def _cycle(request: HttpRequest, pk: int) -> Cycle:
    need(access.may_keep(request.user))
    return get_object_or_404(access.cycles_of(request.user).select_related("framework"), pk=pk)


def cycle(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own cycle: the plan, what was done, what it lacks; and its declaration."""
    found = _cycle(request, pk)
    form = DeclareForm(request.POST or None, initial={"statement": found.statement})
    if request.method == "POST" and tried(
        form, lambda d: services.declare(cycle=found, statement=d["statement"], by=request.user)
    ):
        messages.success(request, "Your cycle is declared.")
        return redirect("cpd:cycle", pk)
    return _cycle_page(request, found, form)


def _cycle_page(request: HttpRequest, found: Cycle, form: DeclareForm, bad: Any = None) -> HttpResponse:
    entries = list(found.entries.defer("document__content").select_related("document"))
    content = found.framework.content
    context = {
        "cycle": found,
        "content": content,
        "entries": [(e, [t.title for i in e.topics if (t := content.topic(i))]) for e in entries],
        "topics": [
            (t, found.plan.get(t.id, ""), sum(t.id in e.topics and bool(e.shared_at) for e in entries))
            for t in content.topics
        ],
        "lacking": services.lacking(found),
        "form": form,
        "file": FileForm(),
        "bad": bad or [],
        "open": not found.declared_at or found.audit == Cycle.Audit.MORE,
        "sees_briefing": access.may_see_briefing(request.user) and bool(content.questions),
    }
    return render(request, "cpd/cycle.html", context, status=400 if bad else status_of(form))


def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Say for each topic what one means to do."""
    found = _cycle(request, pk)
    form = PlanForm(found.framework.content, request.POST or None, initial=found.plan)
    if request.method == "POST" and tried(
        form, lambda d: services.plan(cycle=found, topics=d, by=request.user)
    ):
        messages.success(request, "Your plan is kept.")
        return redirect("cpd:cycle", pk)
    return render(request, "cpd/plan.html", {"cycle": found, "form": form}, status=status_of(form))


def _did(given: dict[str, Any], question: str = "") -> services.Did:
    upload = given.get("document")
    return services.Did(
        kind=given["kind"],
        title=given["title"],
        happened_on=given["happened_on"],
        topics=tuple(given["topics"]),
        reflection=given["reflection"],
        effect=given["effect"],
        question=question,
        upload=(upload.name, upload.read()) if upload else None,
    )


def new_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep something that was done: three lines on a phone are enough."""
    found = _cycle(request, pk)
    form = EntryForm(found.framework.content, request.POST or None, request.FILES or None)
    if request.method == "POST" and tried(
        form, lambda d: services.keep(cycle=found, did=_did(d), by=request.user)
    ):
        messages.success(request, "Kept, for you alone. Share it when you can say what changed.")
        return redirect("cpd:cycle", pk)
    return render(request, "cpd/entry.html", {"cycle": found, "form": form}, status=status_of(form))


def _entry(request: HttpRequest, pk: uuid.UUID) -> Entry:
    need(access.may_keep(request.user))
    return get_object_or_404(
        Entry.objects.filter(cycle__in=access.cycles_of(request.user)).select_related("cycle__framework"),
        pk=pk,
    )


def entry(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Go on with an entry of one's own."""
    found = _entry(request, pk)
    form = EntryForm(
        found.cycle.framework.content,
        request.POST or None,
        request.FILES or None,
        initial={
            "title": found.title,
            "kind": found.kind,
            "happened_on": found.happened_on,
            "topics": found.topics,
            "reflection": found.reflection,
            "effect": found.effect,
        },
    )
    if request.method == "POST" and tried(
        form,
        lambda d: services.keep(cycle=found.cycle, did=_did(d, found.question), entry=found, by=request.user),
    ):
        messages.success(request, "Kept.")
        return redirect("cpd:cycle", found.cycle_id)
    context = {"cycle": found.cycle, "entry": found, "form": form}
    return render(request, "cpd/entry.html", context, status=status_of(form))


@require_POST
def share(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Share what was done and what changed."""
    found = _entry(request, pk)
    return done(
        request,
        lambda: services.share(entry=found, by=request.user),
        "Shared: what you did and what changed. Your reflection is still yours alone.",
        "cpd:cycle",
        found.cycle_id,
    )


@require_POST
def from_training(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in what was completed in training."""
    found = _cycle(request, pk)
    return done(
        request,
        lambda: services.take_in_training(cycle=found, by=request.user),
        "What you completed in training in this cycle is in your list. Say of each what changed.",
        "cpd:cycle",
        pk,
    )


@require_POST
def from_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in a list of things done elsewhere."""
    found = _cycle(request, pk)
    form = FileForm(request.POST, request.FILES)
    try:
        listed = request.FILES.get("listed")
        if listed is None:
            raise CannotDoError("Choose a file.")
        text = listed.read(1_000_000).decode("utf-8", "replace")
        kept, bad = services.take_in_file(cycle=found, text=text, by=request.user)
    except CannotDoError as error:
        messages.error(request, str(error))
        return redirect("cpd:cycle", pk)
    messages.success(request, f"{kept} new of the file {'is' if kept == 1 else 'are'} in your list.")
    if bad:
        return _cycle_page(request, found, DeclareForm(), bad)
    return redirect("cpd:cycle", pk) if form.is_valid() else _cycle_page(request, found, DeclareForm())


def show_briefing(request: HttpRequest) -> HttpResponse:
    """The force's own figures, with questions to put to one's own people; and what came of asking."""
    need(access.may_see_briefing(request.user))
    figures = {f.id: f for f in briefing.figures_of(request.user.force)}
    cycles = [
        c
        for c in access.cycles_of(request.user).filter(declared_at=None).select_related("framework")
        if c.framework.content.questions
    ]
    found = cycles[0] if cycles else None
    asked_id = request.POST.get("question", "")
    form = AskedForm(request.POST or None, initial={"happened_on": timezone.localdate()})
    content = found.framework.content if found else None
    question = next((q for q in content.questions if q.id == asked_id), None) if content else None
    if request.method == "POST":
        need(found is not None and question is not None)
        if (
            found
            and question
            and tried(
                form,
                lambda d: services.keep(
                    cycle=found,
                    did=services.Did(
                        kind=Entry.Kind.ASKED,
                        title=question.text[:160],
                        happened_on=d["happened_on"],
                        topics=(question.topic,),
                        effect=d["effect"],
                        question=question.id,
                    ),
                    by=request.user,
                ),
            )
        ):
            messages.success(request, "Kept in your learning record.")
            return redirect("cpd:briefing")
    answered = {e.question: e for e in found.entries.exclude(question="")} if found else {}
    if content is None:
        shown = next((f.content for f in _latest(request) if f.content.questions), None)
        questions = shown.questions if shown else ()
    else:
        questions = content.questions
    groups = [
        (figures.get(name), [(q, answered.get(q.id)) for q in questions if q.figure == name])
        for name in dict.fromkeys(q.figure for q in questions)
    ]
    context = {
        "groups": groups,
        "others": [f for f in figures.values() if f.id not in {q.figure for q in questions}],
        "cycle": found,
        "form": form,
        "asked": asked_id,
        "starts": [f for f in _latest(request) if f.content.questions],
    }
    return render(
        request, "cpd/briefing.html", context, status=status_of(form) if request.method == "POST" else 200
    )


def shared(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody shared of a cycle; and, for who looks at those drawn, what they make of it."""
    need(access.may_keep(request.user) or access.may_lead(request.user))
    found = get_object_or_404(
        access.cycles_shared_with(request.user).select_related("person", "framework", "audit_by"), pk=pk
    )
    looks = access.may_lead(request.user) and found.audit == Cycle.Audit.OPEN
    form = LookForm(request.POST or None)
    if request.method == "POST":
        need(access.may_lead(request.user))
        if tried(
            form,
            lambda d: services.look(cycle=found, said=d["said"], feedback=d["feedback"], by=request.user),
        ):
            messages.success(request, "Kept. They are told.")
            return redirect("cpd:lead")
    content = found.framework.content
    context = {
        "cycle": found,
        "entries": [
            (e, [t.title for i in e.topics if (t := content.topic(i))])
            for e in found.entries.exclude(shared_at=None).defer("reflection", "document__content")
        ],
        "form": form if looks or form.errors else None,
    }
    return render(request, "cpd/shared.html", context, status=status_of(form))


def lead(request: HttpRequest) -> HttpResponse:
    """How the force stands, the draw, and the frameworks."""
    need(access.may_lead(request.user))
    cycles = access.cycles_led(request.user)
    today = timezone.localdate()
    rows = []
    for framework in _latest(request):
        own = cycles.filter(framework__slug=framework.slug)
        rows.append(
            (
                framework,
                own.filter(declared_at=None, ends_on__gte=today).count(),
                own.filter(declared_at=None, ends_on__lt=today).count(),
                own.exclude(declared_at=None).count(),
                own.filter(audit=Cycle.Audit.OPEN).count(),
            )
        )
    drawn = access.cycles_shared_with(request.user).select_related("person", "framework", "audit_by")
    return render(request, "cpd/lead.html", {"rows": rows, "drawn": drawn, "form": DrawForm()})


@require_POST
def draw(request: HttpRequest, slug: str) -> HttpResponse:
    """Draw declared cycles to be looked at."""
    need(access.may_lead(request.user))
    return done(
        request,
        lambda: services.draw(slug=slug, seed=request.POST.get("seed", ""), by=request.user),
        "Drawn. Those drawn are told.",
        "cpd:lead",
    )


def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish a new version of a framework."""
    need(access.may_lead(request.user))
    latest = get_object_or_404(access.frameworks_of(request.user).filter(slug=slug).order_by("-number")[:1])
    form = PublishForm(request.POST or None, initial={"text": latest.text})
    if request.method == "POST":
        try:
            if tried(
                form, lambda d: services.publish(slug=slug, text=d["text"], note=d["note"], by=request.user)
            ):
                messages.success(request, "Published. Cycles that have begun keep the version they have.")
                return redirect("cpd:lead")
        except ContentError as error:
            for problem in error.problems[:20]:
                form.add_error("text", problem)
    return render(request, "cpd/publish.html", {"framework": latest, "form": form}, status=status_of(form))
