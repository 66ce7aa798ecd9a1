"""What practice misses, what is proposed for it, and whether it helped."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.practice import load_default
from wholepicture.web.accounts.models import Team
from wholepicture.web.insight import access, charts, services
from wholepicture.web.insight.forms import DeclineForm, GiveForm
from wholepicture.web.insight.models import Proposal
from wholepicture.web.insight.selectors.needs import courses_with, needs_of, whether_it_helped
from wholepicture.web.insight.views.figures import asked_of
from wholepicture.web.theme.pages import done, faults_of, need, status_of, tried
from wholepicture.web.training.models import Course

SHOWN = 25


@require_GET
def needs(request: HttpRequest) -> HttpResponse:
    """What dip samples say was missed, by concept, team and time here; and what was done about it."""
    need(access.may_see_needs(request.user))
    asked = asked_of(request)
    found = needs_of(asked.force, asked.scope)
    context = {
        "asked": asked,
        "needs": found,
        "rows": [(n, courses_with(asked.force, n.concept)) for n in found.concepts if n.share][:SHOWN],
        "few": [n for n in found.concepts if not n.share],
        "teams": Team.objects.filter(force_id=request.user.force_id).order_by("name"),
        "proposals": access.proposals_of(request.user).select_related("team", "course", "by")[:30],
        "names": {c.id: c.name for c in load_default().concepts.values()},
        "open": set(
            access.proposals_of(request.user)
            .filter(state=Proposal.State.OPEN, team=asked.team)
            .values_list("concept", flat=True)
        ),
    }
    return render(request, "insight/needs.html", context)


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Propose training for one concept: one click."""
    need(access.may_see_needs(request.user))
    return done(
        request,
        lambda: services.propose(
            concept=request.POST.get("concept", ""), asked=asked_of(request), by=request.user
        ),
        "It is proposed. Trainers see it on their first page.",
        "insight:needs",
    )


def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: what it rests on, giving it, and afterwards whether it helped."""
    need(access.may_see_needs(request.user) or access.may_give(request.user))
    found = get_object_or_404(access.proposals_of(request.user).select_related("team", "course", "by"), pk=pk)
    courses = courses_with(found.force, found.concept)
    form = GiveForm(
        Course.objects.filter(pk__in=[c.pk for c, _ in courses]),
        request.POST or None,
        initial={"course": courses[0][0].pk if courses else None},
    )
    may_give = access.may_give(request.user) and found.state == Proposal.State.OPEN
    if request.method == "POST":
        need(access.may_give(request.user))
        if tried(
            form,
            lambda d: services.give(
                proposal=found,
                course=d["course"],
                due_on=d["due_on"],
                exercises=d["exercises"],
                by=request.user,
            ),
        ):
            messages.success(request, "It is given, and those whom it reaches are told.")
            return redirect("insight:proposal", pk)
    helped = whether_it_helped(found)
    concept = load_default().concepts.get(found.concept)
    context = {
        "proposal": found,
        "concept": concept,
        "name": concept.name if concept else found.concept,
        "courses": courses,
        "form": form if may_give else None,
        "decline": DeclineForm(),
        "helped": helped,
        "chart": charts.series(helped, "Missed, month by month, before and after")
        if helped and any(m.share for m in helped.months)
        else "",
        "today": timezone.localdate(),
        "sees_needs": access.may_see_needs(request.user),
    }
    return render(request, "insight/proposal.html", context, status=status_of(form if may_give else None))


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why training is not given."""
    need(access.may_give(request.user))
    found = get_object_or_404(access.proposals_of(request.user), pk=pk)
    form = DeclineForm(request.POST)
    if tried(form, lambda d: services.decline(proposal=found, why=d["why"], by=request.user)):
        messages.success(request, "It is declined, and your reason is kept.")
    else:
        messages.error(request, faults_of(form))
    return redirect("insight:proposal", pk)
