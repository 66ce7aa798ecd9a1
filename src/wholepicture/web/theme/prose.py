"""Texts that people write in Markdown, as safe HTML in the site's own type."""

from __future__ import annotations

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {
    *("h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "pre", "br", "hr"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_CLASSES = {
    "h2": "govuk-heading-m",
    "h3": "govuk-heading-s",
    "p": "govuk-body",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "a": "govuk-link",
    "blockquote": "govuk-inset-text",
    "table": "govuk-table",
    "th": "govuk-table__header",
    "td": "govuk-table__cell",
}


def prose(text: str) -> SafeString:
    """Markdown as HTML. No HTML of the writer's own passes, nor an address other than http(s) or mailto."""
    html = _MARKDOWN.render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    for tag, names in _CLASSES.items():
        html = html.replace(f"<{tag}>", f'<{tag} class="{names}">').replace(
            f"<{tag} ", f'<{tag} class="{names}" ' if tag == "a" else f"<{tag} "
        )
    html = (
        html.replace("<th class=", '<th scope="col" class=')
        .replace(
            "<table class",
            '<div class="wp-scroll" tabindex="0" role="region" aria-label="Table"><table class',
        )
        .replace("</table>", "</table></div>")
    )
    clean = nh3.clean(
        html,
        tags=_TAGS | {"div"},
        attributes={
            "*": {"class"},
            "a": {"href", "title"},
            "th": {"scope"},
            "div": {"tabindex", "role", "aria-label"},
        },
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return mark_safe(clean)
