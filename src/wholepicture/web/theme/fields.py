"""Form fields as govuk-frontend draws them, from Django's own bound fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

KINDS = (
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
)


@dataclass(frozen=True, slots=True)
class Option:
    """One radio button, tick box or line of a list."""

    id: str
    value: str
    label: str
    chosen: bool
    hint: str = ""


class DateParts(forms.MultiWidget):
    """Day, month and year in three boxes."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({p: forms.TextInput() for p in ("day", "month", "year")}, attrs)

    def decompress(self, value: date | str | None) -> list[Any]:
        return [value.day, value.month, value.year] if isinstance(value, date) else [None, None, None]


class DateField(forms.MultiValueField):
    """A date as people in the UK write it, in three boxes. ``latest``: nothing after it is taken."""

    widget = DateParts

    def __init__(self, *, latest: Any = None, **more: Any) -> None:
        self.latest = latest
        parts = [forms.CharField(required=False, max_length=4) for _ in range(3)]
        super().__init__(parts, require_all_fields=False, **more)

    def compress(self, data_list: list[str]) -> date | None:
        if not any(data_list):
            return None
        try:
            day, month, year = (int(part) for part in data_list)
            found = date(year, month, day)
        except (TypeError, ValueError):
            raise ValidationError("Enter a real date, such as 31 3 1980.") from None
        if year < 1900:
            raise ValidationError("Enter the year in full, such as 1980.")
        latest = self.latest() if callable(self.latest) else self.latest
        if latest and found > latest:
            raise ValidationError(f"The date must be {latest:%-d %B %Y} or before.")
        return found


def kind_of(bound: forms.BoundField) -> str:
    """Which component draws a field."""
    widget = bound.field.widget
    if isinstance(widget, DateParts):
        return "date"
    return next((kind for cls, kind in KINDS if isinstance(widget, cls)), "input")


def options_of(bound: forms.BoundField, hints: dict[str, str]) -> Iterator[Option]:
    """The options of a field that has them, with the ids that govuk-frontend gives."""
    value = bound.value()
    chosen = {str(v) for v in (value if isinstance(value, (list, tuple, set)) else [value]) if v is not None}
    for number, (option, label) in enumerate(_flat(bound.field.choices), 1):  # type: ignore[attr-defined]
        ident = _plain_id(bound) if number == 1 else f"{_plain_id(bound)}-{number}"
        yield Option(ident, str(option), str(label), str(option) in chosen, hints.get(str(option), ""))


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield value, label


def _plain_id(bound: forms.BoundField) -> str:
    return str(bound.field.widget.attrs.get("id") or bound.auto_id or bound.html_name)


def groups_of(bound: forms.BoundField) -> list[tuple[str, list[Option]]]:
    """The options of a select, in their groups ("" for those in none)."""
    given = {o.value: o for o in options_of(bound, {})}
    groups: list[tuple[str, list[Option]]] = []
    for value, label in bound.field.choices:  # type: ignore[attr-defined]
        if isinstance(label, (list, tuple)):
            groups.append((str(value), [given[str(v)] for v, _ in label]))
        else:
            if not groups or groups[-1][0]:
                groups.append(("", []))
            groups[-1][1].append(given[str(value)])
    return groups


def parts_of(bound: forms.BoundField) -> list[tuple[str, str, Any]]:
    """Name, width in characters and value of the three boxes of a date."""
    value = bound.value()
    values = value if isinstance(value, list) else bound.field.widget.decompress(value)
    return [
        (p, "4" if p == "year" else "2", v) for p, v in zip(("day", "month", "year"), values, strict=True)
    ]


def error_target(bound: forms.BoundField) -> str:
    """The id that a link in the error summary leads to."""
    return f"{_plain_id(bound)}-day" if kind_of(bound) == "date" else _plain_id(bound)


def render_field(
    bound: forms.BoundField,
    *,
    size: str = "",
    classes: str = "",
    inline: bool = False,
    hints: dict[str, str] | None = None,
) -> SafeString:
    """One field: label or legend, hint, errors and control. ``size``: "s", "m", "l" or "xl" for its label."""
    kind, ident = kind_of(bound), _plain_id(bound)
    hint = str(bound.help_text or "")
    described = [f"{ident}-hint"] * bool(hint) + [f"{ident}-error"] * bool(bound.errors)
    attributes = {
        k: v
        for k, v in bound.field.widget.attrs.items()
        if k not in ("id", "class", "rows", "cols", "maxlength", "minlength", "placeholder")
    }
    secret = isinstance(bound.field.widget, forms.PasswordInput) and not bound.field.widget.render_value
    context = {
        "kind": kind,
        "id": ident,
        "name": bound.html_name,
        "label": bound.label,
        "hint": hint,
        "errors": list(bound.errors),
        "described": " ".join(described),
        "size": size,
        "classes": classes,
        "inline": inline,
        "attributes": attributes,
        "value": "" if kind in ("date", "file") or secret or bound.value() is None else bound.value(),
        "type": getattr(bound.field.widget, "input_type", "text"),
        "rows": bound.field.widget.attrs.get("rows", "5"),
        "options": list(options_of(bound, hints or {})) if kind in ("radios", "checkboxes") else [],
        "groups": groups_of(bound) if kind == "select" else [],
        "parts": parts_of(bound) if kind == "date" else [],
        "ticked": kind == "checkbox" and bool(bound.value()),
    }
    return SafeString(render_to_string("theme/field.html", context))
