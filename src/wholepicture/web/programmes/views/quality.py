"""Internal quality assurance: the desk, sampling plans, differences, and standardisation."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wholepicture.web.accounts.models import Role, User
from wholepicture.web.errors import CannotDoError
from wholepicture.web.programmes import access
from wholepicture.web.programmes.forms.assessing import (
    AddSampledForm,
    AgreedForm,
    DecideForm,
    ExerciseForm,
    PlanForm,
    VerifyForm,
)
from wholepicture.web.programmes.forms.delivering import WhyForm
from wholepicture.web.programmes.models import (
    Decision,
    Evidence,
    Exercise,
    Marked,
    Sampled,
    SamplingPlan,
    SecondOpinion,
)
from wholepicture.web.programmes.selectors import portfolio
from wholepicture.web.programmes.selectors import quality as selectors
from wholepicture.web.programmes.services import deciding, sampling, standardising
from wholepicture.web.programmes.views.assessing import judgement_of
from wholepicture.web.programmes.views.shared import programme_of
from wholepicture.web.theme.pages import done, need, status_of, tried


@require_GET
def quality(request: HttpRequest) -> HttpResponse:
    """What waits for a verifier, oldest first, and the assessors side by side."""
    need(access.may_verify(request.user))
    opinions = SecondOpinion.objects.filter(
        place__cohort__version__programme__force_id=request.user.force_id, decision=None
    )
    plans = list(access.plans_of(request.user).select_related("cohort", "verifier"))
    context = {
        "differences": [
            (d, access.may_settle(request.user, d))
            for d in access.differences_of(request.user)
            .filter(settled=None)
            .select_related("place__cohort__version__programme", "one", "other")
        ],
        "opinions": opinions.select_related("of__by", "place", "assessor", "asked_by"),
        "plans": selectors.plans_with_progress(plans),
        "cohorts": access.cohorts_of(request.user).filter(closed_at=None),
        "exercises": access.exercises_of(request.user),
        "programmes": [(p, selectors.assessors_of(p)) for p in access.programmes_of(request.user)],
    }
    return render(request, "programmes/quality.html", context)


def new_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw decisions of a cohort to look at again."""
    need(access.may_verify(request.user))
    cohort = get_object_or_404(access.cohorts_of(request.user).select_related("version__programme"), pk=pk)
    form = PlanForm(request.POST or None)
    made: list[SamplingPlan] = []
    if request.method == "POST" and tried(
        form, lambda d: made.append(sampling.make_plan(cohort=cohort, by=request.user, **d))
    ):
        return redirect("programmes:plan", made[0].pk)
    return render(
        request, "programmes/new_plan.html", {"cohort": cohort, "form": form}, status=status_of(form)
    )


def _plan(request: HttpRequest, pk: int) -> SamplingPlan:
    need(access.may_verify(request.user))
    return get_object_or_404(
        access.plans_of(request.user).select_related("cohort__version__programme", "verifier"), pk=pk
    )


@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One sampling plan: what was drawn and why, what was not and why."""
    return _plan_page(request, _plan(request, pk))


def _plan_page(
    request: HttpRequest,
    found: SamplingPlan,
    add: AddSampledForm | None = None,
    out: tuple[int, WhyForm] | None = None,
) -> HttpResponse:
    items = found.sampled.select_related("decision__by", "decision__place", "verification__by")
    left = dict(found.left)
    decisions = Decision.objects.filter(pk__in=left).select_related("by", "place")
    there = set(items.values_list("decision", flat=True))
    context = {
        "plan": found,
        "items": items,
        "left": [(d, left[d.pk]) for d in decisions if d.pk not in there],
        "covers": _covers(found, list(items)),
        "add": add or AddSampledForm(),
        "out": out[1] if out else WhyForm(),
        "out_pk": out[0] if out else 0,
    }
    return render(request, "programmes/plan.html", context, status=status_of(add, out[1] if out else None))


def _covers(plan: SamplingPlan, items: list[Sampled]) -> list[tuple[str, int, int]]:
    """How much of each kind a plan reaches: of what was drawn, of all there is."""
    content = plan.cohort.content
    every = [i.decision for i in items if i.out_at is None]
    everything = [
        *every,
        *Decision.objects.filter(pk__in=[pk for pk, _ in plan.left]).select_related("place"),
    ]

    def module(d: Decision) -> str:
        found = content.module_of(d.criterion)
        return found.id if found else ""

    kinds = (
        ("assessors", lambda d: d.by_id),
        ("modules", module),
        ("learners", lambda d: d.place_id),
    )
    return [(name, len({key(d) for d in every}), len({key(d) for d in everything})) for name, key in kinds]


@require_POST
def add_sampled(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a decision to a plan by hand."""
    found = _plan(request, pk)
    form = AddSampledForm(request.POST)

    def add(given: dict[str, Any]) -> Sampled:
        decision = (
            Decision.objects.filter(pk=given["decision"], place__cohort=found.cohort)
            .exclude(part=Decision.Part.SECOND)
            .select_related("place__cohort__version__programme")
            .first()
        )
        if decision is None:
            raise CannotDoError("There is no decision of that number in this cohort.")
        return sampling.add_to_plan(plan=found, decision=decision, why=given["why"], by=request.user)

    if tried(form, add):
        messages.success(request, "It is in the plan, with your reason.")
        return redirect("programmes:plan", pk)
    return _plan_page(request, found, add=form)


def _sampled(request: HttpRequest, pk: int) -> Sampled:
    need(access.may_verify(request.user))
    return get_object_or_404(
        Sampled.objects.filter(plan__in=access.plans_of(request.user)).select_related(
            "plan__cohort",
            "decision__by",
            "decision__place__learner",
            "decision__place__cohort__version__programme",
        ),
        pk=pk,
    )


@require_POST
def take_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision out of a plan."""
    found = _sampled(request, pk)
    form = WhyForm(request.POST)
    if tried(form, lambda d: sampling.take_from_plan(sampled=found, why=d["why"], by=request.user)):
        messages.success(request, "It is out of the plan, and stays in the list with your reason.")
        return redirect("programmes:plan", found.plan_id)
    return _plan_page(request, found.plan, out=(pk, form))


def sampled(request: HttpRequest, pk: int) -> HttpResponse:
    """One sampled decision with its evidence, and what the verifier says of it."""
    found = _sampled(request, pk)
    form = VerifyForm(request.POST or None)
    if request.method == "POST" and tried(
        form,
        lambda d: sampling.verify(
            sampled=found, said=d["said"], feedback=d["feedback"], due_on=d["due_on"], by=request.user
        ),
    ):
        messages.success(request, "Kept. The assessor is told.")
        return redirect("programmes:plan", found.plan_id)
    decision = found.decision
    before = getattr(found, "verification", None)
    context = {
        "sampled": found,
        "decision": decision,
        "criterion": decision.place.cohort.content.criterion(decision.criterion),
        "evidence": Evidence.objects.filter(pk__in=decision.evidence)
        .defer("document__content")
        .select_related("witness", "document", "by"),
        "before": before,
        "may": access.may_verify_decision(request.user, decision)
        and (not before or form.errors)
        and not found.out_at,
        "form": form,
    }
    return render(request, "programmes/sampled.html", context, status=status_of(form))


def difference(request: HttpRequest, pk: int) -> HttpResponse:
    """A difference between two who judged: both, the evidence, and what the third decides."""
    need(access.may_verify(request.user))
    found = get_object_or_404(
        access.differences_of(request.user).select_related(
            "place__cohort__version__programme",
            "place__learner",
            "one__by",
            "other__by",
            "raised_by",
            "settled__by",
        ),
        pk=pk,
    )
    row = portfolio.row_of(found.place, found.criterion)
    evidence = row.evidence if row else ()
    choices = [(str(e.pk), f"{e.title}, {e.happened_on:%-d %B %Y}") for e in evidence if e.counts]
    form = DecideForm(choices, request.POST or None)
    if request.method == "POST" and tried(
        form, lambda d: deciding.settle(difference=found, said=judgement_of(d), by=request.user)
    ):
        messages.success(request, "It is settled. Everybody concerned is told.")
        return redirect("programmes:quality")
    context = {
        "difference": found,
        "row": row,
        "evidence": evidence,
        "form": form if access.may_settle(request.user, found) or form.errors else None,
        "days": (timezone.now() - found.at).days,
    }
    return render(request, "programmes/difference.html", context, status=status_of(form))


def new_exercise(request: HttpRequest, slug: str) -> HttpResponse:
    """Have assessors judge the same pieces."""
    programme = programme_of(request, slug)
    need(access.may_verify(request.user))
    people = access.people_who(request.user, Role.ASSESSOR, Role.INTERNAL_QUALITY)
    form = ExerciseForm(programme.current.content, people, request.POST or None)
    made: list[Exercise] = []

    def make(given: dict[str, Any]) -> None:
        made.append(
            standardising.open_exercise(
                programme=programme,
                title=given["title"],
                criterion=given["criterion"],
                asked=given["asked"],
                pieces=re.split(r"^\s*---+\s*$", given["pieces"].replace("\r\n", "\n"), flags=re.MULTILINE),
                closes_on=given["closes_on"],
                assessors=list(User.objects.filter(pk__in=given["assessors"])),
                by=request.user,
            )
        )

    if request.method == "POST" and tried(form, make):
        messages.success(request, "The assessors are told.")
        return redirect("programmes:exercise", made[0].pk)
    return render(
        request,
        "programmes/new_exercise.html",
        {"programme": programme, "form": form},
        status=status_of(form),
    )


def _exercise(request: HttpRequest, pk: int) -> Exercise:
    need(access.may_verify(request.user) or access.may_assess(request.user))
    return get_object_or_404(access.exercises_of(request.user).select_related("programme"), pk=pk)


def exercise(request: HttpRequest, pk: int) -> HttpResponse:
    """One exercise: one's own marks while it is open, everybody's once it has closed."""
    found = _exercise(request, pk)
    problem = ""
    given: dict[int, tuple[str, str]] = {}
    if request.method == "POST":
        given = _marks(request, found)
        sign = request.POST.get("do") == "sign"
        try:
            standardising.mark_pieces(exercise=found, marks=given, by=request.user, sign=sign)
        except CannotDoError as error:
            problem = str(error)
        else:
            messages.success(
                request,
                "Signed. You see the others' when it closes." if sign else "Kept. Sign when you are done.",
            )
            return redirect("programmes:exercise", pk)
    return _exercise_page(request, found, problem, given)


def _marks(request: HttpRequest, found: Exercise) -> dict[int, tuple[str, str]]:
    return {
        p.number: (request.POST[f"said-{p.number}"], request.POST.get(f"why-{p.number}", ""))
        for p in found.pieces.all()
        if request.POST.get(f"said-{p.number}")
    }


def _exercise_page(
    request: HttpRequest,
    found: Exercise,
    problem: str = "",
    given: dict[int, tuple[str, str]] | None = None,
    agreed: AgreedForm | None = None,
) -> HttpResponse:
    own: Marked | None = found.marked.filter(assessor=request.user).first()
    kept = {int(n): (m["said"], m["why"]) for n, m in (own.marks if own else {}).items()} | (given or {})
    context = {
        "exercise": found,
        "criterion": found.programme.current.content.criterion(found.criterion),
        "own": own,
        "pieces": [(p, *kept.get(p.number, ("", ""))) for p in found.pieces.all()],
        "rows": selectors.pieces_of(found) if found.closed_at else [],
        "agreement": selectors.agreement_in(found),
        "who": found.marked.select_related("assessor"),
        "verifies": access.may_verify(request.user),
        "agreed": agreed or AgreedForm(initial={"agreed": found.agreed}),
        "choices": Decision.Said.choices,
        "problem": problem,
    }
    status = 400 if problem else status_of(agreed)
    return render(request, "programmes/exercise.html", context, status=status)


@require_POST
def close_exercise(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an exercise, so that all see what each said."""
    found = _exercise(request, pk)
    need(access.may_verify(request.user))
    return done(
        request,
        lambda: standardising.close_exercise(exercise=found, by=request.user),
        "Closed. Everybody who took part sees what each said.",
        "programmes:exercise",
        pk,
    )


@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was agreed."""
    found = _exercise(request, pk)
    need(access.may_verify(request.user))
    form = AgreedForm(request.POST)
    if tried(
        form, lambda d: standardising.minute_exercise(exercise=found, agreed=d["agreed"], by=request.user)
    ):
        messages.success(request, "Kept.")
        return redirect("programmes:exercise", pk)
    return _exercise_page(request, found, agreed=form)
