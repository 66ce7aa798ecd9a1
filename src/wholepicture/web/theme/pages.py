"""What every page with a form does alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from wholepicture.web.errors import CannotDoError


def need(allowed: bool) -> None:
    """Refuse whoever may not."""
    if not allowed:
        raise PermissionDenied


def tried(form: forms.Form, call: Callable[[dict[str, Any]], object]) -> bool:
    """Whether a filled form was good and what it asks was done. What is in the way is said on the form, and what was typed is kept."""
    if not form.is_valid():
        return False
    try:
        call(form.cleaned_data)
    except CannotDoError as error:
        form.add_error(None, str(error))
        return False
    return True


def done(request: HttpRequest, call: Callable[[], object], said: str, to: str, *where: Any) -> HttpResponse:
    """Do something that needs no more than a click, and say so, or say why it cannot be done."""
    try:
        call()
    except CannotDoError as error:
        messages.error(request, str(error))
    else:
        if said:
            messages.success(request, said)
    return redirect(to, *where)


def downloaded(name: str, kind: str, content: bytes) -> HttpResponse:
    """A file that somebody uploaded, as it came: always downloaded, never shown by the browser."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def faults_of(form: forms.Form) -> str:
    """What is wrong with a form, in one text: for a small form that has no page of its own."""
    return " ".join(str(e) for errors in form.errors.values() for e in errors)


def status_of(*forms_: forms.Form | None) -> int:
    """400 when a form on the page has an error."""
    return 400 if any(f is not None and f.errors for f in forms_) else 200
