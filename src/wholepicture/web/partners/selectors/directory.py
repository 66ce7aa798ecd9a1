"""Looking services up: by need, place, age, whether they are open, and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from django.db.models import Avg, Q, QuerySet
from django.utils import timezone

from wholepicture.core.partners.directory import Service as Read
from wholepicture.web.partners.models import Service, ServicePlace

STALE = timedelta(days=365)
MOST = 60


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for. Anything left empty does not matter."""

    kinds: Sequence[str] = ()
    words: str = ""
    place: str = ""
    age: int | None = None
    open_now: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A service, with what the seeker needs to know of it. Kilometres."""

    service: Service
    read: Read
    open_now: bool | None
    kilometres: float | None
    fresh_on: date | None
    stale: bool

    @property
    def fresh(self) -> str:
        """How fresh what is known of it is, in words."""
        if self.fresh_on is None:
            return "Nobody has said when this was last right"
        days = (timezone.localdate() - self.fresh_on).days
        if days < 1:
            return "Confirmed today"
        if days < 60:
            return f"Right as of {days} day{'s' if days != 1 else ''} ago"
        if days < 730:
            return f"Right as of {days // 30} months ago"
        return f"Right as of {days // 365} years ago"


def search(
    among: QuerySet[Service], sought: Sought, *, now: datetime | None = None, inactive: bool = False
) -> list[Found]:
    """Services that fit, the nearest first where a place is given, then by name. Those closed for good are left out."""
    moment = timezone.localtime(now or timezone.now()).replace(tzinfo=None)
    found = among.select_related("organisation", "feed").prefetch_related("kinds", "places")
    if not inactive:
        found = found.filter(status="active")
    if sought.kinds:
        found = found.filter(kinds__kind__in=list(sought.kinds))
    for word in sought.words.casefold().split()[:8]:
        found = found.filter(search__contains=word)
    if sought.age is not None:
        found = found.filter(Q(minimum_age=None) | Q(minimum_age__lte=sought.age)).filter(
            Q(maximum_age=None) | Q(maximum_age__gte=sought.age)
        )
    centre = centre_of(among, sought.place) if sought.place.strip() else None
    if sought.place.strip() and centre is None:
        place = sought.place.strip().casefold()
        found = found.filter(Q(places__city__icontains=place) | Q(search__contains=place))
    seen = [_found(s, moment, centre) for s in found.distinct()[:600]]
    if sought.open_now:
        seen = [f for f in seen if f.open_now]
    seen.sort(
        key=lambda f: (
            centre is not None and f.kilometres is None,
            f.kilometres or 0.0,
            f.service.name.casefold(),
        )
    )
    return seen[:MOST]


def one(service: Service) -> Found:
    """A single service with what is known of it."""
    return _found(service, timezone.localtime().replace(tzinfo=None), None)


def _found(service: Service, moment: datetime, centre: tuple[float, float] | None) -> Found:
    read = service.read
    far = [
        _kilometres(centre, (p.latitude, p.longitude))
        for p in service.places.all()
        if centre and p.latitude is not None and p.longitude is not None
    ]
    confirmed = timezone.localtime(service.confirmed_at).date() if service.confirmed_at else None
    fresh = max((d for d in (confirmed, service.assured_on) if d), default=service.modified_on)
    stale = fresh is None or timezone.localdate() - fresh > STALE
    return Found(service, read, read.open_at(moment), min(far, default=None), fresh, stale)


def district_of(text: str) -> str:
    """The first half of a postcode: "NR1" of "NR1 3AA" or of "nr13aa"; "" of anything else."""
    plain = "".join(text.upper().split())
    head = plain[:-3] if len(plain) >= 5 and plain[-3:-2].isdigit() and plain[-2:].isalpha() else plain
    fits = 2 <= len(head) <= 4 and head[0].isalpha() and any(c.isdigit() for c in head)
    return head if fits else ""


def centre_of(among: QuerySet[Service], place: str) -> tuple[float, float] | None:
    """About where a place is: the middle of the directory's own places in that postcode district or town. Degrees.

    No map is asked: what the directory does not know is not known.
    """
    places = ServicePlace.objects.filter(service__in=among, latitude__isnull=False, longitude__isnull=False)
    district = district_of(place)
    near = places.filter(district=district) if district else places.filter(city__iexact=place.strip())
    middle = near.aggregate(Avg("latitude"), Avg("longitude"))
    if middle["latitude__avg"] is None:
        return None
    return middle["latitude__avg"], middle["longitude__avg"]


def _kilometres(one: tuple[float, float] | None, other: tuple[float, float]) -> float:
    """Along the great circle (haversine), the earth taken as a sphere of 6,371 km."""
    assert one
    (a, b), (c, d) = ((radians(x), radians(y)) for x, y in (one, other))
    h = sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2
    return 2 * 6371 * asin(sqrt(h))
