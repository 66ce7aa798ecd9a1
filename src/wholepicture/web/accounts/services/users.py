"""Every change to accounts."""

import secrets
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from wholepicture.web.accounts.models import Force, Role, Team, Token, User
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError

TOKEN_DAYS = 90
DEMO_PEOPLE = (
    ("demo-officer", "Sam", "Okafor", Role.OFFICER),
    ("demo-second-officer", "Rhian", "Pugh", Role.OFFICER),
    ("demo-supervisor", "Priya", "Nair", Role.SUPERVISOR),
    ("demo-safeguarding", "Morgan", "Ellis", Role.SAFEGUARDING),
    ("demo-records", "Jo", "Whitaker", Role.RECORDS),
    ("demo-auditor", "Idris", "Khan", Role.AUDITOR),
    ("demo-trainer", "Tomos", "Bevan", Role.TRAINER),
    ("demo-assessor", "Ffion", "Rees", Role.ASSESSOR),
    ("demo-second-assessor", "Owen", "Price", Role.ASSESSOR),
    ("demo-assurer", "Mei", "Lowe", Role.INTERNAL_QUALITY),
    ("demo-second-assurer", "Kit", "Marlow", Role.INTERNAL_QUALITY),
    ("demo-reviewer", "Grace", "Adeyemi", Role.EXTERNAL_QUALITY),
    ("demo-licensing", "Rob", "Hartley", Role.LICENSING),
    ("demo-chief", "Harriet", "Vale", Role.CHIEF_OFFICER),
    ("demo-analyst", "Zofia", "Brand", Role.ANALYST),
    ("demo-cpd", "Lewis", "Grant", Role.CPD),
    ("demo-learner", "Nia", "Clarke", Role.LEARNER),
    ("demo-administrator", "Alex", "Marsh", Role.ADMINISTRATOR),
    ("demo-social-worker", "Anwen", "Hughes", Role.PARTNER),
    ("demo-advocate", "Leila", "Haddad", Role.PARTNER),
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
def issue_token(*, user: User, name: str, by: User | None = None, days: int = TOKEN_DAYS) -> str:
    """Make an API token that serves for some days, and return its secret, which is shown this once and not kept."""
    secret = secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        name=name,
        digest=Token.digest_of(secret),
        ends_at=timezone.now() + timedelta(days=days),
    )
    record(by=by or user, what="token.issued", about=f"token:{token.pk}", why=name)
    return secret


@transaction.atomic
def revoke_token(*, token: Token, by: User) -> None:
    """Stop a token from being used."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record(by=by, what="token.revoked", about=f"token:{token.pk}")


@transaction.atomic
def make_account(
    *,
    username: str,
    first: str,
    last: str,
    role: str,
    force: Force,
    by: User | None,
    email: str = "",
    team: str = "",
    own_password: bool = True,
) -> tuple[User, str]:
    """Make somebody an account. Returns it with a password that serves until they have chosen their own; it is not kept.

    ``own_password``: without one they sign in with the force's own provider alone, and "" is returned.
    """
    if User.objects.filter(username__iexact=username).exists():
        raise CannotDoError(f"There is already a user called {username}. Choose another username.")
    password = secrets.token_urlsafe(16) if own_password else ""
    user = User(
        username=username,
        first_name=first,
        last_name=last,
        role=role,
        force=force,
        email=email,
        team=_team(force, team),
        must_choose_password=own_password,
    )
    if own_password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save()
    record(by=by or user, what="account.made", about=f"user:{user.pk}", why=user.get_role_display())
    return user, password


@transaction.atomic
def give_password(*, user: User, by: User | None) -> str:
    """A new password for somebody who has forgotten theirs, which serves until they have chosen their own. Ends their sessions."""
    password = secrets.token_urlsafe(16)
    user.set_password(password)
    user.must_choose_password = True
    user.save(update_fields=["password", "must_choose_password"])
    _end_sessions(user)
    record(by=by or user, what="account.password-given", about=f"user:{user.pk}")
    return password


@transaction.atomic
def set_role(*, user: User, role: str, by: User) -> None:
    """Change what somebody may do. One may not change one's own."""
    if user == by:
        raise CannotDoError("You cannot change your own role. Ask another administrator.")
    before = user.get_role_display()
    user.role = role
    user.save(update_fields=["role"])
    record(
        by=by,
        what="account.role-changed",
        about=f"user:{user.pk}",
        why=f"{before} to {user.get_role_display()}",
    )


@transaction.atomic
def set_team(*, user: User, team: str, email: str, by: User) -> None:
    """Which team somebody works in, which decides whose accounts they see, and where they are mailed."""
    if user.force is None:
        raise CannotDoError("This user belongs to no force.")
    before = str(user.team or "no team")
    user.team, user.email = _team(user.force, team), email
    user.save(update_fields=["team", "email"])
    record(
        by=by,
        what="account.team-changed",
        about=f"user:{user.pk}",
        why=f"{before} to {user.team or 'no team'}",
    )


def _team(force: Force, name: str) -> Team | None:
    name = " ".join(name.split())[:80]
    if not name:
        return None
    held = Team.objects.filter(force=force, name__iexact=name).first()
    return held or Team.objects.create(force=force, name=name)


@transaction.atomic
def close_account(*, user: User, by: User) -> None:
    """Somebody no longer signs in, from this moment on. What they did stays theirs. Their systems' tokens stop too."""
    if user == by:
        raise CannotDoError("You cannot close your own access. Ask another administrator.")
    user.is_active = False
    user.save(update_fields=["is_active"])
    _end_sessions(user)
    record(by=by, what="account.closed", about=f"user:{user.pk}")


@transaction.atomic
def open_account(*, user: User, by: User) -> None:
    """Let somebody whose account was closed sign in again."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(by=by, what="account.opened", about=f"user:{user.pk}")


@transaction.atomic
def take_off_second_factor(*, user: User, by: User | None) -> None:
    """For somebody who has lost their phone: they set up the next when they sign in. Ends their sessions."""
    if user == by:
        raise CannotDoError("You cannot do this for yourself. Ask another administrator.")
    Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)
    record(by=by or user, what="account.second-factor-taken-off", about=f"user:{user.pk}")


@transaction.atomic
def end_sessions(*, user: User, by: User) -> None:
    """Sign somebody out wherever they are signed in."""
    _end_sessions(user)
    record(by=by, what="account.sessions-ended", about=f"user:{user.pk}")


def _end_sessions(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()
