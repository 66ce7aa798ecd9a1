"""Our own small components over govuk-frontend's classes, proven against the fixtures that it ships (tests/web/theme)."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from wholepicture.web.theme.fields import error_target, render_field

register = template.Library()


@register.simple_tag
def button(text: str, *, kind: str = "", name: str = "", value: str = "", href: str = "") -> SafeString:
    """A button, or a link that looks like one. ``kind``: "", "secondary", "warning" or "inverse"."""
    classes = "govuk-button" + (f" govuk-button--{kind}" if kind else "")
    if href:
        return format_html(
            '<a href="{}" role="button" draggable="false" class="{}" data-module="govuk-button">{}</a>',
            href,
            classes,
            gettext(text),
        )
    extra = format_html(' name="{}"', name) if name else SafeString("")
    if value:
        extra += format_html(' value="{}"', value)
    return format_html(
        '<button type="submit"{} class="{}" data-module="govuk-button">{}</button>',
        extra,
        classes,
        gettext(text),
    )


@register.simple_tag
def tag(text: str, colour: str = "") -> SafeString:
    """A short coloured label."""
    return format_html(
        '<strong class="govuk-tag{}">{}</strong>', f" govuk-tag--{colour}" if colour else "", gettext(text)
    )


@register.simple_tag
def inset(text: str) -> SafeString:
    """A passage set in from the rest."""
    return format_html('<div class="govuk-inset-text">{}</div>', gettext(text))


@register.simple_tag
def warning(text: str) -> SafeString:
    """A warning, read out as one."""
    return format_html(
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
        '<strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">{}</span> {}</strong></div>',
        gettext("Warning"),
        gettext(text),
    )


@register.simple_tag
def error_summary(errors: list[tuple[str, str]]) -> SafeString:
    """What is wrong and where: (message, id of the field) pairs."""
    if not errors:
        return SafeString("")
    items = mark_safe(
        "".join(
            format_html('<li><a href="#{}">{}</a></li>', target, gettext(message))
            for message, target in errors
        )
    )
    return format_html(
        '<div class="govuk-error-summary" data-module="govuk-error-summary"><div role="alert"><h2 class="govuk-error-summary__title">{}</h2>'
        '<div class="govuk-error-summary__body"><ul class="govuk-list govuk-error-summary__list">{}</ul></div></div></div>',
        gettext("There is a problem"),
        items,
    )


@register.simple_tag
def field(bound: forms.BoundField, **how: Any) -> SafeString:
    """A form's field, as theme.fields.render_field draws it."""
    return render_field(bound, **how)


@register.simple_tag
def form_errors(form: forms.BaseForm) -> SafeString:
    """The error summary of a whole form, each message leading to its field."""
    found = [(e, error_target(f)) for f in form for e in f.errors]
    return error_summary([*[(e, "main-content") for e in form.non_field_errors()], *found])


@register.simple_tag
def details(summary: str, text: str) -> SafeString:
    """More, for who wants it."""
    return format_html(
        '<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        summary,
        text,
    )


@register.simple_tag
def banner(text: str, *, success: bool = False) -> SafeString:
    """What has just happened, or what to know first."""
    return format_html(
        '<div class="govuk-notification-banner{}" role="{}" aria-labelledby="govuk-notification-banner-title" data-module="govuk-notification-banner">'
        '<div class="govuk-notification-banner__header"><h2 class="govuk-notification-banner__title" id="govuk-notification-banner-title">{}</h2></div>'
        '<div class="govuk-notification-banner__content"><p class="govuk-notification-banner__heading">{}</p></div></div>',
        " govuk-notification-banner--success" if success else "",
        "alert" if success else "region",
        gettext("Success") if success else gettext("Important"),
        gettext(text),
    )


@register.filter
def in_words(text: object) -> str:
    """A text in the language of the page, where a page has both; else as it is."""
    return gettext(str(text)) if text else ""


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """A value of a mapping by a variable key."""
    return mapping.get(key)


@register.filter
def said(state: str) -> str:
    """A state as a person would say it."""
    return str(state).replace("_", " ")


@register.filter
def within(text: str) -> str:
    """A title as it stands within a sentence: its first letter small, unless it begins with an abbreviation."""
    first = text.split(" ", 1)[0]
    return text if len(first) > 1 and first[:2].isupper() else text[:1].lower() + text[1:]
