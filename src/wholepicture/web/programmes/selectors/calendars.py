"""Somebody's sessions and dates as a calendar that any calendar program reads (RFC 5545)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from icalendar import Calendar, Event

from wholepicture.web.accounts.models import User
from wholepicture.web.programmes.models import Place, Session


@dataclass(frozen=True, slots=True)
class Day:
    """A day that an app above has for somebody: an id of its own, what it is, and when."""

    uid: str
    summary: str
    on: date


_SOURCES: list[Callable[[User], list[Day]]] = []


def register(source: Callable[[User], list[Day]]) -> None:
    """Have calendars ask an app above for its days too."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def calendar_of(user: User) -> bytes:
    """The sessions somebody takes or teaches, when their portfolios are due, and the days of other apps. No other person is named in it."""
    found = Calendar()
    found.add("prodid", "-//Wholepicture//Programmes//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", "Wholepicture")
    mine = Q(cohort__taken__learner=user, cohort__taken__state=Place.State.JOINED)
    for session in Session.objects.filter(mine | Q(trainers=user)).select_related("cohort").distinct():
        event = Event()
        event.add("uid", f"session-{session.pk}@wholepicture")
        event.add("dtstamp", session.cohort.at)
        event.add("dtstart", session.starts_at)
        event.add("dtend", session.ends_at)
        event.add("summary", session.title)
        event.add("location", session.venue or session.link or session.cohort.venue)
        if session.cancelled_why:
            event.add("status", "CANCELLED")
        found.add_component(event)
    for place in Place.objects.filter(learner=user, state=Place.State.JOINED).select_related("cohort"):
        due = Day(f"portfolio-{place.pk}", f"Portfolio due: {place.cohort}", place.due)
        found.add_component(_day(due, place.asked_at))
    for source in _SOURCES:
        for day in source(user):
            found.add_component(_day(day, user.date_joined))
    return bytes(found.to_ical())


def _day(day: Day, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{day.uid}@wholepicture")
    event.add("dtstamp", stamp)
    event.add("summary", day.summary)
    event.add("dtstart", day.on)
    event.add("dtend", day.on + timedelta(days=1))
    return event
