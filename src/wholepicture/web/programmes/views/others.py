"""What is asked of witnesses and supervisors, and what others are shown: certificates and calendars."""

from __future__ import annotations

import hashlib
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wholepicture.web.programmes import access, certificates
from wholepicture.web.programmes.forms.assessing import TestifyForm, ViewForm
from wholepicture.web.programmes.models import Award, CalendarKey, Evidence, SupervisorView
from wholepicture.web.programmes.selectors.calendars import calendar_of
from wholepicture.web.programmes.services import evidencing, resulting
from wholepicture.web.theme.pages import status_of, tried


def testify(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A witness says what they saw."""
    found = get_object_or_404(
        Evidence.objects.filter(witness=request.user).select_related(
            "place__learner", "place__cohort__version__programme"
        ),
        pk=pk,
    )
    form = TestifyForm(request.POST or None)
    declined = request.POST.get("answer") == "decline"
    if request.method == "POST" and tried(
        form,
        lambda d: evidencing.answer_as_witness(
            evidence=found, words=d["words"], by=request.user, declined=declined
        ),
    ):
        messages.success(request, "Thank you. Your answer is kept.")
        return redirect("encounters:home")
    context = {
        "evidence": found,
        "form": form,
        "criteria": [c for i in found.criteria if (c := found.place.cohort.content.criterion(i))],
    }
    return render(request, "programmes/testify.html", context, status=status_of(form))


def view(request: HttpRequest, pk: int) -> HttpResponse:
    """A supervisor says what they see at work."""
    found = get_object_or_404(
        SupervisorView.objects.filter(supervisor=request.user).select_related(
            "place__learner", "place__cohort"
        ),
        pk=pk,
    )
    form = ViewForm(request.POST or None)
    if request.method == "POST" and tried(
        form, lambda d: resulting.give_view(view=found, scores=d, text=d["text"], by=request.user)
    ):
        messages.success(request, "Thank you. Your view is kept.")
        return redirect("encounters:home")
    early = found.due_on > timezone.localdate()
    context = {"view": found, "form": form, "early": early}
    return render(request, "programmes/view.html", context, status=status_of(form))


@require_GET
def award(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A certificate as a PDF."""
    found = get_object_or_404(access.awards_of(request.user), pk=pk)
    response = HttpResponse(certificates.award_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{found.pk}.pdf"'
    return response


@login_not_required
@require_GET
def verify(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Whether a certificate stands, for anybody who was shown it."""
    found = Award.objects.filter(pk=pk).first()
    context = {"award": found, "today": timezone.localdate()}
    return render(request, "programmes/verify.html", context, status=200 if found else 404)


@login_not_required
@require_GET
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """Somebody's calendar, for whoever has its address: a calendar program cannot sign in."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    key = get_object_or_404(CalendarKey.objects.select_related("user"), digest=digest, user__is_active=True)
    return HttpResponse(calendar_of(key.user), content_type="text/calendar; charset=utf-8")
