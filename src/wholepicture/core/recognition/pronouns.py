"""Whom a pronoun means: resolved only when one person fits."""

from __future__ import annotations

from bisect import bisect_left

from wholepicture.core.recognition import bearings as say
from wholepicture.core.recognition.chief import chief_of
from wholepicture.core.recognition.participants import PRONOUNS, Mention, Participant, Places, Pronoun
from wholepicture.core.recognition.scene import Scene
from wholepicture.core.recognition.text import Normal

# What stands before a word that begins a sentence, or a part of one.
_NEW = (". ", ", ", ".", "! ", "? ", "\n")


class Speakers(Scene):
    """The people of one narrative, what is learnt of each being he or she, and whom each pronoun means."""

    def __init__(self, normal: Normal, places: Places, pictured: list[Participant]) -> None:
        """``pictured``: people of the encounter (not professionals), in order of first mention."""
        super().__init__(normal, places, pictured)
        self._learnt = False
        # Whom the narrative is chiefly about, and whether a report is made about them.
        self.main, self.reported = chief_of(self)

    def _learn_genders(self) -> None:
        """ "IP states her ex": a possessive soon after the only person named in the sentence tells who she is."""
        self._learnt = True
        if not self.pronouns or all(p.gender or p.plural for p in self.pictured):
            return
        low, starts, mentions = self.normal.low, self.starts, self.mentions
        met, told_from = 0, 0
        tried: set[str] = set()
        for place in self.pronouns:
            start, end, word = place
            while met < len(starts) and starts[met] < start:
                met += 1
            # Whoever was told of since the last pronoun may be the one.
            if met and mentions[met - 1][1] > told_from:
                last, gender = mentions[met - 1], PRONOUNS[word]
                if word in say.SUBJECTS:
                    key = last[2].key
                    if key not in tried and low.endswith(_NEW, 0, start) and self._may_tell(last):
                        tried.add(key)
                        self._learn_from_next(met - 1, start, gender)
                elif word == "his" or self.is_possessive(place):
                    self._learn_from_possessive(last, start, end, gender)
                elif word in say.OBJECTS:
                    self._learn_from_object(last, start, gender)
            told_from = start
        self._learn_from_reporters()
        adults = [p for p in self.pictured if not p.gender and not p.plural and p.role != "child"]
        if len(adults) == 1 and any(p.gender for p in self.pictured):
            taken = {p.gender for p in self.pictured if p.gender and p.role != "child"}
            free = {PRONOUNS[word] for _, _, word in self.pronouns} - taken
            if len(free) == 1:
                adults[0].gender = free.pop()

    def _learn_from_possessive(self, mention: Mention, start: int, end: int, gender: str) -> None:
        """From the last mention before a possessive at ``start:end``, if no comma is between."""
        said, said_end, who = mention
        if (
            not (who.gender or who.plural)
            and who.pictured
            and not (who.role in say.DOERS and say.AT.search(self.normal.low, said_end, start))
            and not (who.role in say.SPEAKERS and self._may_be_main(said_end, start, gender))
            and said_end <= start
            and end <= said_end + 40
            and not self.is_possessive(mention)
        ):
            mark = say.MARK.search(self.normal.cased, said_end, start)
            if not mark or (mark.group() != "," and end <= self.normal.sentence(said)[1]):
                who.gender = gender

    def _may_be_main(self, start: int, end: int, gender: str) -> bool:
        """ "The neighbour said his wife died": his may be the main person's, of whom it is known that he is a man."""
        main = self.main
        return (
            main is not None and main.gender == gender and bool(say.SPOKE.search(self.normal.low, start, end))
        )

    def _learn_from_object(self, mention: Mention, start: int, gender: str) -> None:
        """From "the suspect told her": she is the one other who was met, and not the suspect, of whom the last mention is."""
        _, said_end, who = mention
        apart = start > said_end + 20 or say.MARK.search(self.normal.cased, said_end, start)
        if who.plural or apart or any(p.gender == gender for p in self.pictured):
            return
        met = [p for p in self.pictured if p is not who and not p.plural and p.mentions[0][0] < start]
        if len(met) == 1 and not met[0].gender and met[0].role != "child":
            met[0].gender = gender

    def _may_tell(self, mention: Mention) -> bool:
        """Whether a pronoun behind a mention can tell anything of whoever it is of, or of an earlier one."""
        who = mention[2]
        return (who.pictured and not who.gender and not who.plural) or self.is_possessive(mention)

    def _learn_from_next(self, last: int, start: int, gender: str) -> None:
        """From "The suspect is the victim's carer. He told us": he is the only one of the sentence before who owns nothing in it.

        ``last``: which mention is the last before the pronoun at ``start``.
        """
        low, mentions = self.normal.low, self.mentions
        # "Partner made no statement, she said".
        if low.endswith(", ", 0, start) and not say.SAYS.match(
            low, start + len("she" if gender == "f" else "he")
        ):
            return
        first = self.pictured[0]
        if len(self.pictured) == 1 or self.pictured[1].mentions[0][0] >= start:
            # Nobody else was met.
            alone = not (first.gender or first.plural or first.role in say.SPEAKERS)
            if alone and all(PRONOUNS[word] == gender for at, _, word in self.pronouns if at < start):
                first.gender = gender
                return
        only: Mention | None = None
        while last >= 0 and start - mentions[last][1] < say.FAR:
            mention = mentions[last]
            if low.find(". ", mention[1], start - 2) >= 0:
                break
            if not self.is_possessive(mention):
                if only and only[2] is not mention[2]:
                    return
                only = mention
            last -= 1
        if only and say.OPENS.search(low, max(0, only[0] - 24), only[0]):
            who = only[2]
            if not (who.gender or who.plural) and who.pictured:
                who.gender = gender

    def _learn_from_reporters(self) -> None:
        """ "Victim states the suspect, her ex": whose relative is named first tells who the speaker is."""
        low = self.normal.low
        relatives = [
            s for s, e, word in self.pronouns if word in ("his", "her") and say.RELATIVE.match(low, e)
        ]
        if not relatives:
            return
        for mention in self.mentions:
            who = mention[2]
            if who.gender or who.role not in ("victim", "caller") or self.is_possessive(mention):
                continue
            at = bisect_left(relatives, mention[1])
            if at == len(relatives) or relatives[at] > mention[1] + 160:
                continue
            left, right = self.normal.sentence(mention[0])
            if not self.between(left, mention[0]):
                who.gender = self._whose_relative(mention[1], min(right, mention[1] + 160))

    def _whose_relative(self, start: int, end: int) -> str:
        for _, stop, word in self.pronouns_between(start, end):
            if word in ("his", "her") and say.RELATIVE.match(self.normal.low, stop, end):
                return PRONOUNS[word]
        return ""

    def resolve(self, at: int, pronoun: str) -> Participant | None:
        """The one person a pronoun at an offset can mean, or None when it is not sure."""
        if not self._learnt:
            self._learn_genders()
        gender = PRONOUNS[pronoun]
        met = [p for p in self.pictured if not p.plural and p.mentions[0][0] <= at]
        fitting = [p for p in met if p.gender == gender]
        if len(fitting) == 1:
            return None if self._rather_main(fitting[0], at) else fitting[0]
        if fitting:
            return self._likeliest(fitting, at)
        open_to = [p for p in met if not p.gender and p.role != "child"]
        return open_to[0] if len(open_to) == 1 else None

    def _rather_main(self, only: Participant, at: int) -> bool:
        """ "The victim was with her aunt. She was in tears": whether it may well be the main person, of whom nothing tells "he" or "she"."""
        main = self.main
        if (
            not main
            or main.mentions[0][0] > at
            or main.gender
            or main.plural
            or main.role == "child"
            or only.role in say.DOERS
        ):
            return False
        near = [m for m in self.between(max(0, at - say.FAR), at) if m[2] is only or m[2] is main]
        subjects = [m for m in near if not self.is_possessive(m) and self.is_subject(m)]
        if not subjects:
            return False
        _, end, last = subjects[-1]
        return last is main or (last.role in say.TELLERS and bool(say.FINDS.match(self.normal.low, end)))

    def _likeliest(self, fitting: list[Participant], at: int) -> Participant | None:
        """Of several who fit a pronoun: the last, if it opened its sentence; else the one the account is about."""
        near = [
            m for m in self.between(max(0, at - say.FAR), at) if m[2] in fitting and not self.is_possessive(m)
        ]
        if not near:
            return None
        left = self.normal.sentence(near[-1][0])[0]
        first = self.between(left, near[-1][0] + 1)[0]
        gender = near[-1][2].gender
        spoken_of = any(
            w in say.SUBJECTS and PRONOUNS[w] == gender for *_, w in self.pronouns_between(left, first[0])
        )
        if first[0] == near[-1][0] and self.is_subject(first) and not spoken_of:
            last = near[-1][2]
            told = (
                last.role in say.TELLERS
                and self.main in fitting
                and say.FINDS.match(self.normal.low, near[-1][1])
            )
            return self.main if told else last
        if self.main in fitting:
            return self.main
        return near[-1][2] if len({m[2].key for m in near[-2:]}) == 1 else None

    def person_at(self, place: Mention | Pronoun) -> Participant | None:
        """Whom a mention or pronoun means, if it is somebody of the encounter."""
        start, _, met = place
        who = met if isinstance(met, Participant) else self.resolve(start, met)
        return who if who and who.pictured else None
