"""Pages of a force's first days: what is still to be done, and what each role does here first."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from wholepicture.web.accounts import doctor
from wholepicture.web.accounts.models import Role, Team, User
from wholepicture.web.accounts.views import administrator
from wholepicture.web.pages.tour import TOURS
from wholepicture.web.partners.models import Service


@dataclass(frozen=True, slots=True)
class FirstThing:
    """One thing of the first days: whether it is done, how, and where."""

    what: str
    done: bool
    how: str
    address: str = ""


def _first_things(by: User) -> list[FirstThing]:
    people = User.objects.filter(force=by.force, is_active=True)
    return [
        FirstThing(
            "Let people sign in with the force's own account",
            bool(settings.PROVIDER_URL),
            "Whoever runs the server sets the provider (operator's guide, Single sign-on). Until then people have a password here and a second factor.",
        ),
        FirstThing(
            "Bring your staff in",
            people.count() > 2,
            f"{people.count()} can sign in. A CSV with username, first name, last name, role and team is enough.",
            reverse("accounts:import-staff"),
        ),
        FirstThing(
            "Put people in teams",
            Team.objects.filter(force=by.force).exists(),
            "People of one team see one another's accounts, and their supervisor reviews them. The list may say the team.",
            reverse("accounts:accounts"),
        ),
        FirstThing(
            "Have a second administrator",
            people.filter(role=Role.ADMINISTRATOR).count() > 1,
            "So that one can help the other back in.",
            reverse("accounts:new-account"),
        ),
        FirstThing(
            "Have supervisors and a safeguarding unit",
            people.filter(role=Role.SUPERVISOR).exists() and people.filter(role=Role.SAFEGUARDING).exists(),
            "Assessments wait for a supervisor; what is uncertain or restricted waits for the unit.",
            reverse("accounts:accounts"),
        ),
        FirstThing(
            "Read in a directory of partners' services",
            Service.objects.filter(force=by.force).exists(),
            "From the council, in the Open Referral UK shape, or by hand. Until then there is nobody to ask.",
            reverse("partners:directory"),
        ),
        FirstThing(
            "Let mails go out",
            bool(settings.MAIL_HOST),
            "Whoever runs the server sets the mail server. Until then people are told on the site alone.",
        ),
    ]


@require_GET
def getting_started(request: HttpRequest) -> HttpResponse:
    """What a new force still has to do, and how the site itself is."""
    by = administrator(request)
    found = [f for f in doctor.look() if f.how is not doctor.How.WELL]
    return render(request, "pages/getting_started.html", {"steps": _first_things(by), "found": found})


@require_GET
def tour(request: HttpRequest) -> HttpResponse:
    """What somebody's role does here first; any other role's on asking."""
    role = request.GET.get("role", "")
    role = role if role in TOURS else request.user.role
    own = role == request.user.role
    stops = [(s, reverse(s.address) if s.address and own else "") for s in TOURS.get(role, ())]
    context = {"stops": stops, "role": Role(role), "roles": [Role(r) for r in TOURS], "own": own}
    return render(request, "pages/tour.html", context)
