"""One narrative's mentions and pronouns, and how each stands in its sentence."""

from __future__ import annotations

from bisect import bisect_left

from wholepicture.core.recognition import bearings as say
from wholepicture.core.recognition.participants import Mention, Participant, Places, Pronoun
from wholepicture.core.recognition.text import Normal


class Scene:
    """Where the people of one narrative are spoken of."""

    def __init__(self, normal: Normal, places: Places, pictured: list[Participant]) -> None:
        """``pictured``: people of the encounter (not professionals), in order of first mention."""
        self.normal = normal
        self.mentions = places.mentions
        self.pronouns = places.pronouns
        self.starts = [start for start, _, _ in places.mentions]
        self.pronoun_starts = [start for start, _, _ in places.pronouns]
        self.pictured = pictured

    def between(self, start: int, end: int) -> list[Mention]:
        """Mentions that begin between two offsets."""
        return self.mentions[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def pronouns_between(self, start: int, end: int) -> list[Pronoun]:
        """Pronouns that lie wholly between two offsets."""
        low = bisect_left(self.pronoun_starts, start)
        high = bisect_left(self.pronoun_starts, end)
        if high > low and self.pronouns[high - 1][1] > end:
            high -= 1
        return self.pronouns[low:high]

    def is_possessive(self, place: Mention | Pronoun) -> bool:
        """ "The woman's", "his", and "her" before what is hers."""
        _, end, who = place
        if isinstance(who, Participant):
            return self.normal.low.startswith("'s", end)
        return who == "his" or (who == "her" and bool(say.OWNED.match(self.normal.low, end)))

    def is_subject(self, mention: Mention) -> bool:
        """Whether a mention is no object of a preposition."""
        left = self.normal.sentence(mention[0])[0]
        return not after_preposition(self.normal.low, left, mention[0])


def aside_in(low: str, left: int, right: int) -> tuple[int, int] | None:
    """Where a clause is put in between commas: ", with whom he lives,". What comes behind it is not about those in it."""
    at = low.rfind(" who", left, right)
    if at < 0:
        return None
    found = say.ASIDE.search(low, max(left, at - 8), right)
    return found.span() if found else None


def after_preposition(low: str, left: int, position: int) -> bool:
    """Whether who stands at a position is the object of a preposition: "with her older", "and his"."""
    words = low[position - 30 if position - 30 > left else left : position].rsplit(None, 3)
    while words:
        word = words.pop()
        if word in say.PREPOSITIONS or (word in ("his", "her", "their") and words and words[-1] == "and"):
            return True
        if word not in say.DETERMINERS and not word.endswith("'s"):
            return False
    return False
