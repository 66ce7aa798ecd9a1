"""The register, the deployment check, what the force can do, exemptions, schemes, and what anybody can check."""

from __future__ import annotations

import json
import uuid

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.credentials import CredentialError, verified
from wholepicture.core.learning import ContentError
from wholepicture.core.licensing import MOVES, diagram
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.licensing import access, selectors
from wholepicture.web.licensing.forms import CheckForm, ExemptForm, GiveForm, PublishForm, VerifyForm
from wholepicture.web.licensing.models import Credential, Exemption, Scheme
from wholepicture.web.licensing.services import applying, credentials, registering
from wholepicture.web.programmes.services import CannotDoError
from wholepicture.web.theme.pages import done, need, status_of, tried

MOST_BYTES = 100_000


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Search the register. A name is needed: there is no list to leaf through, but for who runs licences."""
    need(access.may_check(request.user) or access.may_run(request.user))
    words = request.GET.get("name", "").strip()[:80]
    slug = request.GET.get("scheme", "")
    runs = access.may_run(request.user)
    found = selectors.held_in(request.user.force, words=words, slug=slug) if words or runs else []
    context = {
        "words": words,
        "slug": slug,
        "found": found[:100],
        "runs": runs,
        "schemes": _schemes(request),
        "searched": bool(words or runs),
    }
    return render(request, "licensing/register.html", context)


@require_POST
def look_up(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Open one entry of the register, saying why."""
    need(access.may_check(request.user) or access.may_run(request.user))
    found = get_object_or_404(
        access.register_of(request.user).select_related("scheme__force", "holder"), pk=pk
    )
    try:
        registering.look_up(licence=found, why=request.POST.get("why", ""), by=request.user)
    except CannotDoError as error:
        messages.error(request, str(error))
        return redirect("licensing:register")
    return render(request, "licensing/entry.html", {"licence": found, "standing": found.standing()})


def _schemes(request: HttpRequest) -> list[tuple[str, str]]:
    latest = {
        s.slug: str(s)
        for s in Scheme.objects.filter(force_id=request.user.force_id).order_by("slug", "number")
    }
    return list(latest.items())


def _people(request: HttpRequest):  # type: ignore[no-untyped-def]
    return User.objects.filter(force_id=request.user.force_id, is_active=True).order_by(
        "last_name", "first_name"
    )


def check(request: HttpRequest) -> HttpResponse:
    """May this person lead this case today?"""
    need(access.may_check(request.user))
    form = CheckForm(_people(request), _schemes(request), request.POST or None)
    answers: list[selectors.Answer] = []
    if request.method == "POST":
        tried(
            form,
            lambda d: answers.append(
                registering.check(person=d["person"], slug=d["scheme"], why=d["why"], by=request.user)
            ),
        )
    context = {
        "form": form,
        "answer": answers[0] if answers else None,
        "person": form.cleaned_data.get("person") if answers else None,
        "scheme": dict(_schemes(request)).get(form.cleaned_data.get("scheme", "")) if answers else "",
        "today": timezone.localdate(),
    }
    return render(request, "licensing/check.html", context, status=status_of(form))


def loads(request: HttpRequest) -> HttpResponse:
    """Who leads what, and giving somebody a case."""
    need(access.may_check(request.user))
    form = GiveForm(
        _people(request),
        _schemes(request),
        request.POST or None,
        initial={"person": request.GET.get("person"), "scheme": request.GET.get("scheme")},
    )
    if request.method == "POST" and tried(
        form,
        lambda d: registering.give_case(
            person=d["person"], slug=d["scheme"], reference=d["reference"], by=request.user
        ),
    ):
        messages.success(request, "Recorded. It counts towards what they lead.")
        return redirect("licensing:loads")
    context = {"loads": selectors.loads_of(request.user.force), "form": form}
    return render(request, "licensing/loads.html", context, status=status_of(form))


@require_POST
def end_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody leads a case no more."""
    need(access.may_check(request.user))
    found = get_object_or_404(access.leads_of(request.user), pk=pk)
    return done(
        request,
        lambda: registering.end_case(case=found, by=request.user),
        f"{found.reference} is led by {found.person} no more.",
        "licensing:loads",
    )


def capability(request: HttpRequest) -> HttpResponse:
    """What the force can do, and who works by exemption."""
    need(access.may_see_capability(request.user))
    form = ExemptForm(_people(request).exclude(pk=request.user.pk), _schemes(request), request.POST or None)
    if request.method == "POST":
        need(access.may_run(request.user))
        if tried(
            form,
            lambda d: registering.exempt(
                person=d["person"],
                slug=d["scheme"],
                senior=d["senior"],
                why=d["why"],
                supervisor=d["supervisor"],
                until=d["until"],
                by=request.user,
            ),
        ):
            messages.success(request, "Kept. It ends by itself, and the chief officer sees it.")
            return redirect("licensing:capability")
    context = {
        "rows": selectors.capability_of(request.user.force),
        "exemptions": Exemption.objects.filter(
            person__force_id=request.user.force_id, until__gte=timezone.localdate()
        ).select_related("person"),
        "form": form if access.may_run(request.user) else None,
    }
    return render(request, "licensing/capability.html", context, status=status_of(form))


@require_GET
def scheme(request: HttpRequest, slug: str) -> HttpResponse:
    """One scheme: what it needs, what it lasts, and the machine of states it goes by."""
    need(access.may_apply(request.user) or access.may_run(request.user))
    versions = list(access.schemes_of(request.user).filter(slug=slug).order_by("-number"))
    if not versions:
        return render(request, "404.html", status=404)
    context = {
        "scheme": versions[0],
        "content": versions[0].content,
        "versions": versions,
        "moves": MOVES,
        "diagram": diagram(),
        "may_run": access.may_run(request.user),
    }
    return render(request, "licensing/scheme.html", context)


def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish a new version of a scheme, or a scheme of another area from its text alone."""
    need(access.may_run(request.user))
    latest = get_object_or_404(access.schemes_of(request.user).filter(slug=slug).order_by("-number")[:1])
    form = PublishForm(request.POST or None, initial={"text": latest.text})
    made: list[Scheme] = []
    if request.method == "POST":
        try:
            if tried(
                form,
                lambda d: made.append(
                    applying.publish_scheme(text=d["text"], note=d["note"], by=request.user)
                ),
            ):
                messages.success(
                    request, "Published. Applications and licences keep the version they were begun on."
                )
                return redirect("licensing:scheme", made[0].slug)
        except ContentError as error:
            for problem in error.problems[:20]:
                form.add_error("text", problem)
    return render(request, "licensing/publish.html", {"scheme": latest, "form": form}, status=status_of(form))


@require_POST
def new_key(request: HttpRequest) -> HttpResponse:
    """Sign with a new key from now on."""
    need(access.may_run(request.user))
    return done(
        request,
        lambda: credentials.new_key(force=request.user.force, by=request.user),
        "From now on a new key signs. What the old ones signed can still be checked.",
        "licensing:desk",
    )


@login_not_required
@require_GET
def did(request: HttpRequest, pk: int) -> JsonResponse:
    """The issuer's keys (did:web), for any verifier."""
    force = get_object_or_404(Force, pk=pk)
    return _open(credentials.did_json(force))


@login_not_required
@require_GET
def status(request: HttpRequest, pk: int) -> JsonResponse:
    """The signed list of revoked credentials, for any verifier."""
    return _open(credentials.signed_status_list(get_object_or_404(Force, pk=pk)))


def _open(body: dict[str, object]) -> JsonResponse:
    response = JsonResponse(body)
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_GET
def credential_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The credential as a file, for its holder alone."""
    found = get_object_or_404(Credential.objects.filter(licence__holder=request.user), pk=pk)
    response = HttpResponse(json.dumps(found.document, indent=1), content_type="application/vc+ld+json")
    response["Content-Disposition"] = f'attachment; filename="licence-{found.pk}.json"'
    return response


@require_GET
def credential_code(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The code that leads to the public page of a credential, for its holder."""
    found = get_object_or_404(Credential.objects.filter(licence__holder=request.user), pk=pk)
    code = segno.make(credentials.address_of("credential", found.pk), error="m")
    return HttpResponse(code.svg_inline(scale=5, border=2), content_type="image/svg+xml")


@login_not_required
@require_GET
def credential(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Whether a credential stands, for anybody who was shown its code: what for and until when, and not whose."""
    found = Credential.objects.filter(pk=pk).select_related("licence__scheme__force").first()
    context = _said(found) if found else {"stands": False, "why": "There is no such credential."}
    return render(request, "licensing/credential.html", context, status=200 if found else 404)


def _said(found: Credential) -> dict[str, object]:
    today = timezone.localdate()
    why = ""
    if found.revoked_at:
        why = "It has been revoked."
    elif today > found.ends:
        why = "It has expired."
    elif today < found.begins:
        why = "It is not in force yet."
    return {
        "stands": not why,
        "why": why,
        "title": str(found.licence.scheme),
        "force": found.licence.scheme.force,
        "ends": found.ends,
        "subject": found.licence_id,
    }


@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    """Check a credential that somebody was given as a file."""
    form = VerifyForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        context |= _verified(form.cleaned_data["file"].read(MOST_BYTES + 1))
    return render(request, "licensing/verify.html", context, status=status_of(form))


def _verified(raw: bytes) -> dict[str, object]:
    """What a file is: whether it is ours and unchanged, and whether it stands."""
    try:
        if len(raw) > MOST_BYTES:
            raise CredentialError("The file is too large to be a credential.")
        document = json.loads(raw)
        if not isinstance(document, dict):
            raise CredentialError("The file is no credential.")
        issuer = document.get("issuer")
        name = issuer.get("id") if isinstance(issuer, dict) else issuer
        force = next((f for f in Force.objects.all() if credentials.did_of(f) == name), None)
        if force is None:
            raise CredentialError("It was not given by this site.")
        verified(document, credentials.keys_of(force))
    except CredentialError as error:
        return {"checked": True, "stands": False, "why": str(error)}
    except (ValueError, RecursionError):
        return {"checked": True, "stands": False, "why": "The file is no credential."}
    pk = str(document.get("id", "")).rsplit("/", 1)[-1]
    try:
        found = Credential.objects.filter(pk=uuid.UUID(pk)).select_related("licence__scheme__force").first()
    except ValueError:
        found = None
    if found is None:
        return {"checked": True, "stands": False, "why": "There is no such credential."}
    return {"checked": True, **_said(found)}
