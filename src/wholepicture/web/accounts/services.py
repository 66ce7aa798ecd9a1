"""Every change to accounts."""

import secrets

from django.db import transaction
from django.utils import timezone

from wholepicture.web.accounts.models import Force, Role, Token, User
from wholepicture.web.audit.services import record

DEMO_PEOPLE = (
    ("demo-officer", "Sam", "Okafor", Role.OFFICER),
    ("demo-second-officer", "Rhian", "Pugh", Role.OFFICER),
    ("demo-supervisor", "Priya", "Nair", Role.SUPERVISOR),
    ("demo-safeguarding", "Morgan", "Ellis", Role.SAFEGUARDING),
    ("demo-records", "Jo", "Whitaker", Role.RECORDS),
    ("demo-auditor", "Idris", "Khan", Role.AUDITOR),
    ("demo-administrator", "Alex", "Marsh", Role.ADMINISTRATOR),
)


@transaction.atomic
def make_demo_force() -> Force:
    """The demo force and its people, made once. They have no password: only the demo switcher signs them in."""
    force, _ = Force.objects.get_or_create(name="Demo Constabulary (synthetic)")
    for username, first, last, role in DEMO_PEOPLE:
        user, made = User.objects.get_or_create(
            username=username,
            defaults={"first_name": first, "last_name": last, "role": role, "force": force, "demo": True},
        )
        if made:
            user.set_unusable_password()
            user.save(update_fields=["password"])
    return force


@transaction.atomic
def issue_token(*, user: User, name: str, by: User | None = None) -> str:
    """Make an API token and return its secret, which is shown this once and not kept."""
    secret = secrets.token_urlsafe(32)
    token = Token.objects.create(user=user, name=name, digest=Token.digest_of(secret))
    record(by=by or user, what="token.issued", about=f"token:{token.pk}", why=name)
    return secret


@transaction.atomic
def revoke_token(*, token: Token, by: User) -> None:
    """Stop a token from being used."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record(by=by, what="token.revoked", about=f"token:{token.pk}")
