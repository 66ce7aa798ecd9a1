"""What an applicant or holder sees: their tasks, evidence, notices, decisions and credential; and what a manager declares."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.licensing import IN_FORCE, OPEN_APPLICATION, Shown, State, Step
from wholepicture.web.audit.words import WHAT
from wholepicture.web.licensing import access, letters, selectors
from wholepicture.web.licensing.forms import SAYS, DeclareForm, EvidenceForm, StepForm
from wholepicture.web.licensing.models import Licence, LicenceEvent
from wholepicture.web.licensing.services import applying, stepping
from wholepicture.web.licensing.services.applying import Shows
from wholepicture.web.licensing.services.stepping import HOLDERS_STEPS
from wholepicture.web.programmes.forms.delivering import WhyForm
from wholepicture.web.programmes.services import CannotDoError
from wholepicture.web.theme.pages import done, downloaded, need, status_of, tried


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Somebody's own licences and applications, and what else of licences is theirs to do."""
    need(access.may_apply(request.user) or access.may_run(request.user))
    own = access.own_licences(request.user).select_related("scheme").prefetch_related("events")
    held = [(x, x.standing()) for x in own]
    busy = {
        x.scheme.slug
        for x, s in held
        if s.state in OPEN_APPLICATION
        or (s.terms and s.state not in (State.LAPSED, State.REVOKED, State.SURRENDERED))
    }
    latest = {s.slug: s for s in access.schemes_of(request.user).order_by("slug", "number")}
    to_declare = []
    for x in access.to_declare(request.user).select_related("scheme", "holder").prefetch_related("events"):
        if x.standing().state in OPEN_APPLICATION | IN_FORCE:
            tasks = [t for t in selectors.tasks_of(x) if t.requirement.by == "line manager" and not t.met]
            to_declare += [(x, t) for t in tasks]
    context = {
        "held": held,
        "schemes": [s for slug, s in latest.items() if slug not in busy],
        "to_declare": to_declare,
        "may_run": access.may_run(request.user),
        "may_assess": access.may_assess(request.user),
        "may_check": access.may_check(request.user),
        "sees_capability": access.may_see_capability(request.user),
    }
    return render(request, "licensing/home.html", context)


@require_POST
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin an application."""
    need(access.may_apply(request.user))
    scheme = get_object_or_404(access.schemes_of(request.user).filter(slug=slug).order_by("-number")[:1])
    try:
        made = applying.apply(scheme=scheme, by=request.user)
    except CannotDoError as error:
        messages.error(request, str(error))
        return redirect("licensing:home")
    return redirect("licensing:licence", made.pk)


def _own(request: HttpRequest, pk: uuid.UUID) -> Licence:
    need(access.may_apply(request.user))
    return get_object_or_404(
        access.own_licences(request.user).select_related("scheme__force", "holder"), pk=pk
    )


def told_of(licence: Licence) -> list[tuple[LicenceEvent, str]]:
    """What happened, latest first, in words."""
    return [
        (e, "Began" if e.step == Step.BEGIN else WHAT[f"licence.{e.step}"].capitalize())
        for e in licence.events.order_by("-number")
    ]


@require_GET
def licence(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One's own application or licence."""
    return _page(request, _own(request, pk))


def _page(
    request: HttpRequest, found: Licence, withdraw: tuple[uuid.UUID, WhyForm] | None = None
) -> HttpResponse:
    standing = found.standing()
    renewal = bool(standing.terms)
    content = found.scheme.content
    evidence = list(found.evidence.select_related("document").defer("document__content"))
    context = {
        "licence": found,
        "content": content,
        "standing": standing,
        "tasks": selectors.tasks_of(found, renewal=renewal),
        "renewal": renewal,
        "standards": [
            (s, [e for e in evidence if s.id in e.standards and not e.withdrawn_at])
            for s in content.standards
        ],
        "evidence": evidence,
        "steps": [(s, SAYS[s]) for s in stepping.open_steps(found, HOLDERS_STEPS, request.user)],
        "told": told_of(found),
        "decisions": found.decisions.filter(second=False)
        if standing.state not in (State.ASSESSING, State.SUBMITTED)
        else [],
        "credential": found.credentials.filter(revoked_at=None).first(),
        "lookups": found.lookups.select_related("by")[:50],
        "open": standing.state in (State.DRAFT, State.RETURNED) or standing.state in IN_FORCE,
        "to_bring": selectors.to_bring(found) if standing.state in (State.DRAFT, State.RETURNED) else [],
        "withdraw": withdraw[1] if withdraw else None,
        "withdraw_pk": withdraw[0] if withdraw else None,
    }
    return render(request, "licensing/licence.html", context, status=400 if withdraw else 200)


def add_evidence(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give evidence."""
    found = _own(request, pk)
    form = EvidenceForm(
        found.scheme.content, request.POST or None, request.FILES or None, initial={"once": uuid.uuid4()}
    )

    def add(given: dict[str, Any]) -> None:
        upload = given["document"]
        applying.add_evidence(
            licence=found,
            shows=Shows(
                given["title"],
                given["text"],
                given["happened_on"],
                tuple(given["standards"]),
                given["case"],
                (upload.name, upload.read()) if upload else None,
            ),
            by=request.user,
            once=given["once"],
        )

    if request.method == "POST" and tried(form, add):
        messages.success(request, "The evidence is kept.")
        return redirect("licensing:licence", pk)
    return render(
        request, "licensing/add_evidence.html", {"licence": found, "form": form}, status=status_of(form)
    )


@require_POST
def bring_evidence(request: HttpRequest, pk: uuid.UUID, evidence: uuid.UUID) -> HttpResponse:
    """Bring evidence from an earlier application."""
    found = _own(request, pk)
    earlier = get_object_or_404(
        access.evidence_of(request.user).filter(licence__holder=request.user).select_related("licence"),
        pk=evidence,
    )
    return done(
        request,
        lambda: applying.bring_evidence(licence=found, evidence=earlier, by=request.user),
        "It is brought. What it was in the earlier application stays there.",
        "licensing:licence",
        pk,
    )


@require_POST
def withdraw_evidence(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Withdraw evidence."""
    need(access.may_apply(request.user))
    evidence = get_object_or_404(
        access.evidence_of(request.user)
        .filter(licence__holder=request.user)
        .select_related("licence__scheme"),
        pk=pk,
    )
    form = WhyForm(request.POST)
    if tried(form, lambda d: applying.withdraw_evidence(evidence=evidence, why=d["why"], by=request.user)):
        messages.success(request, "It is withdrawn, and stays to be read by who must.")
        return redirect("licensing:licence", evidence.licence_id)
    return _page(request, evidence.licence, (pk, form))


@require_GET
def document(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A file, as it was uploaded: always downloaded, never shown by the browser."""
    found = get_object_or_404(access.documents_of(request.user), pk=pk)
    return downloaded(found.name, found.kind, bytes(found.content))


def step(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """One step of the holder's own."""
    found = _own(request, pk)
    if name not in HOLDERS_STEPS:
        raise Http404
    form = StepForm(name, None, request.POST if request.method == "POST" else None)
    if request.method == "POST" and tried(
        form, lambda _: stepping.take(licence=found, step=Step(name), taken=form.taken(), by=request.user)
    ):
        messages.success(request, "It is recorded.")
        return redirect("licensing:licence", pk)
    context = {"licence": found, "form": form, "says": SAYS[name], "standing": found.standing()}
    return render(request, "licensing/step.html", context, status=status_of(form))


def declare(request: HttpRequest, pk: uuid.UUID, requirement: str) -> HttpResponse:
    """Declare a requirement met: one's own, as line manager, or for a unit."""
    among = (
        access.own_licences(request.user) | access.to_declare(request.user) | access.cases_of(request.user)
    )
    found = get_object_or_404(
        Licence.objects.filter(pk__in=among.values("pk")).select_related("scheme__force", "holder"), pk=pk
    )
    wanted = next(
        (r for r in found.scheme.content.requirements if r.id == requirement and r.shown is Shown.DECLARED),
        None,
    )
    if wanted is None:
        raise Http404
    form = DeclareForm(request.POST or None)
    if request.method == "POST" and tried(
        form,
        lambda d: applying.declare(
            licence=found, requirement=requirement, on=d["on"], said=d["said"], by=request.user
        ),
    ):
        messages.success(request, "Your declaration is kept.")
        if found.holder_id == request.user.pk:
            return redirect("licensing:licence", pk)
        return redirect("licensing:case", pk) if access.may_run(request.user) else redirect("licensing:home")
    context = {"licence": found, "requirement": wanted, "form": form}
    return render(request, "licensing/declare.html", context, status=status_of(form))


@require_GET
def letter(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """A decision as a letter (PDF), for the holder and for who runs licences."""
    among = access.own_licences(request.user) | access.cases_of(request.user)
    found = get_object_or_404(
        Licence.objects.filter(pk__in=among.values("pk")).select_related("scheme__force", "holder"), pk=pk
    )
    event = get_object_or_404(found.events, number=number)
    if not event.has_letter:
        raise Http404
    response = HttpResponse(letters.letter_pdf(found, event), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="decision-{number}.pdf"'
    return response
