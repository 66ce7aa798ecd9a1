"""How insight's pages say things."""

from django import template

from wholepicture.core.measurement.signal import Interval

register = template.Library()


@register.simple_tag
def share(found: Interval) -> str:
    """The ends of a share's interval, in percent."""
    return f"{found.low:.0%} and {found.high:.0%}"
