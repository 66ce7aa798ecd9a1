"""Form fields drawn from Django's forms, against the fixtures that govuk-frontend ships."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms

from tests.web.theme.test_components import fixture, shape
from wholepicture.web.theme.fields import DateField, DateParts, render_field
from wholepicture.web.theme.templatetags import components

SIMPLE = {
    "input": forms.TextInput,
    "textarea": forms.Textarea,
    "select": forms.Select,
    "file-upload": forms.FileInput,
    "radios": forms.RadioSelect,
    "checkboxes": forms.CheckboxSelectMultiple,
}


def bound(component: str, options: dict) -> tuple[forms.BoundField, dict[str, str]]:
    """A Django field that says what a fixture's options say."""
    given = options.get("items", [])
    label = options.get("label") or options["fieldset"]["legend"]
    widget = SIMPLE[component](attrs={"rows": 5} if component == "textarea" else {})
    settings = {
        "label": label["text"],
        "help_text": options.get("hint", {}).get("text", ""),
        "required": False,
    }
    chosen = [i["value"] for i in given if i.get("checked")]
    if component == "checkboxes":
        field: forms.Field = forms.MultipleChoiceField(
            choices=[(i["value"], i["text"]) for i in given], widget=widget, **settings
        )
    elif given:
        field = forms.ChoiceField(choices=[(i["value"], i["text"]) for i in given], widget=widget, **settings)
    elif component == "file-upload":
        field = forms.FileField(widget=widget, **settings)
    else:
        field = forms.CharField(widget=widget, **settings)
    value = options.get("value", chosen[0] if chosen and component == "radios" else chosen or None)
    ident, name = options.get("id") or options.get("idPrefix") or options["name"], options["name"]
    form = type("Given", (forms.Form,), {name: field})({name: value} if value else {}, auto_id=ident)
    form.fields[name].widget.attrs["id"] = ident
    form.full_clean()
    if "errorMessage" in options:
        form.errors.clear()
        form.add_error(name, options["errorMessage"]["text"])
    hints = {i["value"]: i["hint"]["text"] for i in given if "hint" in i}
    return form[name], hints


@pytest.mark.parametrize(
    ("component", "name"),
    [
        ("input", "with error and hint"),
        ("input", "with width-10 class"),
        ("textarea", "with error message"),
        ("textarea", "with default value"),
        ("select", "with hint text and error message"),
        ("radios", "with hint"),
        ("radios", "inline"),
        ("radios", "with fieldset and error message"),
        ("checkboxes", "with hint"),
        ("checkboxes", "with error message"),
        ("file-upload", "with error message and hint"),
    ],
)
def test_a_field_is_drawn_as_govuk_frontend_draws_it(component: str, name: str) -> None:
    wanted = fixture(component, name)
    options = wanted["options"]
    field, hints = bound(component, options)
    classes = options.get("classes", "")
    drawn = render_field(
        field, inline="inline" in classes, classes="" if "inline" in classes else classes, hints=hints
    )
    assert shape(drawn) == shape(wanted["html"])


def test_a_date_is_three_boxes() -> None:
    wanted = fixture("date-input", "with values")

    class Given(forms.Form):
        born = DateField(
            label="What is your date of birth?",
            help_text="For example, 31 3 1980",
            widget=DateParts(attrs={"id": "with-values"}),
        )

    form = Given(initial={"born": date(1980, 3, 31)})
    assert shape(render_field(form["born"]).replace("born_", "")) == shape(wanted["html"])


@pytest.mark.parametrize(
    ("parts", "found", "said"),
    [
        (("31", "3", "1980"), date(1980, 3, 31), ""),
        (("", "", ""), None, ""),
        (("31", "2", "1980"), None, "Enter a real date, such as 31 3 1980."),
        (("1", "", "1980"), None, "Enter a real date, such as 31 3 1980."),
        (("x", "1", "1980"), None, "Enter a real date, such as 31 3 1980."),
        (("1", "2", "80"), None, "Enter the year in full, such as 1980."),
        (("1", "2", "2030"), None, "The date must be 24 November 2026 or before."),
    ],
)
def test_a_date_is_read_and_what_was_typed_stays(
    parts: tuple[str, str, str], found: date | None, said: str
) -> None:
    class Given(forms.Form):
        born = DateField(required=False, latest=lambda: date(2026, 11, 24))

    form = Given(dict(zip(("born_day", "born_month", "born_year"), parts, strict=True)))
    assert form.is_valid() is not bool(said)
    assert form.cleaned_data.get("born") == found
    assert form.errors.get("born", [""])[0] == said
    assert all(f'value="{p}"' in render_field(form["born"]) for p in parts if p)
    assert isinstance(form["born"].field.widget, DateParts)


def test_a_box_to_tick_keeps_its_tick() -> None:
    class Given(forms.Form):
        sure = forms.BooleanField(label="I am sure", required=False)

    assert " checked" in render_field(Given({"sure": "on"})["sure"])
    assert " checked" not in render_field(Given({})["sure"])


def test_options_in_groups() -> None:
    class Given(forms.Form):
        what = forms.ChoiceField(choices=[("", "Choose"), ("Person", [("a", "A"), ("b", "B")])])

    drawn = render_field(Given({"what": "b"})["what"])
    assert '<optgroup label="Person">' in drawn
    assert '<option value="b" selected>' in drawn


def test_the_summary_leads_to_each_field() -> None:
    class Given(forms.Form):
        name = forms.CharField(error_messages={"required": "Enter a name."})
        born = DateField(error_messages={"required": "Enter a date of birth."})

    drawn = components.form_errors(Given({}))
    assert '<a href="#id_name">Enter a name.</a>' in drawn
    assert '<a href="#id_born-day">Enter a date of birth.</a>' in drawn


def test_details_and_banner() -> None:
    wanted = fixture("details", "default")
    assert shape(components.details(wanted["options"]["summaryText"], wanted["options"]["text"])) == shape(
        wanted["html"]
    )
    for name, success in (("default", False), ("with type as success", True)):
        wanted = fixture("notification-banner", name)
        assert shape(components.banner(wanted["options"]["text"], success=success)) == shape(wanted["html"])


def test_what_was_typed_is_never_markup() -> None:
    class Given(forms.Form):
        name = forms.CharField(label="<b>", help_text="<b>")

    assert "<b>" not in render_field(Given({"name": "<b>"})["name"])
