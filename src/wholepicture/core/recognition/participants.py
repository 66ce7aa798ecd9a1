"""The people of a narrative, as recognition holds them while it reads."""

from __future__ import annotations

from typing import NamedTuple

PRONOUNS = {
    "he": "m",
    "him": "m",
    "his": "m",
    "himself": "m",
    "she": "f",
    "her": "f",
    "hers": "f",
    "herself": "f",
}


class Participant:
    """One person of a narrative; ``mentions`` are spans in the normalised text. Not ``pictured``: any professional of a kind."""

    __slots__ = ("gender", "id", "key", "label", "mentions", "named", "pictured", "plural", "role")

    def __init__(
        self, key: str, role: str, label: str, gender: str = "", plural: bool = False, pictured: bool = True
    ) -> None:
        # One at a time: together they would be packed into a tuple first, and a narrative has half a dozen people.
        self.id = ""
        self.key = key
        self.role = role
        self.label = label
        self.gender = gender
        self.plural = plural
        self.pictured = pictured
        self.named = False
        self.mentions: list[tuple[int, int]] = []


# Plain tuples, for a narrative has many: where somebody appears (start, end, who), and where a pronoun stands.
Mention = tuple[int, int, Participant]
Pronoun = tuple[int, int, str]


class Places(NamedTuple):
    """The people of a narrative and, where asked for, every mention (of professionals too) and pronoun, in order of place."""

    people: dict[str, Participant]
    mentions: list[Mention]
    pronouns: list[Pronoun]
