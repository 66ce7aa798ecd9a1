"""What happened, as counts: how soon partners answer, what they decline and why, what was restored and for how long. Small numbers are not shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Q, QuerySet
from django.utils import timezone

from wholepicture.core.partners.lifecycle import State, Step
from wholepicture.core.partners.routes import shipped_routes
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.partners.models import Referral, ReferralEvent

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One partner or route. Times are medians, in hours. ``None``: too few to show, or none."""

    name: str
    sent: int
    acknowledged: float | None
    decided: float | None
    accepted: int
    declined: int
    open_late: int
    restored: int
    held_days: float | None
    reasons: tuple[str, ...]

    @property
    def small(self) -> bool:
        """Whether there are too few to say anything but that there were some."""
        return self.sent < FEWEST


def by_partner(referrals: QuerySet[Referral], *, since: date) -> list[Row]:
    """One row a partner, the most asked first."""
    return _rows(referrals, since, lambda r: str(r.organisation))


def by_route(referrals: QuerySet[Referral], *, since: date) -> list[Row]:
    """One row a way of asking."""
    routes = shipped_routes(default_recogniser().catalogue).routes
    return _rows(referrals, since, lambda r: routes[r.route].name if r.route in routes else r.route)


def _rows(referrals: QuerySet[Referral], since: date, named) -> list[Row]:  # type: ignore[no-untyped-def]
    groups: dict[str, list[Referral]] = defaultdict(list)
    begins = datetime.combine(since, datetime.min.time(), timezone.get_current_timezone())
    found = referrals.filter(sent_at__gte=begins).select_related("organisation").prefetch_related("events")
    for referral in found:
        groups[named(referral)].append(referral)
    return sorted((_row(name, items) for name, items in groups.items()), key=lambda r: (-r.sent, r.name))


def _row(name: str, items: list[Referral]) -> Row:
    events = [(r, e) for r in items for e in r.events.all() if not e.late]
    acknowledged = _hours(events, {Step.ACKNOWLEDGE, Step.ACCEPT, Step.DECLINE, Step.REDIRECT, Step.WORK})
    decided = _hours(events, {Step.ACCEPT, Step.DECLINE, Step.REDIRECT, Step.WORK})
    declined = {r.pk for r, e in events if e.step in (Step.DECLINE, Step.REDIRECT)}
    accepted = {r.pk for r, e in events if e.step in (Step.ACCEPT, Step.WORK)}
    controls = [e for _, e in events if e.step == Step.CONTROL]
    reasons = Counter(e.why for _, e in events if e.step in (Step.DECLINE, Step.REDIRECT))
    shown = len(items) >= FEWEST
    return Row(
        name,
        len(items),
        acknowledged if shown else None,
        decided if shown else None,
        len(accepted),
        len(declined),
        sum(r.overdue for r in items),
        len(controls),
        _held(controls) if len(controls) >= FEWEST else None,
        tuple(w for w, n in reasons.most_common(3) if n >= FEWEST),
    )


def _hours(events: Iterable[tuple[Referral, ReferralEvent]], steps: set[Step]) -> float | None:
    first: dict[object, timedelta] = {}
    for referral, event in events:
        if event.step in steps and referral.sent_at:
            first.setdefault(referral.pk, event.at - referral.sent_at)
    return round(median(t.total_seconds() for t in first.values()) / 3600, 1) if first else None


def _held(controls: list[ReferralEvent]) -> float | None:
    """For how many days controls have held: to their end, to when one was said to have failed, or to now."""
    days = []
    today = timezone.localdate()
    for event in controls:
        until = min(event.ends_on, today) if event.ends_on else today
        if event.observation:
            fallen = (
                event.observation.person.observations.filter(concept=event.control, recorded_at__gt=event.at)
                .filter(Q(state="failed") | Q(state="weakening") | Q(state="absent"))
                .order_by("observed_at")
                .first()
            )
            if fallen:
                until = min(until, fallen.observed_at.date())
        days.append(max(0, (until - event.at.date()).days))
    return round(float(median(days)), 1) if days else None


def declined_open(referrals: QuerySet[Referral]) -> int:
    """How many were declined and nobody has said what is done instead."""
    return referrals.filter(state__in=(State.DECLINED, State.REDIRECTED)).count()
