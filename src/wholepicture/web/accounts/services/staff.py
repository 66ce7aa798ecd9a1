"""A whole staff list brought in at once: read and looked at first, then added; good rows are kept whatever the others are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from wholepicture.web.accounts.models import Role, User
from wholepicture.web.accounts.services.users import make_account
from wholepicture.web.errors import CannotDoError
from wholepicture.web.theme.lists import rows_of

# Each password is hashed slowly, by design; where people sign in elsewhere there is none.
MOST_WITH_PASSWORDS, MOST = 200, 5_000
_HEADS = {
    "username": "username user login collarnumber accountname",
    "first": "first firstname forename givenname given",
    "last": "last lastname surname familyname family",
    "email": "email mail emailaddress workemail",
    "role": "role",
    "team": "team unit department",
}
_HEAD = {name: field for field, names in _HEADS.items() for name in names.split()}


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One row: whom it adds, or what is wrong with it, with its line in the file."""

    line: int
    username: str
    first: str
    last: str
    email: str
    role: str
    team: str
    problem: str = ""

    @property
    def role_words(self) -> str:
        """The role as it is called."""
        return str(Role(self.role).label) if self.role else ""


def read_staff(text: str, by: User) -> list[StaffRow]:
    """The rows of a CSV with the columns username, first name, last name, and where given role, team and e-mail, in any order.

    Raises:
        CannotDoError: a column is missing, it is no CSV, or there are too many rows.
    """
    most = MOST if settings.PROVIDER_URL else MOST_WITH_PASSWORDS
    first, lines = rows_of(text, most=most)
    heads = [_HEAD.get(_letters(c), "") for c in first]
    missing = [h for h in ("username", "first", "last") if h not in heads]
    if missing:
        raise CannotDoError(
            "The first line must name the columns: username, first name, last name, and if you have them role, team and email. "
            f"Missing: {', '.join(missing)}."
        )
    here = {u.casefold() for u in User.objects.values_list("username", flat=True)}
    rows: list[StaffRow] = []
    for number, cells in lines:
        row = _row(number, {h: c for h, c in zip(heads, cells, strict=False) if h}, here)
        rows.append(row)
        here.add(row.username.casefold())
    return rows


def _letters(text: str) -> str:
    """What is compared of a column's or a role's name."""
    return re.sub(r"[^a-z]", "", text.casefold())


def _row(line: int, given: dict[str, str], here: set[str]) -> StaffRow:
    username, email = given.get("username", "")[:150], given.get("email", "")
    said = _letters(given.get("role", ""))
    role = next((v for v, label in Role.choices if said in (_letters(v), _letters(label))), "")
    role = role if said else Role.OFFICER.value
    problem = ""
    if not re.fullmatch(r"[\w.@+-]+", username):
        problem = "The username is missing, or has something other than letters, digits and . @ + - _ in it."
    elif username.casefold() in here:
        problem = f"There is a user called {username} already, here or earlier in the list."
    elif not given.get("first") or not given.get("last"):
        problem = "The first or the last name is missing."
    elif not role:
        problem = f"“{given['role']}” is no role. A role is one of: {', '.join(str(r) for r in Role.labels)}."
    elif email and not _is_email(email):
        problem = f"“{email}” is no e-mail address."
    return StaffRow(
        line,
        username,
        given.get("first", "")[:150],
        given.get("last", "")[:150],
        email,
        str(role),
        given.get("team", "")[:80],
        problem,
    )


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def add_staff(*, rows: list[StaffRow], by: User) -> list[tuple[User, str]]:
    """Add every good row, each in a transaction of its own; returns them with their first passwords, which are not kept.

    Where people sign in with the force's own provider they have no password here, and "" stands in its place.
    """
    if by.force is None:
        raise CannotDoError("You belong to no force.")
    made = []
    for row in rows:
        if row.problem:
            continue
        try:
            user, password = make_account(
                username=row.username,
                first=row.first,
                last=row.last,
                role=row.role,
                force=by.force,
                by=by,
                email=row.email,
                team=row.team,
                own_password=not settings.PROVIDER_URL,
            )
        except CannotDoError:
            continue  # somebody added them meanwhile: the page shows who was added
        made.append((user, password))
    return made
