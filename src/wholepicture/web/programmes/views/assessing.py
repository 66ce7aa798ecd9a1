"""What an assessor sees: the criteria that wait, one of them with its evidence, and second opinions asked of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.programmes.portfolio import Standing
from wholepicture.web.accounts.models import Role
from wholepicture.web.programmes import access
from wholepicture.web.programmes.forms.assessing import AssessorForm, DecideForm, DoneForm
from wholepicture.web.programmes.forms.delivering import WhyForm
from wholepicture.web.programmes.models import Decision, Place, SecondOpinion, Verification
from wholepicture.web.programmes.selectors import portfolio
from wholepicture.web.programmes.services import deciding, sampling
from wholepicture.web.programmes.services.deciding import Judgement
from wholepicture.web.theme.pages import need, status_of, tried


@require_GET
def assessing(request: HttpRequest) -> HttpResponse:
    """Every criterion that waits for an assessor, oldest first, and the learners they have."""
    need(access.may_assess(request.user))
    return _desk(request)


def _desk(
    request: HttpRequest, form: DoneForm | None = None, about: int = 0, status: int = 200
) -> HttpResponse:
    places = list(
        access.places_assessed(request.user)
        .filter(state=Place.State.JOINED, result=None)
        .select_related("learner", "cohort__version__programme")
    )
    context = {
        "waiting": portfolio.waiting_for(places),
        "places": places,
        "opinions": access.opinions_of(request.user).select_related("of", "place__cohort"),
        "said": Verification.objects.filter(sampled__decision__by=request.user)
        .select_related("sampled__decision__place", "by")
        .order_by("-at")[:50],
        "form": form or DoneForm(),
        "about": about,
    }
    return render(request, "programmes/assessing.html", context, status=status)


@require_POST
def action_done(request: HttpRequest, pk: int) -> HttpResponse:
    """An assessor says what they did about what a verifier asked."""
    need(access.may_assess(request.user))
    found = get_object_or_404(Verification.objects.filter(sampled__decision__by=request.user), pk=pk)
    form = DoneForm(request.POST)
    if tried(form, lambda d: sampling.do_action(verification=found, done=d["done"], by=request.user)):
        messages.success(request, "Kept. Internal quality assurance sees it.")
        return redirect("programmes:assessing")
    return _desk(request, form, pk, 400)


def _row(place: Place, criterion: str) -> portfolio.Row:
    row = portfolio.row_of(place, criterion)
    if row is None:
        raise Http404
    return row


def _evidence_choices(row: portfolio.Row) -> list[tuple[str, str]]:
    return [(str(e.pk), f"{e.title}, {e.happened_on:%-d %B %Y}") for e in row.evidence if e.counts]


def judgement_of(given: dict[str, Any]) -> Judgement:
    """What a filled form says."""
    return Judgement(
        said=given["said"],
        feedback=given["feedback"],
        evidence=tuple(given["evidence"]),
        tests=tuple(given["tests"]),
        borderline=given["borderline"],
    )


def criterion(request: HttpRequest, pk: int, ident: str) -> HttpResponse:
    """One criterion of a portfolio: its evidence, what was decided, and a decision from who may make it."""
    need(access.may_join(request.user) or access.may_see(request.user))
    place = get_object_or_404(
        access.portfolios_of(request.user).select_related(
            "cohort__version__programme", "learner", "assessor"
        ),
        pk=pk,
    )
    row = _row(place, ident)
    mine = place.assessor_id == request.user.pk and access.may_assess(request.user)
    form = DecideForm(_evidence_choices(row), request.POST or None)
    if request.method == "POST":
        need(mine)
        if tried(
            form,
            lambda d: deciding.decide(place=place, criterion=ident, said=judgement_of(d), by=request.user),
        ):
            messages.success(request, f"{ident} is decided. The learner is told.")
            return redirect("programmes:assessing")
    return _criterion(request, place, row, form)


def _criterion(
    request: HttpRequest, place: Place, row: portfolio.Row, form: DecideForm, why: WhyForm | None = None
) -> HttpResponse:
    mine = place.assessor_id == request.user.pk and access.may_assess(request.user)
    ruling = row.ruling
    asked = SecondOpinion.objects.filter(of=ruling).select_related("assessor").first() if ruling else None
    context = {
        "place": place,
        "row": row,
        "form": form if (mine and row.where.standing is Standing.WAITING) or form.errors else None,
        "own": place.learner_id == request.user.pk,
        "opinion": asked,
        "may_ask": ruling is not None
        and asked is None
        and row.difference is None
        and not hasattr(place, "result")
        and (request.user.pk in (place.learner_id, ruling.by_id) or access.may_verify(request.user)),
        "why": why or WhyForm(),
        "due": portfolio.due_on(place, row),
        "shown": [d for d in row.decisions if d.part != Decision.Part.SECOND or _opinion_is_out(row, d)],
    }
    return render(request, "programmes/criterion.html", context, status=status_of(form, why))


def _opinion_is_out(row: portfolio.Row, decision: Decision) -> bool:
    """A second opinion is read once it is settled, or agreed: never while a third person is still to judge."""
    return row.difference is None


@require_POST
def ask_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a second opinion of a decision."""
    need(access.may_join(request.user) or access.may_see(request.user))
    decision = get_object_or_404(
        Decision.objects.filter(place__in=access.portfolios_of(request.user)).select_related("place"), pk=pk
    )
    form = WhyForm(request.POST)
    if tried(form, lambda d: deciding.ask_second_opinion(decision=decision, why=d["why"], by=request.user)):
        messages.success(
            request, "A second opinion is asked for. Internal quality assurance names who gives it."
        )
        return redirect("programmes:criterion", decision.place_id, decision.criterion)
    row = _row(decision.place, decision.criterion)
    return _criterion(request, decision.place, row, DecideForm(_evidence_choices(row)), form)


def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """A second opinion: the criterion and its evidence, and nothing of what was said before."""
    need(access.may_assess(request.user) or access.may_verify(request.user))
    found = get_object_or_404(
        SecondOpinion.objects.filter(assessor=request.user).select_related(
            "of", "place__cohort__version__programme", "decision"
        ),
        pk=pk,
    )
    row = _row(found.place, found.of.criterion)
    form = DecideForm(_evidence_choices(row), request.POST or None)
    if request.method == "POST" and tried(
        form, lambda d: deciding.give_opinion(opinion=found, said=judgement_of(d), by=request.user)
    ):
        messages.success(request, "Your judgement is kept.")
        return redirect("programmes:opinion", pk)
    context = {
        "opinion": found,
        "criterion": row.criterion,
        "outcome": row.outcome,
        "evidence": row.evidence,
        "number": found.place.number,
        "form": None if found.decision_id else form,
    }
    return render(request, "programmes/opinion.html", context, status=status_of(form))


def name_assessor(request: HttpRequest, pk: int) -> HttpResponse:
    """Name who gives a second opinion."""
    need(access.may_verify(request.user))
    found = get_object_or_404(
        SecondOpinion.objects.filter(
            place__cohort__version__programme__force_id=request.user.force_id, decision=None
        ).select_related("of__by", "place__learner", "asked_by"),
        pk=pk,
    )
    people = access.people_who(request.user, Role.ASSESSOR, Role.INTERNAL_QUALITY).exclude(
        pk__in=[found.of.by_id, found.place.learner_id, found.place.supervisor_id or 0]
    )
    form = AssessorForm(people, request.POST or None, initial={"assessor": found.assessor_id})
    if request.method == "POST" and tried(
        form, lambda d: deciding.name_assessor(opinion=found, assessor=d["assessor"], by=request.user)
    ):
        messages.success(request, "They are told.")
        return redirect("programmes:quality")
    return render(
        request, "programmes/name_assessor.html", {"opinion": found, "form": form}, status=status_of(form)
    )
