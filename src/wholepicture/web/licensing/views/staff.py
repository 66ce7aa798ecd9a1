"""What those who run, assess and decide see: the desk, one case, hearings and votes."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.licensing import Shown, State, Step
from wholepicture.core.measurement.raters import in_words
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.licensing import access, selectors
from wholepicture.web.licensing.forms import (
    SAYS,
    FinishForm,
    MemberForm,
    PanelForm,
    StandardForm,
    StepForm,
    VoteForm,
)
from wholepicture.web.licensing.models import Hearing, Licence
from wholepicture.web.licensing.services import hearing as panels
from wholepicture.web.licensing.services import stepping
from wholepicture.web.licensing.services.stepping import REGISTRARS_STEPS
from wholepicture.web.licensing.views.holding import told_of
from wholepicture.web.programmes.forms.delivering import WhyForm
from wholepicture.web.theme.pages import need, status_of, tried


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Every application and licence of the force, those that wait first."""
    need(access.may_run(request.user))
    cases = access.cases_of(request.user).select_related("scheme", "holder").prefetch_related("events")
    rows = []
    for found in cases:
        s = found.standing()
        kind = panels.kind_for(s)
        waits = (
            s.state in (State.SUBMITTED, State.ASSESSED)
            or (kind and s.state not in (State.CONDITIONS, State.SUSPENDED))
            or s.appealed is not None
        )
        rows.append((not waits, list(found.events.all())[-1].at, found, s, waits))
    rows.sort(key=lambda r: (r[0], r[1]))
    agreed = selectors.double_agreement(request.user.force)
    context = {
        "rows": [(x, s, at, waits) for _, at, x, s, waits in rows],
        "agreed": agreed,
        "words": in_words(agreed) if agreed else "",
        "keys": request.user.force.signing_keys.all(),
    }
    return render(request, "licensing/desk.html", context)


def _case(request: HttpRequest, pk: uuid.UUID) -> Licence:
    need(access.may_run(request.user) or access.may_assess(request.user) or access.may_sit(request.user))
    return get_object_or_404(
        access.cases_of(request.user).select_related(
            "scheme__force", "holder", "assessor", "second_assessor"
        ),
        pk=pk,
    )


@require_GET
def case(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One case, as far as somebody's part in it goes."""
    return _page(request, _case(request, pk))


def _people(user: User) -> Any:
    sits = [
        r.value
        for r in Role
        if r in (Role.SUPERVISOR, Role.SAFEGUARDING, Role.INTERNAL_QUALITY, Role.CHIEF_OFFICER)
    ]
    return User.objects.filter(force_id=user.force_id, is_active=True, role__in=sits).order_by(
        "last_name", "first_name"
    )


def _page(request: HttpRequest, found: Licence, **forms: Any) -> HttpResponse:
    user, standing = request.user, found.standing()
    runs = access.may_run(user)
    second = found.second_assessor_id == user.pk
    assesses = user.pk in (found.assessor_id, found.second_assessor_id)
    done_second = found.decisions.filter(second=True).count() >= len(found.scheme.content.standards)
    # The second assessor does not see what the first said before they have decided everything.
    blind = second and not done_second
    decisions = found.decisions.select_related("by")
    if blind:
        decisions = decisions.filter(by=user)
    latest = {(d.standard, d.second): d for d in decisions}
    open_hearing = found.hearings.filter(closed_at=None).first()
    evidence = list(found.evidence.select_related("document").defer("document__content"))
    context = {
        "licence": found,
        "content": found.scheme.content,
        "standing": standing,
        "runs": runs,
        "assesses": assesses
        and (standing.state is State.ASSESSING or (second and standing.state is State.ASSESSED)),
        "finishes": found.assessor_id == user.pk and standing.state is State.ASSESSING,
        "tasks": selectors.tasks_of(found, renewal=bool(standing.terms)),
        "declares": runs,
        "declared_kind": Shown.DECLARED,
        "standards": [
            (
                s,
                [e for e in evidence if s.id in e.standards],
                latest.get((s.id, False)),
                latest.get((s.id, True)),
            )
            for s in found.scheme.content.standards
        ],
        "steps": [(s, SAYS[s]) for s in stepping.open_steps(found, REGISTRARS_STEPS, user)] if runs else [],
        "told": told_of(found) if not blind else [],
        "hearing": open_hearing,
        "panel_due": panels.kind_for(standing) if runs and not open_hearing else "",
        "panel": forms.get("panel") or PanelForm(_people(user).exclude(pk=found.holder_id)),
        "finish": forms.get("finish") or FinishForm(),
        "twice": selectors.twice(found),
        "blind": blind,
    }
    return render(request, "licensing/case.html", context, status=status_of(*forms.values()))


def case_step(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """One step of the licensing lead's."""
    need(access.may_run(request.user))
    found = _case(request, pk)
    if name not in REGISTRARS_STEPS:
        raise Http404
    assessors = User.objects.filter(
        force_id=request.user.force_id, is_active=True, role=Role.ASSESSOR
    ).exclude(pk=found.holder_id)
    form = StepForm(name, assessors, request.POST if request.method == "POST" else None)
    if request.method == "POST" and tried(
        form, lambda _: stepping.take(licence=found, step=Step(name), taken=form.taken(), by=request.user)
    ):
        messages.success(request, "It is recorded, and the holder is told.")
        return redirect("licensing:case", pk)
    context = {
        "licence": found,
        "form": form,
        "says": SAYS[name],
        "standing": found.standing(),
        "staff": True,
        "twice": name == Step.ACCEPT and selectors.twice(found),
    }
    return render(request, "licensing/step.html", context, status=status_of(form))


def standard(request: HttpRequest, pk: uuid.UUID, ident: str) -> HttpResponse:
    """One standard: its evidence, and the assessor's decision."""
    need(access.may_assess(request.user))
    found = _case(request, pk)
    need(request.user.pk in (found.assessor_id, found.second_assessor_id))
    wanted = next((s for s in found.scheme.content.standards if s.id == ident), None)
    if wanted is None:
        raise Http404
    form = StandardForm(request.POST or None)
    if request.method == "POST" and tried(
        form,
        lambda d: stepping.decide_standard(
            licence=found, standard=ident, said=d["said"], feedback=d["feedback"], by=request.user
        ),
    ):
        messages.success(request, f"{ident} is decided.")
        return redirect("licensing:case", pk)
    evidence = [
        e
        for e in found.evidence.select_related("document").defer("document__content")
        if ident in e.standards
    ]
    context = {"licence": found, "standard": wanted, "evidence": evidence, "form": form}
    return render(request, "licensing/standard.html", context, status=status_of(form))


@require_POST
def finish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The assessor has decided every standard."""
    need(access.may_assess(request.user))
    found = _case(request, pk)
    need(request.user.pk == found.assessor_id)
    form = FinishForm(request.POST)
    if tried(form, lambda d: stepping.finish_assessment(licence=found, why=d["why"], by=request.user)):
        messages.success(request, "Your assessment is handed in.")
        return redirect("licensing:home")
    return _page(request, found, finish=form)


@require_POST
def call_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Call a panel."""
    need(access.may_run(request.user))
    found = _case(request, pk)
    form = PanelForm(_people(request.user), request.POST)
    made: list[Hearing] = []
    if tried(
        form,
        lambda d: made.append(
            panels.open_hearing(
                licence=found, members=list(User.objects.filter(pk__in=d["members"])), by=request.user
            )
        ),
    ):
        messages.success(request, "The panel is called. Its members are told.")
        return redirect("licensing:hearing", made[0].pk)
    return _page(request, found, panel=form)


def hearing(request: HttpRequest, pk: int) -> HttpResponse:
    """A hearing: for a member, their vote; for who runs it, what came of it."""
    need(access.may_run(request.user) or access.may_sit(request.user))
    found = get_object_or_404(
        access.hearings_of(request.user).select_related("licence__scheme__force", "licence__holder"), pk=pk
    )
    seat = found.seats.filter(member=request.user).first()
    form = VoteForm(panels.votes_for(found), request.POST or None)
    if request.method == "POST":
        need(seat is not None)
        if seat and tried(
            form,
            lambda d: panels.vote(
                seat=seat, said=d["said"], why=d["why"], interests=d["interests"], by=request.user
            ),
        ):
            messages.success(request, "Your vote is kept.")
            return redirect("licensing:hearing", pk)
    return _hearing(request, found, form)


def _hearing(
    request: HttpRequest, found: Hearing, form: VoteForm | None = None, **forms: Any
) -> HttpResponse:
    runs = access.may_run(request.user)
    seat = found.seats.filter(member=request.user).first()
    seats = list(found.seats.select_related("member"))
    # Nobody is swayed: a member sees the others' votes only once all are in.
    all_in = all(s.voted_at or s.stood_down_at for s in seats)
    outcome = panels.outcome_of(found)
    context = {
        "hearing": found,
        "licence": found.licence,
        "standing": found.licence.standing(),
        "seats": seats,
        "show": all_in,
        "says": SAYS,
        "seat": seat,
        "form": form
        if form is not None and seat and not seat.voted_at and not seat.stood_down_at and not found.closed_at
        else None,
        "runs": runs,
        "outcome": outcome,
        "outcome_says": SAYS.get(outcome, ""),
        "conclude": forms.get("conclude")
        or (StepForm(outcome, None) if outcome and outcome != panels.KEEP else None),
        "member": forms.get("member")
        or MemberForm(_people(request.user).exclude(pk=found.licence.holder_id)),
        "why": forms.get("why") or WhyForm(auto_id="down_%s"),
        "told": told_of(found.licence),
        "days": (timezone.now() - found.at).days,
    }
    return render(request, "licensing/hearing.html", context, status=status_of(form, *forms.values()))


@require_POST
def stand_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Stand down because of an interest."""
    need(access.may_sit(request.user))
    seat = get_object_or_404(access.seats_of(request.user).select_related("hearing__licence"), hearing=pk)
    form = WhyForm(request.POST, auto_id="down_%s")
    if tried(form, lambda d: panels.stand_down(seat=seat, why=d["why"], by=request.user)):
        messages.success(request, "You have stood down.")
        return redirect("licensing:home")
    return _hearing(request, seat.hearing, VoteForm(panels.votes_for(seat.hearing)), why=form)


def _run_hearing(request: HttpRequest, pk: int) -> Hearing:
    need(access.may_run(request.user))
    return get_object_or_404(
        access.hearings_of(request.user).select_related("licence__scheme__force", "licence__holder"), pk=pk
    )


@require_POST
def join_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Have somebody else sit."""
    found = _run_hearing(request, pk)
    form = MemberForm(_people(request.user), request.POST)
    if tried(form, lambda d: panels.add_member(hearing=found, member=d["member"], by=request.user)):
        messages.success(request, "They are on the panel.")
        return redirect("licensing:hearing", pk)
    return _hearing(request, found, member=form)


@require_POST
def conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the panel decided."""
    found = _run_hearing(request, pk)
    outcome = panels.outcome_of(found)
    form = StepForm(outcome if outcome != panels.KEEP else Step.FORWARD, None, request.POST)
    if tried(form, lambda _: panels.conclude(hearing=found, taken=form.taken(), by=request.user)):
        messages.success(request, "The decision is recorded, and the holder is told.")
        return redirect("licensing:case", found.licence_id)
    return _hearing(request, found, conclude=form)
