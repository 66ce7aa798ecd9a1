"""The directory as Open Referral UK 3.0 serves it, so that a council or anybody else can read it. Withheld services are not in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from wholepicture.core.partners.directory import TAXONOMY, as_uuid, page_of
from wholepicture.web.accounts.models import Force
from wholepicture.web.partners.models import Service
from wholepicture.web.partners.selectors.directory import Sought, search
from wholepicture.web.partners.selectors.wording import kind_choices

MOST = 100
_DROPPED = {
    "schedules",
    "service_areas",
    "languages",
    "funding",
    "cost_options",
    "contacts",
    "service_at_locations",
}


def _json(body: Any, status: int = 200) -> JsonResponse:
    response = JsonResponse(body, status=status, safe=False)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _services(force: int) -> QuerySet[Service]:
    get_object_or_404(Force, pk=force)
    return (
        Service.objects.filter(force_id=force, withheld=False)
        .select_related("organisation")
        .prefetch_related("kinds")
        .order_by("pk")
    )


def _number(request: HttpRequest, name: str, default: int, most: int) -> int:
    text = request.GET.get(name, "")
    return min(most, max(1, int(text))) if text.isdecimal() and len(text) < 8 else default


def _ident(service: Service) -> str:
    """The feed's own id where it is a UUID, as the standard wants; ours where it is none."""
    return service.external_id if as_uuid(service.external_id) else str(service.pk)


def _term(kind: str, name: str) -> dict[str, Any]:
    return {
        "id": str(uuid5(NAMESPACE_URL, f"wholepicture:kind:{kind}")),
        "name": name,
        "description": f"{name}, as a kind of partner whom the police may ask to act.",
        "taxonomy": TAXONOMY,
    }


@cache
def _terms() -> dict[str, dict[str, Any]]:
    """By kind. Asked for when first wanted: the catalogue takes seconds to make ready."""
    return {kind: _term(kind, name) for kind, name in kind_choices()}


_TAXONOMY = {
    "id": str(uuid5(NAMESPACE_URL, "wholepicture:kinds")),
    "name": TAXONOMY,
    "description": "Kinds of partner whom the police may ask to act for somebody.",
}


def _whole(service: Service) -> dict[str, Any]:
    """A service in full, as its feed gave it, with the kinds of partner that it is."""
    body = {k: v for k, v in service.body.items() if v is not None}
    organisation = body.get("organization")
    if not isinstance(organisation, dict) or not organisation.get("description"):
        own = service.organisation
        body["organization"] = {
            "id": own.external_id
            if as_uuid(own.external_id)
            else str(uuid5(NAMESPACE_URL, f"wholepicture:o{own.pk}")),
            "name": own.name,
            "description": own.says or own.name,
            **(organisation if isinstance(organisation, dict) else {}),
        }
    given = body.get("attributes")
    held = [a for a in given if isinstance(a, dict)] if isinstance(given, list) else []
    own_terms = [
        {
            "id": str(uuid5(NAMESPACE_URL, f"wholepicture:{service.pk}:{k.kind}")),
            "link_type": "service",
            "taxonomy_term": _terms()[k.kind],
        }
        for k in service.kinds.all()
        if k.kind in _terms()
    ]
    return {
        **body,
        "id": _ident(service),
        "name": service.name,
        "status": service.status,
        "attributes": [*held, *own_terms],
    }


def _short(service: Service) -> dict[str, Any]:
    return {k: v for k, v in _whole(service).items() if k not in _DROPPED | {"attributes"}}


@login_not_required
@require_GET
def about(request: HttpRequest, force: int) -> JsonResponse:
    """What this is."""
    get_object_or_404(Force, pk=force)
    return _json(
        {
            "version": "HSDS-UK-3.0",
            "profile": "https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md",
            "openapi_url": "https://docs.openreferraluk.org/en/latest/openapi30.json",
        }
    )


@login_not_required
@require_GET
def services(request: HttpRequest, force: int) -> JsonResponse:
    """Services, a page at a time; by words, kind, age and when they were last changed."""
    found = _services(force)
    words = request.GET.get("search", "").casefold().replace("\0", "")
    for word in words.split()[:8]:
        found = found.filter(search__contains=word)
    term = request.GET.get("taxonomy_term_id", "")
    if term:
        kinds = [k for k, t in _terms().items() if t["id"] == term]
        found = found.filter(kinds__kind__in=kinds)
    least, most = request.GET.get("minimum_age", ""), request.GET.get("maximum_age", "")
    if least.isdecimal() and len(least) < 4:
        found = found.filter(Q(maximum_age=None) | Q(maximum_age__gte=int(least)))
    if most.isdecimal() and len(most) < 4:
        found = found.filter(Q(minimum_age=None) | Q(minimum_age__lte=int(most)))
    found = found.distinct()
    return _paged(request, found, found.count(), _short)


def _paged(
    request: HttpRequest, found: Any, total: int, shape: Callable[[Any], dict[str, Any]]
) -> JsonResponse:
    page, size = _number(request, "page", 1, 10**6), _number(request, "per_page", 50, MOST)
    rows = [shape(row) for row in found[(page - 1) * size : page * size]]
    return _json(page_of(rows, page=page, size=size, total=total))


def _one(force: int, ident: str) -> Service:
    found = _services(force)
    by_own = found.filter(pk=ident).first() if as_uuid(ident) else None
    return by_own or get_object_or_404(found.filter(external_id=ident)[:1])


@login_not_required
@require_GET
def service(request: HttpRequest, force: int, ident: str) -> JsonResponse:
    """One service in full."""
    return _json(_whole(_one(force, ident)))


def _at(service: Service) -> list[dict[str, Any]]:
    given = service.body.get("service_at_locations")
    rows = (
        [a for a in given if isinstance(a, dict) and as_uuid(str(a.get("id", "")))]
        if isinstance(given, list)
        else []
    )
    return [{**a, "service": _short(service)} for a in rows]


@login_not_required
@require_GET
def locations(request: HttpRequest, force: int) -> JsonResponse:
    """Services at places; ``postcode`` looks near it, as far as the directory knows where that is."""
    found = _services(force).filter(places__isnull=False).distinct()
    place = request.GET.get("postcode", "")[:12]
    chosen = (
        [f.service for f in search(found, Sought(place=place), inactive=True)]
        if place
        else list(found[:2_000])
    )
    rows = [row for s in chosen for row in _at(s)]
    return _paged(request, rows, len(rows), dict)


@login_not_required
@require_GET
def location(request: HttpRequest, force: int, ident: UUID) -> JsonResponse:
    """One service at one place."""
    for found in _services(force).filter(places__isnull=False).distinct():
        for row in _at(found):
            if row["id"] == str(ident):
                return _json(row)
    raise Http404


@login_not_required
@require_GET
def taxonomies(request: HttpRequest, force: int) -> JsonResponse:
    """The one taxonomy of our own."""
    get_object_or_404(Force, pk=force)
    return _json(page_of([_TAXONOMY], page=1, size=50, total=1))


@login_not_required
@require_GET
def taxonomy(request: HttpRequest, force: int, ident: str) -> JsonResponse:
    """It."""
    if ident != _TAXONOMY["id"]:
        raise Http404
    return _json(_TAXONOMY)


@login_not_required
@require_GET
def terms(request: HttpRequest, force: int) -> JsonResponse:
    """Its terms."""
    get_object_or_404(Force, pk=force)
    return _paged(request, list(_terms().values()), len(_terms()), dict)


@login_not_required
@require_GET
def term(request: HttpRequest, force: int, ident: str) -> JsonResponse:
    """One term."""
    found = next((t for t in _terms().values() if t["id"] == ident), None)
    if found is None:
        raise Http404
    return _json(found)
