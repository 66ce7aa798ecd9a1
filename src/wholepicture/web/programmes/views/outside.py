"""Quality assurance from outside: a review, what was drawn for it, and what it holds until it is put right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from wholepicture.web.accounts.models import Role
from wholepicture.web.programmes import access
from wholepicture.web.programmes.forms.assessing import (
    AnswerForm,
    CloseReviewForm,
    ReviewActionForm,
    ReviewedForm,
    ReviewerForm,
)
from wholepicture.web.programmes.models import Evidence, ExternalReview, ReviewAction, Reviewed, Verification
from wholepicture.web.programmes.services import reviewing
from wholepicture.web.theme.pages import done, need, status_of, tried


def new_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody from outside to review a cohort."""
    need(access.may_open_review(request.user))
    cohort = get_object_or_404(access.cohorts_of(request.user).select_related("version__programme"), pk=pk)
    form = ReviewerForm(access.people_who(request.user, Role.EXTERNAL_QUALITY), request.POST or None)
    if request.method == "POST" and tried(
        form, lambda d: reviewing.open_review(cohort=cohort, reviewer=d["reviewer"], by=request.user)
    ):
        messages.success(request, "They are told, and see what was drawn for them.")
        return redirect("programmes:cohort", pk)
    return render(
        request, "programmes/new_review.html", {"cohort": cohort, "form": form}, status=status_of(form)
    )


def _review(request: HttpRequest, pk: int, *, own: bool = False) -> ExternalReview:
    need(access.may_see(request.user))
    among = access.reviews_of(request.user) if own else access.reviews_seen(request.user)
    return get_object_or_404(
        among.select_related("cohort__version__programme", "cohort__provider", "reviewer"), pk=pk
    )


@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One review."""
    return _page(request, _review(request, pk))


def _page(request: HttpRequest, found: ExternalReview, **forms: Any) -> HttpResponse:
    own = found.reviewer_id == request.user.pk
    context = {
        "review": found,
        "own": own,
        "items": found.reviewed.select_related("decision__place", "decision__by"),
        "actions": found.actions.select_related("answered_by"),
        "plans": [
            (p, p.sampled.filter(out_at=None).count(), Verification.objects.filter(sampled__plan=p).count())
            for p in found.cohort.plans.select_related("verifier")
        ],
        "may_answer": access.may_run(request.user) or access.may_verify(request.user),
        "action": forms.get("action") or ReviewActionForm(),
        "close": forms.get("close") or CloseReviewForm(auto_id="close_%s"),
        "answer": forms.get("answer") or AnswerForm(),
        "answer_pk": forms.get("answer_pk", 0),
    }
    bad = status_of(*[f for k, f in forms.items() if k != "answer_pk"])
    return render(request, "programmes/review.html", context, status=bad)


@require_POST
def more(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw a few more decisions."""
    found = _review(request, pk, own=True)
    return done(
        request,
        lambda: reviewing.draw_more(review=found, by=request.user),
        "A few more were drawn by chance.",
        "programmes:review",
        pk,
    )


def reviewed(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision drawn for a review: the criterion, its evidence without names, and what was said of it inside."""
    need(access.may_review_outside(request.user))
    found = get_object_or_404(
        Reviewed.objects.filter(review__in=access.reviews_of(request.user)).select_related(
            "review__cohort", "decision__place__cohort__version__programme", "decision__by"
        ),
        pk=pk,
    )
    form = ReviewedForm(request.POST or None, initial={"said": found.said, "note": found.note})
    if request.method == "POST" and tried(
        form,
        lambda d: reviewing.judge_reviewed(reviewed=found, said=d["said"], note=d["note"], by=request.user),
    ):
        messages.success(request, "Kept.")
        return redirect("programmes:review", found.review_id)
    decision = found.decision
    context = {
        "reviewed": found,
        "decision": decision,
        "criterion": decision.place.cohort.content.criterion(decision.criterion),
        "evidence": Evidence.objects.filter(pk__in=decision.evidence)
        .defer("document__content")
        .select_related("document"),
        "verified": Verification.objects.filter(sampled__decision=decision).select_related("by"),
        "form": None if found.review.closed_at else form,
    }
    return render(request, "programmes/reviewed.html", context, status=status_of(form))


@require_POST
def set_action(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the programme do something."""
    found = _review(request, pk, own=True)
    form = ReviewActionForm(request.POST)
    if tried(form, lambda d: reviewing.set_review_action(review=found, by=request.user, **d)):
        messages.success(request, "It is set, and they are told.")
        return redirect("programmes:review", pk)
    return _page(request, found, action=form)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was done about an action."""
    need(access.may_run(request.user) or access.may_verify(request.user))
    action = get_object_or_404(
        ReviewAction.objects.filter(review__in=access.reviews_seen(request.user)).select_related(
            "review__cohort__version__programme", "review__reviewer"
        ),
        pk=pk,
    )
    form = AnswerForm(request.POST)
    if tried(form, lambda d: reviewing.answer_action(action=action, answer=d["answer"], by=request.user)):
        messages.success(request, "Kept. The reviewer is told, and closes it.")
        return redirect("programmes:review", action.review_id)
    return _page(request, action.review, answer=form, answer_pk=pk)


@require_POST
def close_action(request: HttpRequest, pk: int) -> HttpResponse:
    """The reviewer closes an action."""
    need(access.may_review_outside(request.user))
    action = get_object_or_404(
        ReviewAction.objects.filter(review__in=access.reviews_of(request.user)).select_related("review"),
        pk=pk,
    )
    return done(
        request,
        lambda: reviewing.close_review_action(action=action, by=request.user),
        "Closed.",
        "programmes:review",
        action.review_id,
    )


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a review."""
    found = _review(request, pk, own=True)
    form = CloseReviewForm(request.POST, auto_id="close_%s")
    if tried(
        form,
        lambda d: reviewing.close_review(
            review=found, grade=d["grade"], summary=d["summary"], by=request.user
        ),
    ):
        messages.success(request, "The review is closed. Its actions go on.")
        return redirect("programmes:review", pk)
    return _page(request, found, close=form)
