"""Moments and distances as people in the UK write them."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from wholepicture.web.theme.languages import day_of, moment_of

register = template.Library()
_MILE = 1.609344


@register.filter
def moment(text: str) -> str:
    """A day or a moment in ISO 8601 as it is said: "30 November 2026", "30 November 2026 at 09:00"."""
    if len(text) == 10:
        return day_of(date.fromisoformat(text))
    return moment_of(datetime.fromisoformat(text))


@register.filter
def distance(kilometres: float) -> str:
    """How far it is, in miles."""
    miles = kilometres / _MILE
    if miles < 0.95:
        return "Less than a mile"
    return "About a mile" if miles < 1.5 else f"About {miles:.0f} miles"
