"""Sign in, sign out, and the demo's role switcher."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.selectors import demo_people
from wholepicture.web.audit.services import record


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """The sign-in page; in the demo it also lists the demo people."""

    template_name = "accounts/sign_in.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Somebody signed in has no need of this page, but in the demo they may change role here."""
        self.redirect_authenticated_user = not (settings.DEMO and "switch" in request.GET)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return {**super().get_context_data(**kwargs), "people": demo_people() if settings.DEMO else []}


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest, username: str) -> HttpResponse:
    """Become one of the demo people. Not there at all unless demo mode is on."""
    if not settings.DEMO:
        raise Http404
    user = get_object_or_404(User, username=username, demo=True)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    record(by=user, what="demo.signed-in", about=f"user:{user.pk}")
    return redirect("encounters:home")
