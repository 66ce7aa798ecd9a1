"""Fields that many forms have, each with its own words for what is missing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from wholepicture.web.theme.fields import DateField

TIMES = ("%H:%M", "%H.%M", "%H%M")


def words(
    label: str, missing: str = "", *, rows: int = 3, most: int = 4_000, help_text: str = ""
) -> forms.CharField:
    """Several lines of text. ``missing``: what is said when there is none; "" when it may be left out."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        required=bool(missing),
        widget=forms.Textarea(attrs={"rows": str(rows), "spellcheck": "true"}),
        error_messages={"required": missing},
    )


def line(label: str, missing: str = "", *, most: int = 160, help_text: str = "") -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        required=bool(missing),
        error_messages={"required": missing},
    )


def number(label: str, missing: str, *, least: int, most: int) -> forms.IntegerField:
    """A whole number between two others."""
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), missing),
    )


def one_of(label: str, choices: Any, missing: str, *, radio: bool = True) -> forms.ChoiceField:
    """One of a few."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect if radio else forms.Select,
        error_messages={"required": missing, "invalid_choice": missing},
    )


def day(label: str, missing: str = "", **more: Any) -> DateField:
    """A day in three boxes."""
    return DateField(label=label, required=bool(missing), error_messages={"required": missing}, **more)


def time(label: str) -> forms.TimeField:
    """A time of day as people in the UK write it."""
    said = "Enter a time, such as 9:30 or 14:00."
    return forms.TimeField(
        label=label,
        input_formats=TIMES,
        widget=forms.TextInput(),
        error_messages={"required": said, "invalid": said},
    )


def person(
    label: str, people: QuerySet[Any], missing: str = "", *, empty: str = "Nobody yet"
) -> forms.ModelChoiceField:
    """One of some people; ``missing`` as for words."""
    return forms.ModelChoiceField(
        label=label,
        queryset=people,
        required=bool(missing),
        empty_label=empty,
        error_messages={"required": missing, "invalid_choice": missing or "Choose one of the list."},
    )


def several(label: str, missing: str, *, help_text: str = "") -> forms.MultipleChoiceField:
    """Any number of some, at least one when ``missing`` is given."""
    return forms.MultipleChoiceField(
        label=label,
        help_text=help_text,
        required=bool(missing),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": missing, "invalid_choice": "Choose of the list."},
    )
