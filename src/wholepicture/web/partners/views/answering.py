"""The partner's pages: what was sent to them and no more, for workers who sign in and for guests who came by a link."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.days import months_after
from wholepicture.core.partners.lifecycle import MOVE, WITH_PARTNER, Step
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners import access
from wholepicture.web.partners.forms import AGREED, ControlForm, EnterForm, OutcomeForm, SayForm
from wholepicture.web.partners.models import Link, Referral
from wholepicture.web.partners.selectors import drafting, figures
from wholepicture.web.partners.selectors.wording import route_name, waits_for
from wholepicture.web.partners.services import answering, links, steps
from wholepicture.web.partners.services.steps import Who
from wholepicture.web.theme.pages import need, status_of, tried

GUEST = "partner_link"
# What a partner can say with words: step, heading and question.
SAYS: dict[str, tuple[str, str]] = {
    Step.ASK: ("Ask the officer something", "What do you ask?"),
    Step.ANSWER: ("Answer the officer", "What do you answer?"),
    Step.REDIRECT: ("Somebody else should have it", "Who should have it, and why?"),
    Step.DECLINE: ("Decline it", "Why do you decline it? The officer reads it."),
}
CLICKS = {
    Step.ACKNOWLEDGE: "Acknowledge it",
    Step.ACCEPT: "Accept it",
    Step.WORK: "We have begun",
    Step.CLOSE: "Close it",
}


@dataclass(frozen=True, slots=True)
class Side:
    """Who is answering and where their pages are."""

    referral: Referral
    who: Who
    guest: bool

    def to(self) -> HttpResponse:
        """Their page again."""
        return redirect("partners:guest") if self.guest else redirect("partners:request", self.referral.pk)


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What was sent to one's organisation, what is due first."""
    need(access.may_answer(request.user))
    found = access.inbox_of(request.user).select_related("by", "force")
    with_us = found.filter(state__in=[s.value for s in WITH_PARTNER]).order_by(
        F("due").asc(nulls_last=True), "sent_at"
    )
    ended = found.exclude(state__in=[s.value for s in WITH_PARTNER]).order_by("-since")
    context = {
        "organisation": request.user.works_for.organisation,
        "rows": [(r, waits_for(r), route_name(r.route)) for r in with_us],
        "ended": [(r, route_name(r.route)) for r in ended[:50]],
        "oldest": with_us.order_by("sent_at").first(),
    }
    return render(request, "partners/inbox.html", context)


@require_GET
def own_figures(request: HttpRequest) -> HttpResponse:
    """One's own organisation's figures."""
    need(access.may_answer(request.user))
    since = months_after(timezone.localdate(), -12)
    rows = figures.by_route(access.inbox_of(request.user), since=since)
    context = {
        "organisation": request.user.works_for.organisation,
        "rows": rows,
        "fewest": figures.FEWEST,
        "own": True,
    }
    return render(request, "partners/figures.html", context)


def _worker(request: HttpRequest, pk: uuid.UUID) -> Side:
    need(access.may_answer(request.user))
    found = get_object_or_404(
        access.inbox_of(request.user).select_related("organisation", "by", "force", "person"), pk=pk
    )
    return Side(found, answering.worker(request.user), False)


def _guest(request: HttpRequest) -> Side:
    link = (
        Link.objects.filter(pk=request.session.get(GUEST, 0))
        .select_related("referral__organisation", "referral__by", "referral__force", "referral__person")
        .first()
    )
    if link is None:
        raise Http404
    return Side(link.referral, answering.guest(link), True)


@require_GET
def request_(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One request, as it was sent."""
    side = _worker(request, pk)
    if side.referral.standing.value != "recalled":
        answering.opened(referral=side.referral, who=side.who)
        side.referral.refresh_from_db()
    record(by=request.user, what="referral.seen", about=f"referral:{side.referral.pk}")
    return _page(request, side)


@login_not_required
@require_GET
def guest(request: HttpRequest) -> HttpResponse:
    """The same, for somebody who came by a link."""
    side = _guest(request)
    record(by=None, what="referral.seen", about=f"referral:{side.referral.pk}", why=side.who.name)
    return _page(request, side)


def _page(request: HttpRequest, side: Side, bad: tuple[str, Any] | None = None) -> HttpResponse:
    found = side.referral
    recalled = found.standing.value == "recalled"
    here = found.standing in WITH_PARTNER
    needs = list(found.needs.all())
    context = {
        "referral": found,
        "guest": side.guest,
        "who": side.who,
        "recalled": recalled,
        "document": None if recalled else found.document,
        "sections": [] if recalled or not found.document else drafting.sections_of(found.document),
        "agreed": dict(AGREED),
        "waits": waits_for(found) if here else "",
        "route": steps.route_of(found),
        "clicks": [
            (s, text)
            for s, text in CLICKS.items()
            if found.standing in MOVE[s].before
            and not (s is Step.CLOSE and any(not n.outcome for n in needs))
        ],
        "says": [
            (s, heading, bad[1] if bad and bad[0] == s else SayForm(prefix=s, asks=question))
            for s, (heading, question) in SAYS.items()
            if found.standing in MOVE[Step(s)].before or (bad and bad[0] == s)
        ],
        "needs": [
            (
                n,
                bad[1]
                if bad and bad[0] == f"need-{n.pk}"
                else OutcomeForm(prefix=f"need-{n.pk}", initial={"said": n.outcome, "words": n.said}),
            )
            for n in needs
        ],
        "control": (
            bad[1]
            if bad and bad[0] == "control"
            else ControlForm(answering.controls_for(found), prefix="control")
        )
        if here
        else None,
        "events": [
            e
            for e in found.events.order_by("-number")
            if e.partner or e.step in (Step.SEND, Step.ASK, Step.ANSWER, Step.RECALL, Step.CLOSE)
        ],
        "concepts": default_recogniser().catalogue.concepts,
        "bad": bad[1] if bad else None,
    }
    return render(request, "partners/request.html", context, status=400 if bad else 200)


def _step(request: HttpRequest, side: Side, name: str) -> HttpResponse:
    if name in CLICKS:
        try:
            answering.take(referral=side.referral, step=Step(name), why="", who=side.who)
        except CannotDoError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "The officer is told.")
        return _on(side, name)
    if name not in SAYS:
        raise Http404
    form = SayForm(request.POST, prefix=name, asks=SAYS[name][1])
    if tried(
        form,
        lambda d: answering.take(referral=side.referral, step=Step(name), why=d["why"], who=side.who),
    ):
        messages.success(request, "The officer is told.")
        return _on(side, name)
    side.referral.refresh_from_db()
    return _page(request, side, (name, form))


def _on(side: Side, name: str) -> HttpResponse:
    """A guest's link ends with their answer: there is nothing to go back to."""
    if side.guest and name in (Step.DECLINE, Step.REDIRECT, Step.CLOSE):
        return redirect("partners:answered")
    return side.to()


def _need(request: HttpRequest, side: Side, number: int) -> HttpResponse:
    found = get_object_or_404(side.referral.needs, pk=number)
    prefix = f"need-{found.pk}"
    form = OutcomeForm(request.POST, prefix=prefix)
    if tried(
        form,
        lambda d: answering.outcome(
            referral=side.referral, need=found, said=d["said"], words=d["words"], who=side.who
        ),
    ):
        messages.success(request, "Kept. The officer is told.")
        return side.to()
    return _page(request, side, (prefix, form))


def _control(request: HttpRequest, side: Side) -> HttpResponse:
    form = ControlForm(answering.controls_for(side.referral), request.POST, prefix="control")
    if tried(
        form,
        lambda d: answering.put_in_place(
            referral=side.referral,
            control=d["control"],
            holder=d["holder"],
            ends_on=d["ends_on"],
            words=d["words"],
            who=side.who,
        ),
    ):
        messages.success(
            request, "Kept. It is watched from now on, and somebody is told before its last day."
        )
        return side.to()
    return _page(request, side, ("control", form))


@require_POST
def request_step(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """A step of a worker's."""
    return _step(request, _worker(request, pk), name)


@require_POST
def request_need(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """What came of a need, by a worker."""
    return _need(request, _worker(request, pk), number)


@require_POST
def request_control(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A control in place, by a worker."""
    return _control(request, _worker(request, pk))


@login_not_required
@require_POST
def guest_step(request: HttpRequest, name: str) -> HttpResponse:
    """A step of a guest's."""
    return _step(request, _guest(request), name)


@login_not_required
@require_POST
def guest_need(request: HttpRequest, number: int) -> HttpResponse:
    """What came of a need, by a guest."""
    return _need(request, _guest(request), number)


@login_not_required
@require_POST
def guest_control(request: HttpRequest) -> HttpResponse:
    """A control in place, by a guest."""
    return _control(request, _guest(request))


@login_not_required
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Go in by a link, with the code that came another way. Nothing about anybody is on this page."""
    link = links.link_of(token)
    if link is None:
        return render(
            request,
            "partners/no_link.html",
            {"why": "There is no such link. Check that it is whole."},
            status=404,
        )
    if link.accepted_at and request.session.get(GUEST) == link.pk and link.open_at(timezone.now()):
        return redirect("partners:guest")
    problem = links.cannot_use(link)
    if problem:
        record(by=None, what="referral.link-refused", about=f"referral:{link.referral_id}", why=problem)
        return render(request, "partners/no_link.html", {"why": links.said_of(link, problem)}, status=410)
    form = EnterForm(request.POST or None)
    if request.method == "POST" and tried(form, _entering(link)):
        request.session.cycle_key()
        request.session[GUEST] = link.pk
        return redirect("partners:guest")
    context = {"form": form, "organisation": link.referral.organisation, "force": link.referral.force}
    response = render(request, "partners/enter.html", context, status=status_of(form))
    response["Referrer-Policy"] = "same-origin"
    return response


def _entering(link: Link) -> Callable[[dict[str, Any]], object]:
    return lambda d: links.accept(link=link, code=d["code"], name=d["name"], post=d["post"], email=d["email"])


@login_not_required
@require_GET
def answered(request: HttpRequest) -> HttpResponse:
    """A guest's answer has been given."""
    return render(request, "partners/answered.html")


@login_not_required
@require_GET
def your_part(request: HttpRequest) -> HttpResponse:
    """The approach, and a partner's part in it, in plain words."""
    return render(request, "partners/your_part.html")
