"""Sign in, sign out, the demo's role switcher, and the accounts that an administrator looks after."""

from typing import Any

from allauth.account.views import LoginView, PasswordChangeView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_POST
from django.views.generic.edit import FormView

from wholepicture.web.accounts import services
from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.forms import AccountForm, RoleForm, TeamForm, WebhookForm
from wholepicture.web.accounts.models import Outgoing, User
from wholepicture.web.accounts.selectors import (
    accounts_managed_by,
    demo_people,
    messages_of,
    teams_of,
    webhooks_of,
)
from wholepicture.web.accounts.step_up import step_up
from wholepicture.web.audit.services import record
from wholepicture.web.theme.numbers import uuid_of
from wholepicture.web.theme.pages import faults_of


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):  # type: ignore[misc]
    """The sign-in page; in the demo it also lists the demo people."""

    template_name = "accounts/sign_in.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Somebody signed in has no need of this page, but in the demo they may change role here."""
        if settings.DEMO and request.method == "GET" and "switch" in request.GET:
            return FormView.dispatch(self, request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, the force's provider where there is one, and in the demo its people."""
        return {
            **super().get_context_data(**kwargs),
            "people": demo_people() if settings.DEMO else [],
            "provider": settings.PROVIDER,
            "ended": self.request.GET.get("ended", ""),
        }


class Authenticate(AuthenticateView):  # type: ignore[misc]
    """The second factor at sign-in: a key, a code, or a recovery code, whichever somebody has."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The forms, and which of the ways this user has."""
        kinds = set(Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True))
        return {
            **super().get_context_data(**kwargs),
            "has_key": Authenticator.Type.WEBAUTHN in kinds,
            "has_app": Authenticator.Type.TOTP in kinds,
        }


class ChangePassword(PasswordChangeView):  # type: ignore[misc]
    """Choose another password. Who signs in without one here has none to change."""

    success_url = reverse_lazy("mfa_index")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Back to one's own page where there is no password."""
        if not request.user.has_usable_password():
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)


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


def administrator(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not may(user, Permission.MANAGE_ACCOUNTS) or user.force is None:
        raise PermissionDenied
    return user


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Who works here."""
    by = administrator(request)
    words = request.GET.get("words", "").replace("\0", "")[:100]
    page = Paginator(accounts_managed_by(by, words), 50).get_page(request.GET.get("page"))
    return render(request, "accounts/accounts.html", {"page": page, "words": words})


@step_up
def new_account(request: HttpRequest) -> HttpResponse:
    """Make somebody an account and show its first password once."""
    by = administrator(request)
    form = AccountForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            user, password = services.make_account(**given, force=by.force, by=by)
            return render(request, "accounts/password.html", {"account": user, "password": password})
        except services.CannotDoError as error:
            form.add_error("username", str(error))
    return render(request, "accounts/new_account.html", {"form": form, "teams": teams_of(by)})


@require_GET
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its role, and what an administrator can do with it."""
    by = administrator(request)
    managed = get_object_or_404(accounts_managed_by(by).select_related("team"), pk=pk)
    form = RoleForm(initial={"role": managed.role})
    team = TeamForm(initial={"team": str(managed.team or ""), "email": managed.email})
    context = {"account": managed, "form": form, "team": team, "teams": teams_of(by)}
    return render(request, "accounts/account.html", context)


@require_POST
@step_up
def change_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a role, give a password, take off an authenticator app, close or open."""
    by = administrator(request)
    managed = get_object_or_404(accounts_managed_by(by), pk=pk)
    what = request.POST.get("what", "")
    try:
        if what == "password":
            password = services.give_password(user=managed, by=by)
            return render(request, "accounts/password.html", {"account": managed, "password": password})
        messages.success(request, _change(what, managed, by, request))
    except services.CannotDoError as error:
        messages.error(request, str(error))
    return redirect("accounts:account", pk=pk)


def _change(what: str, managed: User, by: User, request: HttpRequest) -> str:
    """Make a change and say what has changed."""
    form, team = RoleForm(request.POST), TeamForm(request.POST)
    if what == "team":
        if not team.is_valid():
            raise services.CannotDoError(faults_of(team))
        services.set_team(user=managed, by=by, **team.cleaned_data)
        return f"{managed} is now in {managed.team or 'no team'}."
    if what == "role" and form.is_valid():
        services.set_role(user=managed, role=form.cleaned_data["role"], by=by)
        return f"{managed} is now {managed.get_role_display().lower()}."
    if what == "second-factor":
        services.take_off_second_factor(user=managed, by=by)
        return f"{managed} sets up an authenticator app when they next sign in."
    if what == "sessions":
        services.end_sessions(user=managed, by=by)
        return f"{managed} is signed out everywhere."
    if what == "close":
        services.close_account(user=managed, by=by)
        return f"{managed} can no longer sign in."
    if what == "open":
        services.open_account(user=managed, by=by)
        return f"{managed} can sign in again."
    raise services.CannotDoError("Choose what to change.")


@require_GET
def systems(request: HttpRequest) -> HttpResponse:
    """Systems that are told what happened here, and what was sent."""
    return _systems(request, WebhookForm())


def _systems(request: HttpRequest, form: WebhookForm, status: int = 200) -> HttpResponse:
    by = administrator(request)
    sent = messages_of(by)
    context = {
        "form": form,
        "webhooks": webhooks_of(by),
        "troubled": sent.exclude(state=Outgoing.State.SENT)[:50],
        "sent": sent.filter(state=Outgoing.State.SENT)[:20],
        "hosts": settings.WEBHOOK_HOSTS,
        "mail": settings.MAIL_HOST,
        "chores": services.chores_now(),
    }
    return render(request, "accounts/systems.html", context, status=status)


@require_POST
@step_up
def change_systems(request: HttpRequest) -> HttpResponse:
    """Add a system, stop one, or send again what was given up."""
    by = administrator(request)
    what, number = request.POST.get("what", ""), request.POST.get("number", "")
    if what == "stop" and number.isdecimal():
        services.stop_webhook(webhook=get_object_or_404(webhooks_of(by), pk=number), by=by)
        messages.success(request, "That system is told nothing more.")
    elif what == "again":
        services.send_again(item=get_object_or_404(messages_of(by), pk=uuid_of(number)), by=by)
        messages.success(request, "It is sent again.")
    else:
        form = WebhookForm(request.POST)
        if not form.is_valid():
            return _systems(request, form, 400)
        try:
            webhook, secret = services.add_webhook(**form.cleaned_data, by=by)
        except services.CannotDoError as error:
            form.add_error("address", str(error))
            return _systems(request, form, 400)
        return render(request, "accounts/system_secret.html", {"webhook": webhook, "secret": secret})
    return redirect("accounts:systems")


@require_GET
def held(request: HttpRequest) -> HttpResponse:
    """What this user sent when their session had ended."""
    return render(request, "accounts/held.html", {"held": request.user.held_forms.all()})


@require_POST
def send_held(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it where it was going, as the browser still has it; or let it go."""
    form = get_object_or_404(request.user.held_forms, pk=pk)
    if "let-go" in request.POST:
        services.let_go(held=form, by=request.user)
        messages.success(request, "It is gone.")
        return redirect("accounts:held" if request.user.held_forms.exists() else "encounters:home")
    services.note_sent(held=form, by=request.user)
    # 307: the browser sends the same fields on.
    return HttpResponse(status=307, headers={"Location": form.path})
