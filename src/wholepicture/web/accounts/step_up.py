"""Sign in again before what cannot be taken lightly: joins, restrictions, broken glass.

What was posted is kept and goes on after. Five minutes serve for all. Somebody who signs in only through the force's own
provider has nothing here to be asked for; the provider's own rules hold for them.
"""

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.conf import settings
from django.http import HttpRequest


def _enabled(request: HttpRequest) -> bool:
    return bool(settings.SECOND_FACTOR and request.user.is_authenticated and not request.user.demo)


step_up = reauthentication_required(allow_get=True, enabled=_enabled)


def ask_again(request: HttpRequest) -> None:
    """As ``step_up``, from inside a view."""
    if _enabled(request):
        raise_if_reauthentication_required(request, app="")
