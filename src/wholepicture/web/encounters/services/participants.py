"""Who is in an account: people the recognition did not see, and who they are in it."""

from __future__ import annotations

from django.db import transaction

from wholepicture.web.accounts.models import User
from wholepicture.web.audit.services import record
from wholepicture.web.encounters.models import Encounter, EncounterPerson
from wholepicture.web.encounters.services.recording import CannotDoError, changeable

# How people stand in an account, as participants.toml uses the words.
ROLES = {
    "victim": "Victim or person harmed",
    "person": "Person the account is about",
    "child": "Child",
    "partner": "Partner or former partner",
    "family": "Family",
    "caller": "Caller",
    "witness": "Witness",
    "suspect": "Suspect",
    "other": "Somebody else",
}


@transaction.atomic
def add_person(*, encounter: Encounter, label: str, role: str, by: User) -> EncounterPerson:
    """Put somebody into an account whom it does not name, or whom the recognition did not see: a child asleep upstairs."""
    changeable(encounter, by)
    label = _label(label)
    taken = set(encounter.people.values_list("code", flat=True))
    code = next(c for n in range(1, len(taken) + 2) if (c := f"p{n}") not in taken)
    person = EncounterPerson.objects.create(
        encounter=encounter, code=code, label=label, role=_role(role), main=not taken
    )
    record(by=by, what="encounter.person-added", about=f"encounter:{encounter.pk}", why=f"{code} {role}")
    return person


@transaction.atomic
def change_person(*, person: EncounterPerson, label: str, role: str, by: User) -> EncounterPerson:
    """Say better what somebody is called in an account, and how they stand in it."""
    changeable(person.encounter, by)
    before = person.role
    person.label, person.role = _label(label), _role(role)
    person.save(update_fields=["label", "role"])
    record(
        by=by,
        what="encounter.person-changed",
        about=f"encounter:{person.encounter_id}",
        why=f"{person.code} {before} to {role}",
    )
    return person


def _label(label: str) -> str:
    label = " ".join(label.split())[:120]
    if not label:
        raise CannotDoError("Say what to call them, such as “baby asleep upstairs”.")
    return label


def _role(role: str) -> str:
    if role not in ROLES:
        raise CannotDoError("Choose how they stand in the account.")
    return role
