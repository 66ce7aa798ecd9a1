"""Does a programme work? Its figures, the line of its test, and the review of a year."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wholepicture.core.measurement import angoff
from wholepicture.core.measurement.cutscore import FEW_JUDGES
from wholepicture.web.errors import CannotDoError
from wholepicture.web.programmes import access, certificates
from wholepicture.web.programmes.forms.assessing import AnnualReviewForm
from wholepicture.web.programmes.models import AnnualReview, Study, Version
from wholepicture.web.programmes.selectors import figures as selectors
from wholepicture.web.programmes.selectors.funnels import plot_of
from wholepicture.web.programmes.services import resulting, testing
from wholepicture.web.programmes.views.shared import programme_of
from wholepicture.web.theme.pages import need, status_of, tried


def _year(request: HttpRequest) -> int | None:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdigit() and 2000 <= int(asked) <= 2100 else None


@require_GET
def figures(request: HttpRequest, slug: str) -> HttpResponse:
    """All that is known of how a programme does."""
    programme = programme_of(request, slug)
    need(access.may_see_figures(request.user))
    year = _year(request)
    context = {
        "programme": programme,
        "sections": selectors.sections_of(programme, year),
        "plot": plot_of(selectors.funnel_of(programme, year)),
        "year": year,
        "years": range(timezone.localdate().year, timezone.localdate().year - 5, -1),
        "reviews": programme.annual_reviews.select_related("by"),
        "may_review": access.may_run(request.user),
    }
    return render(request, "programmes/figures.html", context)


def new_annual_review(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the review of a year, with the figures as they are now."""
    programme = programme_of(request, slug)
    need(access.may_see_figures(request.user) and access.may_run(request.user))
    year = _year(request) or timezone.localdate().year
    sections = selectors.sections_of(programme, year)
    form = AnnualReviewForm(request.POST or None)
    made: list[AnnualReview] = []
    if request.method == "POST" and tried(
        form,
        lambda d: made.append(
            resulting.make_annual_review(
                programme=programme, year=year, figures=selectors.as_json(sections), by=request.user, **d
            )
        ),
    ):
        messages.success(request, "The review is kept.")
        return redirect("programmes:annual-review", made[0].pk)
    context = {"programme": programme, "year": year, "sections": sections, "form": form}
    return render(request, "programmes/new_annual_review.html", context, status=status_of(form))


@require_GET
def annual_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The review of a year, as a page or a PDF."""
    need(access.may_see_figures(request.user))
    found = get_object_or_404(
        AnnualReview.objects.filter(programme__force_id=request.user.force_id).select_related(
            "programme", "by"
        ),
        pk=pk,
    )
    if request.GET.get("format") == "pdf":
        response = HttpResponse(certificates.review_pdf(found), content_type="application/pdf")
        response["Content-Disposition"] = (
            f'attachment; filename="review-{found.programme.slug}-{found.year}.pdf"'
        )
        return response
    return render(request, "programmes/annual_review.html", {"review": found})


def line(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the line of the knowledge test is, and how judges set it."""
    programme = programme_of(request, slug)
    need(access.may_set_line(request.user))
    version = programme.current
    study = version.studies.filter(closed_at=None).first()
    problem, given = "", {}
    if request.method == "POST":
        given = {
            k.removeprefix("q-"): int(v)
            for k, v in request.POST.items()
            if k.startswith("q-") and v.isdigit() and len(v) < 4
        }
        try:
            _act(request, version, study, given)
        except CannotDoError as error:
            problem = str(error)
        else:
            return redirect("programmes:line", slug)
    return _line(request, version, study, problem, given)


def _act(request: HttpRequest, version: Version, study: Study | None, given: dict[str, int]) -> None:
    do = request.POST.get("do")
    if do == "begin":
        testing.open_study(version=version, by=request.user)
        messages.success(request, "Begun. At least three judges are needed.")
    elif study is None:
        raise CannotDoError("Nobody is setting the line now. Begin first.")
    elif do == "judge":
        testing.judge_questions(study=study, shares=given, by=request.user)
        messages.success(request, "Your judgement is kept.")
    elif do == "round":
        testing.next_round(study=study, by=request.user)
        messages.success(request, "The second round has begun. Judges see the means of the first.")
    elif do == "set":
        made = testing.set_line(study=study, why=request.POST.get("why", ""), by=request.user)
        messages.success(request, f"The line is set: {made}.")
    else:
        raise CannotDoError("Choose what to do.")


def _line(
    request: HttpRequest, version: Version, study: Study | None, problem: str, given: dict[str, int]
) -> HttpResponse:
    judged = list(study.judged.filter(round=study.round)) if study else []
    own = next((j for j in judged if j.judge_id == request.user.pk), None)
    before = (
        angoff({str(j.judge_id): j.shares for j in study.judged.filter(round=1)})
        if study and study.round > 1
        else None
    )
    means: dict[str, Any] = {q: (m, s) for q, m, s in before.questions} if before else {}
    mine = study.judged.filter(round=1, judge=request.user).first() if study and study.round > 1 else None
    first = {q: round(s * 100) for q, s in mine.shares.items()} if mine else {}
    context = {
        "programme": version.programme,
        "version": version,
        "study": study,
        "judged": len(judged),
        "own": own,
        "may_judge": study is not None and own is None and (study.round == 1 or mine is not None),
        "verifies": access.may_verify(request.user),
        "questions": [
            (q.asked, means.get(q.asked.id), given.get(q.asked.id, first.get(q.asked.id, "")))
            for q in version.content.test
        ],
        "lines": version.cut_scores.select_related("by"),
        "problem": problem,
        "least": testing.LEAST_JUDGES,
        "few": FEW_JUDGES,
        "why": request.POST.get("why", ""),
    }
    return render(request, "programmes/line.html", context, status=400 if problem else 200)
