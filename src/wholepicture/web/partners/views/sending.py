"""The sender's pages of what was asked: the lists, one referral with what happened, what is said of it, links."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.partners.lifecycle import ENDED, MOVE, WITH_PARTNER, WITH_SENDER, Step
from wholepicture.core.partners.sharing import digest_of
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners import access
from wholepicture.web.partners.forms import AGREED, SayForm
from wholepicture.web.partners.models import Referral
from wholepicture.web.partners.selectors import drafting
from wholepicture.web.partners.selectors.wording import about, waits_for
from wholepicture.web.partners.services import lacking, links, sending, steps
from wholepicture.web.theme.pages import done, need, tried

# What can be said on a referral's own page: step, heading, question and button.
SAYS: dict[str, tuple[str, str]] = {
    Step.ASK: ("Ask them something", "What do you ask?"),
    Step.ANSWER: ("Answer them", "What do you answer?"),
    Step.ESCALATE: ("Take it to somebody senior", "Why, and to whom?"),
    Step.RECALL: ("Recall it", "Why is it recalled?"),
    Step.TAKE_BACK: ("Do something else instead", "What is done instead, and why?"),
}


@require_GET
def referrals(request: HttpRequest) -> HttpResponse:
    """What was asked of partners, what waits first, oldest first."""
    need(access.may_refer(request.user))
    found = access.referrals_of(request.user).select_related("person", "organisation", "by")
    if request.GET.get("mine") != "no":
        found = found.filter(by=request.user)
    rows = {
        "Waits for you": found.filter(state__in=[s.value for s in WITH_SENDER]).order_by("since"),
        "With a partner": found.filter(state__in=[s.value for s in WITH_PARTNER]).order_by(
            F("due").asc(nulls_last=True), "since"
        ),
        "Ended": found.filter(state__in=[s.value for s in ENDED]).order_by("-since"),
    }
    context = {
        "groups": [
            (title, [(about(r), waits_for(r), r) for r in items[:100]], items.first())
            for title, items in rows.items()
        ],
        "mine": request.GET.get("mine") != "no",
    }
    return render(request, "partners/referrals.html", context)


def referral_of(request: HttpRequest, pk: uuid.UUID) -> Referral:
    """A referral that somebody of the force may read."""
    need(access.may_refer(request.user))
    return get_object_or_404(
        access.referrals_of(request.user).select_related(
            "person__encounter",
            "person__identity__into",
            "organisation",
            "service",
            "by",
            "force",
            "escalated_to",
        ),
        pk=pk,
    )


@require_GET
def referral(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One referral: what is left to do, or what happened."""
    found = referral_of(request, pk)
    steps.seen(found, request.user)
    record(by=request.user, what="referral.seen", about=f"referral:{found.pk}")
    return _page(request, found)


def _page(request: HttpRequest, found: Referral, said: tuple[str, forms.Form] | None = None) -> HttpResponse:
    may_write = access.may_write(request.user, found)
    open_steps = [
        (s, SAYS[s][0], said[1] if said and said[0] == s else SayForm(prefix=s, asks=SAYS[s][1]))
        for s in SAYS
        if (may_write and found.standing in _before(s)) or (said and said[0] == s)
    ]
    catalogue = default_recogniser().catalogue
    missing = lacking.missing(found) if found.sent_at is None else []
    by_part = {m.part for m in missing}
    context = {
        "referral": found,
        "route": steps.route_of(found),
        "waits": waits_for(found),
        "draft": found.sent_at is None and found.standing not in ENDED,
        "parts": [(p, name, p not in by_part) for p, name in PARTS],
        "missing": missing,
        "second": sending.needs_second(found),
        "may_write": may_write,
        "needs": found.needs.all(),
        "needs_left": found.needs.filter(outcome="").exists(),
        "events": found.events.exclude(step=Step.CHANGE).order_by("-number"),
        "concepts": catalogue.concepts,
        "says": open_steps,
        "with_partner": found.standing in WITH_PARTNER,
        "open_again": found.standing.value in ("declined", "redirected"),
        "pathways": [catalogue.pathways[p].name for p in found.pathways if p in catalogue.pathways],
        "link": found.links.first(),
        "accounts": found.organisation and found.organisation.workers.exists(),
        "unchanged": found.document is not None and digest_of(found.document) == found.digest,
        "sections": drafting.sections_of(found.document) if found.document else [],
        "document": found.document,
        "agreed": dict(AGREED),
        "may_close": may_write and found.standing.value in ("accepted", "working"),
    }
    return render(request, "partners/referral.html", context, status=400 if said else 200)


def _before(step: str) -> frozenset[Any]:
    return MOVE[Step(step)].before


PARTS = (
    ("service", "Whom you ask"),
    ("questions", "Their questions"),
    ("share", "What is shared"),
    ("basis", "Lawful basis and agreement"),
)


@require_POST
def say(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Ask, answer, escalate, recall or take back, with words."""
    found = referral_of(request, pk)
    need(access.may_write(request.user, found))
    if name not in SAYS:
        raise Http404
    form = SayForm(request.POST, prefix=name, asks=SAYS[name][1])

    def call(given: dict[str, Any]) -> object:
        if name == Step.RECALL:
            return sending.recall(referral=found, why=given["why"], by=request.user)
        if name == Step.TAKE_BACK:
            return sending.take_back(referral=found, why=given["why"], by=request.user)
        return sending.say(referral=found, step=Step(name), why=given["why"], by=request.user)

    if tried(form, call):
        messages.success(request, "Recorded.")
        return redirect("partners:referral", pk)
    return _page(request, found, (name, form))


@require_POST
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Close it once every need has an outcome."""
    found = referral_of(request, pk)
    need(access.may_write(request.user, found))
    return done(
        request, lambda: sending.close(referral=found, by=request.user), "Closed.", "partners:referral", pk
    )


@require_POST
def link(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A link and its code for an agency without accounts, shown this once."""
    found = referral_of(request, pk)
    need(access.may_write(request.user, found))
    try:
        made, token, code = links.make_link(referral=found, by=request.user)
    except CannotDoError as error:
        messages.error(request, str(error))
        return redirect("partners:referral", pk)
    address = request.build_absolute_uri(reverse("partners:enter", args=[token]))
    context = {"referral": found, "link": made, "address": address, "code": f"{code[:4]}-{code[4:]}"}
    response = render(request, "partners/link.html", context)
    response["Cache-Control"] = "no-store"
    return response
