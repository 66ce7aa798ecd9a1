"""What of partners waits for somebody, for the first page: oldest first."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from wholepicture.core.partners.lifecycle import WITH_PARTNER, State
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.trays import Tray, Waiting
from wholepicture.web.encounters.beyond import Beyond
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.partners import access
from wholepicture.web.partners.models import Referral, Watched
from wholepicture.web.partners.selectors.watching import Entry, together
from wholepicture.web.partners.selectors.wording import about, pathway_name, route_name, waits_for
from wholepicture.web.partners.services.sending import TO_CHECK
from wholepicture.web.theme.templatetags.components import within

MOST = 20


def of(user: User) -> list[Tray]:
    """Own referrals that need something or have news; what slipped; what was escalated; the watch; a partner's inbox."""
    if access.may_answer(user):
        return [_inbox(user)]
    if not access.may_refer(user):
        return []
    trays = [_own(user)]
    slipped = _slipped(user)
    if slipped or access.may_watch(user):
        trays.append(
            Tray(
                "Slipped through",
                tuple(slipped),
                "Nobody at risk was left without an action or a partner.",
            )
        )
    if access.may_watch(user):
        trays += [_escalated(user), _to_check(user), _watch(user)]
    return trays


def asked_for(user: User, person: EncounterPerson) -> list[Beyond]:
    """What was asked of partners for somebody, here or in another account, as far as one may see it."""
    same = Q(person=person)
    if person.identity:
        root = person.identity.into_id or person.identity_id
        same |= Q(person__identity=root) | Q(person__identity__into=root)
    rows = access.referrals_of(user).filter(same).select_related("organisation", "person").order_by("-since")
    return [
        Beyond(
            str(r.organisation or route_name(r.route)),
            reverse("partners:referral", args=[r.pk]),
            waits_for(r) if r.attention or waits_for(r) == r.state else f"{r.state}; {waits_for(r)}",
        )
        for r in rows[:MOST]
    ]


def _own(user: User) -> Tray:
    own = Referral.objects.filter(by=user).select_related("person", "organisation")
    wanting = own.filter(
        Q(state__in=[State.DRAFT, State.CHECKED]) | ~Q(attention="") | Q(due__lt=timezone.now())
    )
    news = own.filter(news_at__isnull=False).filter(Q(seen_at=None) | Q(seen_at__lt=F("news_at")))
    found = {r.pk: r for r in [*wanting.order_by("since")[:MOST], *news.order_by("news_at")[:MOST]]}
    items = tuple(
        Waiting(
            about(r), waits_for(r), reverse("partners:referral", args=[r.pk]), r.attention_since or r.since
        )
        for r in sorted(found.values(), key=lambda r: r.attention_since or r.since)
    )
    return Tray(
        "Asked of partners",
        items,
        "Nothing you asked of a partner waits for you.",
        reverse("partners:referrals"),
    )


def _slipped(user: User) -> list[Waiting]:
    return [
        Waiting(
            s.person.label[:1].upper() + s.person.label[1:],
            f"{len(s.pathways)} open, and nobody acts yet" + (f"; for {s.to}" if s.to else ""),
            reverse("partners:slipped", args=[s.pk]),
            s.found_at,
        )
        for s in access.slipped_to(user).select_related("person", "to")[:MOST]
    ]


def _escalated(user: User) -> Tray:
    rows = (
        access.referrals_of(user)
        .filter(escalated_to=user)
        .filter(
            Q(state__in=[s.value for s in WITH_PARTNER]) | Q(state__in=[State.DECLINED, State.REDIRECTED])
        )
        .select_related("person", "organisation")
        .order_by("escalated_at")[:MOST]
    )
    items = tuple(
        Waiting(about(r), waits_for(r), reverse("partners:referral", args=[r.pk]), r.escalated_at or r.since)
        for r in rows
    )
    return Tray("Brought to you: partners who have not answered", items, "No partner keeps you waiting.")


def _to_check(user: User) -> Tray:
    rows = (
        access.referrals_of(user)
        .filter(state=State.DRAFT, attention=TO_CHECK)
        .exclude(by=user)
        .select_related("person", "organisation")
        .order_by("since")[:MOST]
    )
    items = tuple(
        Waiting(about(r), "to be checked before it goes", reverse("partners:check", args=[r.pk]), r.since)
        for r in rows
    )
    return Tray("Referrals to check", items, "No referral waits for a second officer.")


def _watch(user: User) -> Tray:
    soon = timezone.localdate() + timedelta(days=7)
    rows = access.watched_by(user).filter(
        Q(kind=Watched.Kind.ENDS, ends_on__lte=soon) | Q(kind=Watched.Kind.FAILED), picked_up_at=None
    )
    items = tuple(
        Waiting(
            f"{e.row.person.label[:1].upper()}{e.row.person.label[1:]}: {_ways(e)}",
            f"held shut until {e.ends_on:%-d %B}" if e.ends_on else "open: a control has failed",
            f"{reverse('partners:watch')}#w{e.row.pk}",
            e.since,
        )
        for e in together(rows.select_related("person")[: MOST * 3])[:MOST]
    )
    return Tray(
        "Control watch",
        items,
        "No control that alone keeps somebody safe ends within a week.",
        reverse("partners:watch"),
    )


def _ways(entry: Entry) -> str:
    first, more = within(pathway_name(entry.pathways[0])), len(entry.pathways) - 1
    return f"{first}, and {more} more" if more else first


def _inbox(user: User) -> Tray:
    rows = (
        access.inbox_of(user)
        .filter(state__in=[s.value for s in WITH_PARTNER])
        .order_by(F("due").asc(nulls_last=True), "sent_at")[:MOST]
    )
    items = tuple(
        Waiting(
            r.number,
            waits_for(r),
            reverse("partners:request", args=[r.pk]),
            r.sent_at or r.made_at,
        )
        for r in rows
    )
    return Tray("Requests to your organisation", items, "Nothing waits for you.", reverse("partners:inbox"))
