"""From the picture to a draft, part by part, to exactly what goes: what is asked, of whom, what is shared, on what basis."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.partners.lifecycle import ENDED, Urgency
from wholepicture.core.partners.routes import shipped_routes
from wholepicture.core.partners.sharing import digest_of
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners import access
from wholepicture.web.partners.forms import AGREED, BasisForm, QuestionsForm, SearchForm
from wholepicture.web.partners.models import Referral
from wholepicture.web.partners.selectors import directory, drafting
from wholepicture.web.partners.services import lacking, sending, steps
from wholepicture.web.partners.views.sending import referral_of
from wholepicture.web.theme.numbers import uuid_of
from wholepicture.web.theme.pages import done, need, status_of


def begin(request: HttpRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """Choose what is asked of which kind of partner, from the open pathways."""
    need(access.may_refer(request.user))
    person = get_object_or_404(
        access.people_in_sight(request.user).select_related("encounter__force", "identity__into"),
        encounter=pk,
        code=code,
    )
    offers = drafting.offers_for(person)
    problem = ""
    if request.method == "POST":
        offer = next((o for o in offers if o.route.id == request.POST.get("route")), None)
        chosen = request.POST.getlist("actions")
        asked = [a.id for a, _ in offer.actions if a.id in chosen] if offer else []
        pathways = [p for a, ps in offer.actions if a.id in asked for p in ps] if offer else []
        previous = _previous(request)
        try:
            made = sending.begin(
                person=person,
                route=offer.route.id if offer else "",
                actions=asked,
                pathways=list(dict.fromkeys(pathways)),
                once=uuid_of(request.POST.get("once", "")) or uuid.uuid4(),
                by=request.user,
                previous=previous,
            )
            return redirect("partners:service", made.pk)
        except CannotDoError as error:
            problem = str(error)
    context = {
        "person": person,
        "offers": offers,
        "problem": problem,
        "once": uuid.uuid4(),
        "previous": request.GET.get("after", ""),
        "concepts": default_recogniser().catalogue,
        "pathways": default_recogniser().catalogue.pathways,
        "running": access.referrals_of(request.user)
        .filter(person=person)
        .exclude(state__in=[s.value for s in ENDED])
        .select_related("organisation", "person"),
    }
    return render(request, "partners/begin.html", context, status=400 if problem else 200)


def _previous(request: HttpRequest) -> Referral | None:
    given = uuid_of(request.POST.get("previous", ""))
    return access.referrals_of(request.user).filter(pk=given).first() if given else None


def _filled(
    request: HttpRequest,
    found: Referral,
    form: forms.Form | None,
    part: Callable[[], dict[str, Any]],
    onward: str,
    **more: Any,
) -> HttpResponse | None:
    """Keep one part of a draft and go on; None to show the page again, with what was typed."""
    version = request.POST.get("version", "")
    try:
        sending.fill(
            referral=found,
            version=int(version) if version.isdecimal() and len(version) < 10 else -1,
            part=part(),
            by=request.user,
            **more,
        )
    except CannotDoError as error:
        if form is None:
            messages.error(request, str(error))
        else:
            form.add_error(None, str(error))
        return None
    return redirect(onward, found.pk)


def _draft(request: HttpRequest, pk: uuid.UUID) -> Referral:
    found = referral_of(request, pk)
    need(access.may_write(request.user, found))
    if found.sent_at or found.standing in ENDED:
        raise Http404
    return found


def service(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Whom is asked: services of the right kind, for their age, nearest first."""
    found = _draft(request, pk)
    route = steps.route_of(found)
    if "service" in request.POST:
        chosen = get_object_or_404(
            access.services_of(request.user), pk=uuid_of(request.POST.get("service", ""))
        )
        page = _filled(request, found, None, dict, "partners:questions", service=chosen)
        return page or redirect("partners:service", pk)
    known = {
        "place": _postcode(drafting.details_of(found.person).addresses),
        "age": drafting.age_of(found.person),
    }
    # Sent as a form, not in the address: an age and a postcode may be somebody's.
    form = SearchForm(request.POST or None, initial=known)
    given = form.cleaned_data if form.is_bound and form.is_valid() else known
    sought = directory.Sought(
        route.kinds,
        given.get("words", ""),
        given.get("place") or "",
        given.get("age"),
        bool(given.get("open_now")),
    )
    context = {
        "referral": found,
        "route": route,
        "found": directory.search(access.services_of(request.user), sought),
        "form": form,
    }
    return render(request, "partners/service.html", context, status=status_of(form))


def _postcode(addresses: tuple[str, ...]) -> str:
    last = addresses[0].replace(",", " ").split()[-2:] if addresses else []
    return " ".join(last) if directory.district_of(" ".join(last)) else ""


def questions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The partner's own questions first, filled in from the record."""
    found = _draft(request, pk)
    form = QuestionsForm(
        drafting.answers_for(found),
        request.POST or None,
        initial={
            "wishes": found.draft.get("wishes", ""),
            "opinion": found.draft.get("opinion", ""),
            "version": found.version,
        },
    )
    if request.method == "POST" and form.is_valid():
        page = _filled(request, found, form, form.part, "partners:share")
        if page:
            return page
        form.data = form.data.copy()
        form.data["version"] = str(Referral.objects.get(pk=pk).version)
    context = {"referral": found, "route": steps.route_of(found), "form": form}
    return render(request, "partners/questions.html", context, status=status_of(form))


def share(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is shared, item by item; what is suggested is left out only with a reason."""
    found = _draft(request, pk)
    choices = drafting.items_for(found)
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        ticked = set(request.POST.getlist("include"))
        why = {
            c.item.concept: request.POST.get(f"why-{c.item.concept}", "").strip()[:300]
            for c in choices
            if c.item.concept not in ticked
        }
        bare = [
            c for c in choices if c.suggested and c.item.concept not in ticked and not why[c.item.concept]
        ]
        problems = [(f"Say why this is left out: {c.item.words}", f"why-{c.item.concept}") for c in bare]
        part = {
            "include": [c.item.concept for c in choices if c.item.concept in ticked],
            "left_out": {k: v for k, v in why.items() if v},
            "about": [k for k, _ in drafting.ABOUT if k in request.POST.getlist("about")],
        }
        if not problems:
            page = _filled(request, found, None, lambda: part, "partners:basis")
            if page:
                return page
            # Somebody kept a later version meanwhile: what was ticked is shown over it, to be sent again.
            found = _draft(request, pk)
            problems = [
                ("Look it over and send it again: somebody else changed this referral.", "main-content")
            ]
        found.draft = {**found.draft, **part}
        choices = drafting.items_for(found)
    details = drafting.details_of(found.person)
    shown = found.draft.get("about", [k for k, _ in drafting.ABOUT])
    held = {
        "name": " ".join([*details.given[:1], *details.family[:1]]) or found.person.label,
        "born": details.born[0] if details.born else None,
        "address": details.addresses[0] if details.addresses else "",
        "phone": details.phones[0] if details.phones else "",
    }
    context = {
        "referral": found,
        "route": steps.route_of(found),
        "groups": [
            (heading, rows)
            for kind, heading in drafting.SECTIONS
            if (rows := [c for c in choices if c.item.kind is kind])
        ],
        "about": [(k, name, held[k], k in shown) for k, name in drafting.ABOUT if held[k]],
        "problems": problems,
    }
    return render(request, "partners/share.html", context, status=400 if problems else 200)


def basis(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Lawful basis with guidance, agreement, safe contact, how soon."""
    found = _draft(request, pk)
    route = steps.route_of(found)
    bases = shipped_routes(default_recogniser().catalogue).bases
    kept = {k: found.draft.get(k, "") for k in ("basis", "agreement", "override_why", "safe_contact", "ring")}
    form = BasisForm(
        route,
        bases,
        request.POST or None,
        initial={**kept, "urgency": found.urgency, "version": found.version},
    )
    if request.method == "POST" and form.is_valid():
        part = {k: v for k, v in form.cleaned_data.items() if k != "version"}
        page = _filled(request, found, form, lambda: part, "partners:check")
        if page:
            return page
        form.data = form.data.copy()
        form.data["version"] = str(Referral.objects.get(pk=pk).version)
    context = {
        "referral": found,
        "route": route,
        "form": form,
        "guidance": [bases[b] for b in route.bases],
        "now": found.urgency == Urgency.NOW,
    }
    return render(request, "partners/basis.html", context, status=status_of(form))


@require_GET
def check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Exactly what would go, before it goes."""
    found = referral_of(request, pk)
    may_write, may_check = access.may_write(request.user, found), access.may_check(request.user, found)
    need(may_write or may_check)
    if found.sent_at or found.standing in ENDED:
        return redirect("partners:referral", pk)
    document = drafting.assemble(found)
    digest = digest_of(document)
    second = sending.needs_second(found)
    context = {
        "referral": found,
        "route": steps.route_of(found),
        "document": document,
        "sections": drafting.sections_of(document),
        "digest": digest,
        "missing": lacking.missing(found),
        "others": drafting.others_named(found),
        "left_out": [c for c in drafting.items_for(found) if not c.included],
        "agreed": dict(AGREED),
        "second": second,
        "checked": found.draft.get("checked") == digest,
        "may_send": may_write,
        "may_check": may_check and second,
        "now": found.urgency == Urgency.NOW,
    }
    return render(request, "partners/check.html", context)


@require_POST
def send(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send exactly what was seen."""
    found = referral_of(request, pk)
    need(access.may_write(request.user, found))
    try:
        sending.send(referral=found, digest=request.POST.get("digest", ""), by=request.user)
    except CannotDoError as error:
        messages.error(request, str(error))
        return redirect("partners:check", pk)
    messages.success(request, "Sent. You are told what comes of it.")
    return redirect("partners:referral", pk)


@require_POST
def ask_check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Have a second officer look."""
    found = referral_of(request, pk)
    need(access.may_write(request.user, found))
    return done(
        request,
        lambda: sending.ask_check(referral=found, by=request.user),
        "It waits for a second officer, on the first page of those who may.",
        "partners:referral",
        pk,
    )


@require_POST
def checked(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A second officer has looked."""
    found = referral_of(request, pk)
    need(access.may_check(request.user, found))
    return done(
        request,
        lambda: sending.check(referral=found, digest=request.POST.get("digest", ""), by=request.user),
        "Checked. Whoever wrote it is told that it can go.",
        "partners:referral",
        pk,
    )
