"""Who may do what, by role. Other apps' access.py ask here what a role carries."""

from enum import StrEnum

from wholepicture.web.accounts.models import Role, User


class Permission(StrEnum):
    """What a role may carry."""

    RECORD_ENCOUNTER = "record an encounter and see the pictures it gives"
    SEE_FORCE_ENCOUNTERS = "see the encounters of everyone in the force"
    USE_API = "use the API with a token"


CARRIES: dict[str, frozenset[Permission]] = {
    Role.OFFICER: frozenset({Permission.RECORD_ENCOUNTER, Permission.USE_API}),
    Role.SUPERVISOR: frozenset(
        {Permission.RECORD_ENCOUNTER, Permission.SEE_FORCE_ENCOUNTERS, Permission.USE_API}
    ),
    Role.ADMINISTRATOR: frozenset(),
}


def may(user: User, permission: Permission) -> bool:
    """Whether somebody's role carries a permission."""
    return bool(user.is_active and permission in CARRIES.get(user.role, frozenset()))
