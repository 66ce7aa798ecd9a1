"""What of licences waits for somebody, for the first page."""

from __future__ import annotations

from django.urls import reverse

from wholepicture.core.licensing import State
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.trays import Tray, Waiting
from wholepicture.web.licensing import access
from wholepicture.web.licensing.models import Licence
from wholepicture.web.licensing.services.hearing import kind_for


def of(user: User) -> list[Tray]:
    """Own applications and notices; cases to run, assess or decide."""
    trays = []
    own = _own(user)
    if own:
        trays.append(Tray("Licences", tuple(own), "", reverse("licensing:home")))
    if access.may_run(user):
        trays.append(_desk(user))
    others = _assessing(user) + _panels(user)
    if others or access.may_assess(user):
        trays.append(
            Tray("Licences to decide", tuple(others), "No licence waits for you to assess or decide.")
        )
    return trays


def _own(user: User) -> list[Waiting]:
    found = []
    for licence in access.own_licences(user).select_related("scheme").prefetch_related("events"):
        s = licence.standing()
        address = reverse("licensing:licence", args=[licence.pk])
        since = licence.events.all()[len(licence.events.all()) - 1].at
        if s.state in (State.DRAFT, State.RETURNED):
            found.append(Waiting(f"{licence.scheme}: your application", s.state.value, address, since))
        elif s.proposed_on and not s.answered:
            found.append(
                Waiting(f"{licence.scheme}: notice of a proposal", "you may answer it", address, since)
            )
        elif s.state is State.GRACE:
            found.append(Waiting(f"{licence.scheme} has ended", "it is in grace", address, since))
    return found


def _desk(user: User) -> Tray:
    found = []
    cases = access.cases_of(user).select_related("scheme", "holder").prefetch_related("events")
    for licence in cases:
        s = licence.standing()
        last = list(licence.events.all())[-1]
        said = ""
        if s.state is State.SUBMITTED:
            said = "an application to look through"
        elif s.state is State.ASSESSED:
            said = "assessed: put it before a panel"
        elif kind_for(s) and s.state not in (State.CONDITIONS, State.SUSPENDED):
            said = "waits for a panel"
        elif s.appealed is not None:
            said = "an appeal waits for a panel"
        elif s.suspended_until and s.state is State.SUSPENDED:
            said = f"suspended to {s.suspended_until:%-d %B %Y}"
        if said:
            found.append(Waiting(str(licence), said, reverse("licensing:case", args=[licence.pk]), last.at))
    return Tray("Licensing", tuple(found), "No application waits.", reverse("licensing:desk"))


def _assessing(user: User) -> list[Waiting]:
    if not access.may_assess(user):
        return []
    found = []
    mine = Licence.objects.filter(assessor=user) | Licence.objects.filter(second_assessor=user)
    for licence in mine.select_related("scheme", "holder").prefetch_related("events"):
        second = licence.second_assessor_id == user.pk
        state = licence.standing().state
        wanted = len(licence.scheme.content.standards)
        done = licence.decisions.filter(second=second).values("standard").distinct().count()
        if state is State.ASSESSING or (second and state is State.ASSESSED and done < wanted):
            last = list(licence.events.all())[-1]
            found.append(
                Waiting(
                    f"To assess: {licence}",
                    f"{done} of {wanted} standards decided",
                    reverse("licensing:case", args=[licence.pk]),
                    last.at,
                )
            )
    return found


def _panels(user: User) -> list[Waiting]:
    return [
        Waiting(
            f"{seat.hearing.get_kind_display()}: {seat.hearing.licence}",
            "your vote",
            reverse("licensing:hearing", args=[seat.hearing_id]),
            seat.hearing.at,
        )
        for seat in access.seats_of(user)
        .filter(voted_at=None)
        .select_related("hearing__licence__scheme", "hearing__licence__holder")
    ]
