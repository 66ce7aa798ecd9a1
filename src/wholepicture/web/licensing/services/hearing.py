"""Panels: who sits, how each votes and why, and what is decided."""

from __future__ import annotations

from collections import Counter

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.licensing import MOVE, Standing, State, Step
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.licensing.access import may_run, may_sit
from wholepicture.web.licensing.models import Hearing, Licence, LicenceEvent, Seat
from wholepicture.web.licensing.services.stepping import Taken, append, can, locked
from wholepicture.web.programmes.services import CannotDoError

VOTES: dict[str, tuple[Step, ...]] = {
    Hearing.Kind.APPLICATION: (Step.GRANT, Step.GRANT_CONDITIONS, Step.REFUSE),
    Hearing.Kind.ACTION: (Step.NO_ACTION, Step.SET_CONDITIONS, Step.SUSPEND, Step.REVOKE),
    Hearing.Kind.REVIEW: (Step.LIFT_CONDITIONS, Step.REINSTATE),
    Hearing.Kind.APPEAL: (Step.UPHOLD, Step.VARY, Step.OVERTURN),
}
KEEP = "keep"  # at a review: what there is stays


def kind_for(standing: Standing) -> str:
    """What kind of panel is due, from where a licence stands; "" for none."""
    if standing.appealed is not None:
        return Hearing.Kind.APPEAL
    if standing.state is State.PANEL:
        return Hearing.Kind.APPLICATION
    if standing.proposed_on:
        return Hearing.Kind.ACTION
    if standing.state in (State.CONDITIONS, State.SUSPENDED):
        return Hearing.Kind.REVIEW
    return ""


def votes_for(hearing: Hearing) -> list[str]:
    """What a member of a panel may vote for, from where the licence stands."""
    state = hearing.licence.standing().state
    found = [s.value for s in VOTES[hearing.kind] if state in MOVE[s].before]
    return [*found, KEEP] if hearing.kind == Hearing.Kind.REVIEW else found


@transaction.atomic
def open_hearing(*, licence: Licence, members: list[User], by: User) -> Hearing:
    """Call a panel.

    Raises:
        CannotDoError: none is due, too few sit, or a member had a part in it before.
    """
    licence = locked(licence)
    if not may_run(by) or by.force_id != licence.scheme.force_id or by.pk == licence.holder_id:
        raise PermissionDenied
    kind = kind_for(licence.standing())
    if not kind:
        raise CannotDoError("Nothing waits for a panel.")
    if licence.hearings.filter(closed_at=None).exists():
        raise CannotDoError("A panel sits on it already.")
    wanted = licence.scheme.content.panel
    if len({m.pk for m in members}) < wanted:
        raise CannotDoError(f"Choose at least {wanted} members.")
    if any(m.force_id != by.force_id or not may_sit(m) for m in members):
        raise PermissionDenied
    probe = VOTES[kind][0]
    for member in members:
        problem = can(licence, probe, [member], Taken(why="x"), timezone.localdate())
        if "had a part" in problem or "on themselves" in problem:
            raise CannotDoError(f"{member} had a part in it before. Choose somebody else.")
    made = Hearing.objects.create(licence=licence, kind=kind, by=by)
    Seat.objects.bulk_create(Seat(hearing=made, member=m) for m in members)
    tell_people(
        members,
        about=f"hearing:{made.pk}",
        subject="You are asked to sit on a panel",
        text=f"{made.get_kind_display()} waits for you. Open Today in Wholepicture to read it.",
    )
    record(by=by, what="licence.panel-called", about=f"licence:{licence.pk}", why=kind)
    return made


@transaction.atomic
def vote(*, seat: Seat, said: str, why: str, interests: str, by: User) -> Seat:
    """Vote, with one's reasons and any interest declared. Once.

    Raises:
        CannotDoError: one has voted, the panel is closed, it cannot be voted for, or no reason is given.
    """
    seat = (
        Seat.objects.select_for_update(of=("self",))
        .select_related("hearing__licence__scheme")
        .get(pk=seat.pk)
    )
    if seat.member_id != by.pk or not may_sit(by):
        raise PermissionDenied
    if seat.hearing.closed_at:
        raise CannotDoError("The panel has decided.")
    if seat.voted_at or seat.stood_down_at:
        raise CannotDoError("You have voted, or stood down. It cannot be changed.")
    if said not in votes_for(seat.hearing):
        raise CannotDoError("Choose what you vote for.")
    if not why.strip():
        raise CannotDoError("Say why. It is part of the decision.")
    seat.vote, seat.why, seat.interests, seat.voted_at = said, why.strip(), interests.strip(), timezone.now()
    seat.save(update_fields=["vote", "why", "interests", "voted_at"])
    record(by=by, what="licence.voted", about=f"licence:{seat.hearing.licence_id}")
    return seat


@transaction.atomic
def stand_down(*, seat: Seat, why: str, by: User) -> Seat:
    """Stand down because of an interest.

    Raises:
        CannotDoError: one has voted, or nothing is said.
    """
    seat = Seat.objects.select_for_update(of=("self",)).select_related("hearing").get(pk=seat.pk)
    if seat.member_id != by.pk:
        raise PermissionDenied
    if seat.voted_at or seat.stood_down_at or seat.hearing.closed_at:
        raise CannotDoError("You have voted or stood down, or the panel has decided.")
    if not why.strip():
        raise CannotDoError("Say what the interest is.")
    seat.interests, seat.stood_down_at = why.strip()[:400], timezone.now()
    seat.save(update_fields=["interests", "stood_down_at"])
    record(by=by, what="licence.stood-down", about=f"licence:{seat.hearing.licence_id}", why=why)
    return seat


@transaction.atomic
def add_member(*, hearing: Hearing, member: User, by: User) -> Seat:
    """Have somebody else sit, in place of one who stood down.

    Raises:
        CannotDoError: they sit already, or had a part in it.
    """
    licence = locked(hearing.licence)
    if (
        not may_run(by)
        or by.force_id != licence.scheme.force_id
        or not may_sit(member)
        or member.force_id != by.force_id
    ):
        raise PermissionDenied
    if hearing.closed_at or hearing.seats.filter(member=member).exists():
        raise CannotDoError("The panel has decided, or they sit on it already.")
    problem = can(licence, VOTES[hearing.kind][0], [member], Taken(why="x"), timezone.localdate())
    if "had a part" in problem or "on themselves" in problem:
        raise CannotDoError(f"{member} had a part in it before. Choose somebody else.")
    made = Seat.objects.create(hearing=hearing, member=member)
    record(by=by, what="licence.panel-joined", about=f"licence:{licence.pk}", why=str(member))
    return made


def outcome_of(hearing: Hearing) -> str:
    """What most voted for; "" while a vote is missing or no one choice has more than half."""
    seats = [s for s in hearing.seats.all() if s.stood_down_at is None]
    if len(seats) < hearing.licence.scheme.content.panel or any(s.voted_at is None for s in seats):
        return ""
    said, count = Counter(s.vote for s in seats).most_common(1)[0]
    return said if count * 2 > len(seats) else ""


@transaction.atomic
def conclude(*, hearing: Hearing, taken: Taken, by: User) -> LicenceEvent | None:
    """Record what the panel decided, as its members' step. At a review that keeps what there is, nothing is recorded of the licence.

    Raises:
        CannotDoError: votes are missing, no choice has more than half, or what the step asks is missing.
    """
    licence = locked(hearing.licence)
    hearing = Hearing.objects.select_for_update().get(pk=hearing.pk)
    if not may_run(by) or by.force_id != licence.scheme.force_id or by.pk == licence.holder_id:
        raise PermissionDenied
    if hearing.closed_at:
        raise CannotDoError("It has been concluded already.")
    hearing.licence = licence
    said = outcome_of(hearing)
    if not said:
        raise CannotDoError(
            "Not everybody has voted, or no choice has more than half. Have another member sit, or wait."
        )
    made = None
    if said != KEEP:
        members = [s.member for s in hearing.seats.select_related("member") if s.stood_down_at is None]
        made = append(licence, Step(said), members, taken)
    hearing.closed_at = timezone.now()
    hearing.save(update_fields=["closed_at"])
    record(by=by, what="licence.concluded", about=f"licence:{licence.pk}", why=said)
    return made
