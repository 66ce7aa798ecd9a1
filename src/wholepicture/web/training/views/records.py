"""A learner's record, certificates, and the page by which a certificate can be checked."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wholepicture.web.theme.sheets import sheet
from wholepicture.web.training import access, selectors
from wholepicture.web.training.certificates import pdf_of
from wholepicture.web.training.models import Certificate
from wholepicture.web.training.selectors.profile import profile_of
from wholepicture.web.training.views.learning import allowed


@require_GET
def record(request: HttpRequest) -> HttpResponse:
    """All that somebody did here; or the same as CSV."""
    allowed(request)
    user = request.user
    enrolments = list(access.enrolments_of(user).select_related("course", "version", "certificate"))
    attempts = list(
        access.attempts_of(user)
        .filter(handed_in_at__isnull=False)
        .select_related("version__course")
        .order_by("-handed_in_at")
    )
    attended = list(user.attendance.select_related("classroom").order_by("-classroom__held_on"))
    if request.GET.get("format") == "csv":
        return _as_sheet(enrolments, attempts, attended)
    context = {
        "enrolments": enrolments,
        "attempts": attempts[:100],
        "attended": attended,
        "sides": selectors.before_and_after(enrolments),
        "recalls": user.recalls.count(),
        "profile": profile_of(user),
    }
    return render(request, "training/record.html", context)


def _as_sheet(enrolments: list, attempts: list, attended: list) -> HttpResponse:  # type: ignore[type-arg]
    rows = [
        [
            "course",
            e.course.title,
            f"version {e.version.number}",
            e.began_at.date(),
            e.completed_at and e.completed_at.date(),
            "",
            "",
        ]
        for e in enrolments
    ]
    rows += [
        [
            "scenario",
            a.scenario.title,
            f"{a.version.course.title}, version {a.version.number}",
            a.began_at.date(),
            a.handed_in_at.date(),
            f"found {a.result['counts'][0]} of {a.result['counts'][0] + a.result['counts'][1]}",
            "passed" if a.result["passed"] else "not yet",
        ]
        for a in attempts
    ]
    rows += [
        [
            "classroom",
            x.classroom.title,
            x.classroom.place,
            x.classroom.held_on,
            x.classroom.held_on,
            f"{x.classroom.minutes} minutes",
            x.get_came_display(),
        ]
        for x in attended
    ]
    return sheet("training-record", ["what", "title", "of", "began", "done", "result", "outcome"], rows)


@require_GET
def certificate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A certificate as a PDF."""
    found = get_object_or_404(
        access.certificates_of(request.user).select_related("enrolment__course__force"), pk=pk
    )
    response = HttpResponse(pdf_of(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{found.enrolment.course.slug}.pdf"'
    return response


@login_not_required
@require_GET
def verify(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whether a certificate that somebody shows stands. It says no more than the certificate does."""
    found = Certificate.objects.filter(pk=pk).select_related("enrolment__course__force").first()
    context = {"certificate": found, "today": timezone.localdate()}
    return render(request, "training/verify.html", context, status=200 if found else 404)
