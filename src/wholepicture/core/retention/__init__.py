"""How long a record is kept: groups and review dates as data, and when somebody must look at a record again."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

OWN_RULES = Path(__file__).with_name("rules.toml")


class RulesError(ValueError):
    """A file of rules that does not hold together; the message says where and what to mend."""


@dataclass(frozen=True, slots=True)
class Group:
    """One retention group. Years are whole; ``keep_to_age``: kept at least until the person would be so old."""

    id: str
    name: str
    covers: str
    first_review_years: int
    review_every_years: int
    keep_to_age: int | None = None

    @property
    def said(self) -> str:
        """The group as a choice is worded."""
        return f"Group {self.id}: {self.name}"


@dataclass(frozen=True, slots=True)
class Rules:
    """A force's rules. ``until_grouped``: the group whose clock runs while nobody has said which one holds."""

    groups: dict[str, Group]
    until_grouped: str
    prompts: tuple[str, ...]
    source: str

    def of(self, group: str) -> Group:
        """A group, or the one that serves until somebody has said."""
        return self.groups.get(group) or self.groups[self.until_grouped]


@lru_cache(maxsize=4)
def load(path: Path = OWN_RULES) -> Rules:
    """Read rules from a TOML file.

    Raises:
        RulesError: naming the file, the group and the field that does not fit.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise RulesError(f"{path}: cannot be read: {error}") from error
    groups: dict[str, Group] = {}
    for number, given in enumerate(data.get("groups", []), 1):
        group = _group(path, number, given)
        if group.id in groups:
            raise RulesError(f"{path}: group {number}: there are two groups called {group.id}.")
        groups[group.id] = group
    until = str(data.get("until_grouped", ""))
    if until not in groups:
        raise RulesError(f"{path}: until_grouped must be the id of one of the groups.")
    prompts = tuple(str(p["ask"]) for p in data.get("prompts", []))
    return Rules(groups, until, prompts, str(data.get("source", "")))


def _group(path: Path, number: int, given: dict[str, object]) -> Group:
    for field in ("id", "name", "covers"):
        if not isinstance(given.get(field), str) or not given[field]:
            raise RulesError(f"{path}: group {number}: {field} must be a text.")
    for field in ("first_review_years", "review_every_years"):
        years = given.get(field)
        if not isinstance(years, int) or not 0 < years <= 100:
            raise RulesError(
                f"{path}: group {number}: {field} must be a whole number of years from 1 to 100."
            )
    try:
        return Group(**given)  # type: ignore[arg-type]
    except TypeError as error:
        unknown = sorted(set(given) - set(Group.__dataclass_fields__))
        raise RulesError(f"{path}: group {number}: does not know {', '.join(unknown)}.") from error


def review_due(group: Group, *, last_contact: date, last_review: date | None) -> date:
    """The day on which somebody must look again: a clear period after the last contact, then a fixed time after each review.

    A new contact after a review starts the clear period anew.
    """
    if last_review is None or last_review < last_contact:
        return years_after(last_contact, group.first_review_years)
    return years_after(last_review, group.review_every_years)


def earliest_disposal(group: Group, *, last_contact: date, born: date | None) -> date | None:
    """Before this day a record of the group may not be disposed of; None where that cannot be said (age not known)."""
    clear = years_after(last_contact, group.first_review_years)
    if group.keep_to_age is None:
        return clear
    return max(clear, years_after(born, group.keep_to_age)) if born else None


def years_after(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
