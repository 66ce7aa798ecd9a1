"""Pages of a force's first days: setting it up, and bringing its staff in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from wholepicture.web.accounts import services
from wholepicture.web.accounts.forms import SetUpForm, StaffForm
from wholepicture.web.accounts.models import Role
from wholepicture.web.accounts.step_up import step_up
from wholepicture.web.accounts.views import administrator
from wholepicture.web.theme.lists import text_of


@login_not_required
@never_cache
@sensitive_post_parameters()
def set_up(request: HttpRequest, code: str) -> HttpResponse:
    """The force and its first administrator. Not there at all once somebody can sign in."""
    if not services.is_code(code):
        raise Http404
    form = SetUpForm(request.POST or None)
    if form.is_valid():
        try:
            user, password = services.begin_site(code=code, **form.cleaned_data)
            return render(request, "accounts/set_up_done.html", {"account": user, "password": password})
        except services.CannotDoError as error:
            form.add_error(None, str(error))
    return render(request, "accounts/set_up.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@step_up
def import_staff(request: HttpRequest) -> HttpResponse:
    """A staff list: read and shown first, added on a second click, first passwords shown once."""
    by = administrator(request)
    form = StaffForm(request.POST or None, request.FILES or None)
    rows, text = None, ""
    if form.is_valid():
        try:
            text = text_of(form.cleaned_data["file"], form.cleaned_data["text"])
            rows = services.read_staff(text, by)
        except services.CannotDoError as error:
            form.add_error(None, str(error))
    if rows is not None and request.POST.get("add"):
        made = services.add_staff(rows=rows, by=by)
        left = [r for r in rows if r.problem]
        context = {"made": made, "left": left, "provider": settings.PROVIDER}
        return render(request, "accounts/staff_added.html", context)
    context = {
        "form": form,
        "rows": rows,
        "good": [r for r in rows or () if not r.problem],
        "bad": [r for r in rows or () if r.problem],
        "text": text,
        "provider": settings.PROVIDER,
        "roles": Role.labels,
    }
    return render(request, "accounts/import_staff.html", context, status=400 if form.errors else 200)
