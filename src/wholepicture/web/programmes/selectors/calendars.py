"""Somebody's sessions and dates as a calendar that any calendar program reads (RFC 5545)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q
from icalendar import Calendar, Event

from wholepicture.web.accounts.models import User
from wholepicture.web.programmes.models import Place, Session


def calendar_of(user: User) -> bytes:
    """The sessions somebody takes or teaches, and when their portfolios are due. No other person is named in it."""
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
        found.add_component(_day(f"portfolio-{place.pk}", f"Portfolio due: {place.cohort}", place.due, place))
    return bytes(found.to_ical())


def _day(uid: str, summary: str, day: date, place: Place) -> Event:
    event = Event()
    event.add("uid", f"{uid}@wholepicture")
    event.add("dtstamp", place.asked_at)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    return event
