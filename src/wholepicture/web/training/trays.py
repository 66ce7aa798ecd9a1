"""What of training waits for somebody, for the first page."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.trays import Tray, Waiting
from wholepicture.web.training import access, selectors
from wholepicture.web.training.models import Draft


def of(user: User) -> list[Tray]:
    """Exercises that are due, courses to take, scenarios with a panel, and keys to sign."""
    if not access.may_learn(user):
        return []
    trays = [_training(user)]
    if access.may_teach(user):
        trays.append(_signed(user))
    if access.seats_of(user).filter(signed_at=None).exists():
        trays.append(_panels(user))
    return trays


def _training(user: User) -> Tray:
    due = selectors.recalls_due(user)
    items = []
    if due:
        items.append(
            Waiting(
                f"{len(due)} short {'exercise' if len(due) == 1 else 'exercises'}",
                "about two minutes",
                reverse("training:practice"),
                due[0].due,
            )
        )
    today = timezone.localdate()
    for assigned in selectors.still_to_take(user):
        note = (
            f"overdue since {assigned.due_on:%-d %B}"
            if assigned.due_on < today
            else f"due {assigned.due_on:%-d %B %Y}"
        )
        address = reverse("training:course", args=[assigned.course.slug])
        items.append(Waiting(assigned.course.title, note, address, assigned.at))
    return Tray("Training", tuple(items), "No training waits for you.", reverse("training:home"))


def _panels(user: User) -> Tray:
    items = tuple(
        Waiting(
            seat.draft.title,
            "your key, before you see anybody else's",
            reverse("training:seat", args=[seat.pk]),
            seat.draft.changed_at,
        )
        for seat in access.seats_of(user).filter(signed_at=None).select_related("draft")
    )
    return Tray("Keys to sign", items, "")


def _signed(user: User) -> Tray:
    """For a trainer: scenarios with a panel, those that wait for them first."""
    drafts = (
        access.drafts_of(user)
        .filter(state=Draft.State.PANEL)
        .annotate(seated=Count("seats"), signed=Count("seats", filter=Q(seats__signed_at__isnull=False)))
        .order_by("changed_at")
    )
    items = tuple(
        Waiting(
            d.title,
            "all have signed: publish it"
            if d.seated == d.signed
            else f"{d.signed} of {d.seated} have signed",
            reverse("training:scenario", args=[d.pk]),
            d.changed_at,
        )
        for d in sorted(drafts, key=lambda d: d.seated != d.signed)
    )
    return Tray("Scenarios with a panel", items, "No scenario is with a panel.", reverse("training:manage"))
