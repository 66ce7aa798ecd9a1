"""What a learner sees: their places, portfolio, test and result; and what a witness or supervisor is asked."""

from __future__ import annotations

import random
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.programmes.portfolio import Standing, in_the_way
from wholepicture.core.programmes.specification import Method
from wholepicture.web.accounts.models import User
from wholepicture.web.errors import CannotDoError
from wholepicture.web.programmes import access
from wholepicture.web.programmes.forms.assessing import (
    AboutMeForm,
    EvidenceForm,
    FeedbackForm,
)
from wholepicture.web.programmes.forms.delivering import AskForm, WhyForm
from wholepicture.web.programmes.models import (
    Award,
    CalendarKey,
    Characteristics,
    Evidence,
    Place,
    Sitting,
)
from wholepicture.web.programmes.selectors import portfolio
from wholepicture.web.programmes.services import delivering, evidencing, resulting, teaching, testing
from wholepicture.web.programmes.services.evidencing import Given
from wholepicture.web.theme.pages import done, downloaded, need, status_of, tried
from wholepicture.web.training.selectors import handed_in_scenarios


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Somebody's own places, and cohorts they may ask for a place in."""
    need(access.may_join(request.user))
    places = list(access.own_places(request.user).select_related("cohort__version__programme"))
    cohorts = access.open_cohorts(request.user).filter(ends_on__gte=timezone.localdate())
    context = {
        "places": places,
        "cohorts": cohorts.exclude(pk__in=[p.cohort_id for p in places if p.state != Place.State.LEFT]),
        "calendar": request.session.pop("calendar", ""),
        "has_calendar": CalendarKey.objects.filter(user=request.user).exists(),
    }
    return render(request, "programmes/mine.html", context)


@require_POST
def new_calendar(request: HttpRequest) -> HttpResponse:
    """Make a calendar address, shown once."""
    need(access.may_join(request.user))
    secret = teaching.new_calendar_key(by=request.user)
    request.session["calendar"] = settings.ADDRESS.rstrip("/") + reverse("programmes:calendar", args=[secret])
    return redirect("programmes:mine")


def about_me(request: HttpRequest) -> HttpResponse:
    """What somebody chooses to say of themselves, so that fairness can be seen."""
    need(access.may_join(request.user))
    held = Characteristics.objects.filter(user=request.user).first()
    form = AboutMeForm(
        request.POST or None, initial={k.replace(" ", "_"): v for k, v in (held.said if held else {}).items()}
    )
    if request.method == "POST" and tried(
        form,
        lambda d: resulting.say_of_oneself(
            said={k.replace("_", " "): v for k, v in d.items()}, by=request.user
        ),
    ):
        messages.success(request, "Kept. You can change it or take it back here.")
        return redirect("programmes:mine")
    return render(request, "programmes/about_me.html", {"form": form, "held": held}, status=status_of(form))


def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a place in a cohort."""
    need(access.may_join(request.user))
    cohort = get_object_or_404(access.open_cohorts(request.user).select_related("version__programme"), pk=pk)
    form = AskForm(request.POST or None, initial={"sending": str(request.user.force)})
    if request.method == "POST" and tried(
        form,
        lambda d: delivering.ask_for_place(
            cohort=cohort, learner=request.user, sending=d["sending"], by=request.user
        ),
    ):
        messages.success(request, "You have asked for a place. Whoever runs the cohort answers.")
        return redirect("programmes:mine")
    return render(request, "programmes/ask.html", {"cohort": cohort, "form": form}, status=status_of(form))


def _place(request: HttpRequest, pk: int, among: QuerySet[Place] | None = None) -> Place:
    need(access.may_join(request.user) or access.may_see(request.user))
    places = access.portfolios_of(request.user) if among is None else among
    return get_object_or_404(
        places.select_related(
            "cohort__version__programme", "cohort__provider", "learner", "assessor", "supervisor"
        ),
        pk=pk,
    )


@require_GET
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """A portfolio: where each criterion stands, and what is still to do."""
    return _portfolio(request, _place(request, pk))


def _portfolio(
    request: HttpRequest, found: Place, leave_form: WhyForm | None = None, status: int = 200
) -> HttpResponse:
    rows = portfolio.rows_of(found)
    progress = portfolio.progress_of(found, rows)
    modules: dict[str, list[portfolio.Row]] = {}
    for row in rows:
        modules.setdefault(f"{row.module.id} {row.module.title}", []).append(row)
    own = found.learner_id == request.user.pk
    ready = [
        r
        for r in rows
        if r.where.standing in (Standing.GATHERING, Standing.AGAIN) and any(e.counts for e in r.evidence)
    ]
    context = {
        "place": found,
        "own": own,
        "modules": modules.items(),
        "progress": progress,
        "met": sum(r.met for r in rows),
        "of": len(rows),
        "ready": ready if own else [],
        "obstacles": in_the_way(progress),
        "evidence": found.evidence.select_related("witness", "document")
        .defer("document__content")
        .order_by("-at"),
        "sessions": found.cohort.sessions.prefetch_related("trainers"),
        "came": {c.session_id: c for c in found.came.all()},
        "sittings": found.sittings.filter(handed_in_at__isnull=False).select_related("cut"),
        "result": getattr(found, "result", None),
        "award": Award.objects.filter(result__place=found).first(),
        "adjustments": found.adjustments.filter(ended_at=None)
        if own or found.assessor_id == request.user.pk
        else [],
        "may_add": own or found.assessor_id == request.user.pk,
        "leave": leave_form or WhyForm(),
        "today": timezone.localdate(),
        "has_feedback": hasattr(found, "feedback"),
    }
    return render(request, "programmes/place.html", context, status=status)


@require_POST
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand criteria in to be judged."""
    found = _place(request, pk, access.own_places(request.user))
    chosen = request.POST.getlist("criterion")
    return done(
        request,
        lambda: evidencing.hand_in(place=found, criteria=chosen, by=request.user),
        f"Handed in: {', '.join(chosen)}. Your assessor has been given it.",
        "programmes:place",
        pk,
    )


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a cohort."""
    found = _place(request, pk, access.own_places(request.user))
    form = WhyForm(request.POST)
    if tried(form, lambda d: delivering.leave(place=found, why=d["why"], by=request.user)):
        messages.success(request, "You have left. What you did is kept.")
        return redirect("programmes:mine")
    return _portfolio(request, found, form, 400)


def add_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Add evidence to a portfolio: one's own, or what one saw as its assessor."""
    found = _place(request, pk)
    own = found.learner_id == request.user.pk
    need(own or found.assessor_id == request.user.pk)
    kinds = evidencing.OF_LEARNER if own else evidencing.OF_ASSESSOR
    witnesses = User.objects.filter(force_id=request.user.force_id, is_active=True).exclude(
        pk__in=[found.learner_id, found.assessor_id or 0]
    )
    attempts = handed_in_scenarios(found.learner) if own else []
    form = EvidenceForm(
        found.cohort.content,
        kinds,
        witnesses.order_by("last_name", "first_name"),
        [(str(a.pk), f"{a.scenario.title}, {a.handed_in_at:%-d %B %Y}") for a in attempts],
        request.POST or None,
        request.FILES or None,
        initial={"once": uuid.uuid4(), "criteria": [request.GET.get("criterion", "")]},
    )

    def add(given: dict[str, Any]) -> Evidence:
        kind, text = Method(given["kind"]), given["text"]
        if kind is Method.SCENARIO:
            attempt = next((a for a in attempts if str(a.pk) == given["attempt"]), None)
            if attempt is None:
                raise CannotDoError(
                    "Choose the scenario that you played. Those you have handed in are listed."
                )
            passed = "passed" if (attempt.result or {}).get("passed") else "to be looked at again"
            text = f"{attempt.scenario.title}, handed in on {attempt.handed_in_at:%-d %B %Y}: {passed}.\n\n{text}"
        upload = given["document"]
        return evidencing.add_evidence(
            place=found,
            given=Given(
                kind=kind,
                title=given["title"],
                text=text,
                happened_on=given["happened_on"],
                criteria=tuple(given["criteria"]),
                witness=given.get("witness") if kind is Method.WITNESS else None,
                upload=(upload.name, upload.read()) if upload else None,
            ),
            by=request.user,
            once=given["once"],
        )

    if request.method == "POST" and tried(form, add):
        messages.success(request, "The evidence is kept.")
        return redirect("programmes:place", pk)
    context = {"place": found, "form": form, "own": own}
    return render(request, "programmes/add_evidence.html", context, status=status_of(form))


def _evidence(request: HttpRequest, pk: uuid.UUID) -> Evidence:
    need(request.user.is_active)
    return get_object_or_404(
        access.evidence_of(request.user)
        .select_related("place__cohort__version__programme", "place__learner", "witness", "document", "by")
        .defer("document__content"),
        pk=pk,
    )


@require_GET
def evidence(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One piece of evidence, as far as somebody may read it. A reviewer from outside is shown no name."""
    return _one_evidence(request, _evidence(request, pk))


def _one_evidence(
    request: HttpRequest, found: Evidence, form: WhyForm | None = None, status: int = 200
) -> HttpResponse:
    content = found.place.cohort.content
    whole = access.portfolios_of(request.user).filter(pk=found.place_id).exists()
    context = {
        "evidence": found,
        "criteria": [c for i in found.criteria if (c := content.criterion(i))],
        "named": whole or found.witness_id == request.user.pk,
        "whole": whole,
        "may_withdraw": found.by_id == request.user.pk
        and not found.withdrawn_at
        and found.kind != Method.TEST
        and not hasattr(found.place, "result"),
        "form": form or WhyForm(),
    }
    return render(request, "programmes/evidence.html", context, status=status)


@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Withdraw evidence."""
    found = _evidence(request, pk)
    need(found.by_id == request.user.pk)
    form = WhyForm(request.POST)
    if tried(form, lambda d: evidencing.withdraw(evidence=found, why=d["why"], by=request.user)):
        messages.success(request, "It is withdrawn. Criteria that were met on it go back to the assessor.")
        return redirect("programmes:evidence", pk)
    return _one_evidence(request, found, form, 400)


@require_GET
def document(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A file, as it was uploaded: always downloaded, never shown by the browser."""
    need(request.user.is_active)
    found = get_object_or_404(access.documents_of(request.user), pk=pk)
    return downloaded(found.name, found.kind, bytes(found.content))


def test(request: HttpRequest, pk: int) -> HttpResponse:
    """The knowledge test: what it is, sitting it, and what came of it."""
    found = _place(request, pk, access.own_places(request.user))
    version = found.cohort.version
    under_way = found.sittings.filter(handed_in_at=None).select_related("cut").first()
    problem = ""
    if request.method == "POST":
        try:
            if under_way is None:
                testing.begin_test(place=found, by=request.user)
            else:
                testing.hand_in_test(sitting=under_way, answers=_chosen(request), by=request.user)
            return redirect("programmes:test", pk)
        except CannotDoError as error:
            problem = str(error)
    context = {
        "place": found,
        "sitting": under_way,
        "questions": _questions(under_way, _chosen(request)) if under_way else [],
        "sat": found.sittings.filter(handed_in_at__isnull=False).select_related("cut"),
        "cut": under_way.cut if under_way else version.cut_scores.first(),
        "count": len(version.content.test),
        "problem": problem,
        "most": testing.MOST_SITTINGS,
        "may_sit": testing.may_sit(found),
    }
    return render(request, "programmes/test.html", context, status=400 if problem else 200)


def _chosen(request: HttpRequest) -> dict[str, list[int]]:
    """The options chosen, by question."""
    return {
        key.removeprefix("q-"): [int(v) for v in request.POST.getlist(key) if v.isdigit() and len(v) < 4]
        for key in request.POST
        if key.startswith("q-")
    }


def _questions(sitting: Sitting, chosen: dict[str, list[int]]) -> list[dict[str, Any]]:
    """The questions with their options in an order that is this sitting's own."""
    found = []
    for number, q in enumerate(sitting.place.cohort.content.test, 1):
        options = list(enumerate(q.asked.options))
        random.Random(f"{sitting.pk}-{q.asked.id}").shuffle(options)
        found.append(
            {
                "number": number,
                "asked": q.asked,
                "several": sum(o.right for o in q.asked.options) > 1,
                "options": [(n, o.text, n in chosen.get(q.asked.id, [])) for n, o in options],
            }
        )
    return found


def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """A learner says what they think of the programme."""
    found = _place(request, pk, access.own_places(request.user))
    held = getattr(found, "feedback", None)
    form = FeedbackForm(request.POST or None, initial={**held.scores, "text": held.text} if held else None)
    if request.method == "POST" and tried(
        form,
        lambda d: resulting.give_feedback(place=found, scores=d, text=d["text"], by=request.user),
    ):
        messages.success(request, "Thank you. It is shown only together with others'.")
        return redirect("programmes:place", pk)
    return render(request, "programmes/feedback.html", {"place": found, "form": form}, status=status_of(form))
