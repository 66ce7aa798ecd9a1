"""Reads of accounts."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import Outgoing, Team, Token, User, Webhook


def demo_people() -> list[User]:
    """The people of the demo force, by role."""
    return list(User.objects.filter(demo=True).order_by("id"))


def user_of_token(secret: str) -> User | None:
    """Whose token this is, if it stands."""
    token = (
        Token.objects.select_related("user")
        .filter(
            digest=Token.digest_of(secret),
            revoked_at=None,
            user__is_active=True,
            ends_at__gt=timezone.now(),
        )
        .first()
    )
    return token.user if token else None


def accounts_managed_by(user: User, words: str = "") -> QuerySet[User]:
    """The accounts an administrator looks after: those of their own force, by name. ``words``: part of a name or username."""
    if not may(user, Permission.MANAGE_ACCOUNTS) or user.force_id is None:
        return User.objects.none()
    found = User.objects.filter(force_id=user.force_id)
    for word in words.split():
        found = found.filter(
            Q(username__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        )
    return found.order_by("-is_active", "last_name", "first_name", "username")


def teams_of(user: User) -> QuerySet[Team]:
    """The teams of somebody's force, by name."""
    return Team.objects.filter(force_id=user.force_id).order_by("name")


def webhooks_of(user: User) -> QuerySet[Webhook]:
    """The systems that somebody's force tells."""
    if not may(user, Permission.MANAGE_ACCOUNTS) or user.force_id is None:
        return Webhook.objects.none()
    return Webhook.objects.filter(force_id=user.force_id)


def messages_of(user: User) -> QuerySet[Outgoing]:
    """What a force has sent to systems and by mail, or will send, latest first."""
    if not may(user, Permission.MANAGE_ACCOUNTS) or user.force_id is None:
        return Outgoing.objects.none()
    return Outgoing.objects.filter(force_id=user.force_id).select_related("webhook").order_by("-made_at")
