"""Reads of accounts."""

from wholepicture.web.accounts.models import Token, User


def demo_people() -> list[User]:
    """The people of the demo force, by role."""
    return list(User.objects.filter(demo=True).order_by("id"))


def user_of_token(secret: str) -> User | None:
    """Whose token this is, if it stands."""
    token = (
        Token.objects.select_related("user")
        .filter(digest=Token.digest_of(secret), revoked_at=None, user__is_active=True)
        .first()
    )
    return token.user if token else None
