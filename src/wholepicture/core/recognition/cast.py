"""The people of one narrative, and whom a finding is about.

Pronouns are resolved only when one person fits; anything less sure is "not said" (None), because a vulnerability put on
the wrong person is worse than one put on nobody yet.
"""

from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter

from wholepicture.core.recognition import bearings as say
from wholepicture.core.recognition.people import PRONOUNS, Mention, Participant, Places, Pronoun
from wholepicture.core.recognition.text import Normal


class Cast:
    """The people of one narrative, and the answer to "whom is this about?"."""

    def __init__(self, normal: Normal, places: Places, pictured: list[Participant]) -> None:
        """``pictured``: people of the encounter (not professionals), in order of first mention."""
        self.normal = normal
        self.mentions = places.mentions
        self.pronouns = places.pronouns
        self._starts = [start for start, _, _ in places.mentions]
        self._pronoun_starts = [start for start, _, _ in places.pronouns]
        self.pictured = pictured
        self._learnt = False
        self._reported: Participant | None = None
        # Whom the narrative is chiefly about.
        self.main = self._main()

    def mentioned_at(self, start: int) -> Participant | None:
        """Whose mention begins here."""
        at = bisect_left(self._starts, start)
        return self.mentions[at][2] if self._starts[at : at + 1] == [start] else None

    def _main(self) -> Participant | None:
        """The victim if named; whoever a report is made about; else the one the narrative speaks of most."""
        people = self.pictured
        for person in people:
            if person.role == "victim":
                return person
        self._reported = self._reported_on()
        found = self._reported or self._owner_of_partner()
        if found:
            return found
        fitting = [p for p in people if p.role in say.MAY_BE_MAIN and p.key != "youths"]
        likeliest = max(fitting, key=self._weight, default=None)
        if likeliest and len(fitting) > 1 and self._did_it(likeliest):
            return max(fitting, key=self._weight_less_deeds)
        return likeliest

    def _weight_less_deeds(self, person: Participant) -> tuple[int, bool, int]:
        rank, named, mentions = self._weight(person)
        return (min(rank, 1) if self._did_it(person) else rank, named, mentions)

    def _weight(self, person: Participant) -> tuple[int, bool, int]:
        """How likely somebody is to be the one an account is about: by role, and by how often they are spoken of."""
        rank = say.MAY_BE_MAIN[person.role]
        if person.role == "suspect" and person is not self.pictured[0]:
            rank = 0
        if person.role == "child" and person.label.lower().startswith(say.OWN):
            rank = 1
        return (0 if person.plural else rank, person.key != "person", len(person.mentions))

    def _did_it(self, person: Participant) -> bool:
        """Whether the account says that somebody hurt another, made off, or was arrested."""
        return any(say.DID.match(self.normal.low, end) for _, end in person.mentions)

    def _reported_on(self) -> Participant | None:
        """In "sister rang worried about her brother" and "report of a missing girl", the brother and the girl."""
        low = self.normal.low
        head = low[:240]
        hinted = any(map(head.__contains__, say.HINTS))
        for start, _, who in self.mentions[:6]:
            if start > 240:
                break
            if who.plural or not who.pictured or who.role == "suspect":
                continue
            if hinted and say.REPORTED.search(low, max(0, start - 60), start):
                return who
            if who.role == "child" and say.TELLS_OF.search(low, max(0, start - 40), start):
                return who
        return None

    def _owner_of_partner(self) -> Participant | None:
        """In "the woman's ex-partner", the woman."""
        if not any(p.role == "partner" for p in self.pictured):
            return None
        for mention in self.mentions:
            if mention[2].role == "partner":
                before = [
                    m
                    for m in self._between(mention[0] - 24, mention[0])
                    if self._is_possessive(m) and m[2].role in ("person", "caller")
                ]
                if before:
                    return before[-1][2]
        return None

    def _between(self, start: int, end: int) -> list[Mention]:
        return self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _pronouns_between(self, start: int, end: int) -> list[Pronoun]:
        """Pronouns that lie wholly between two offsets."""
        low = bisect_left(self._pronoun_starts, start)
        high = bisect_left(self._pronoun_starts, end)
        if high > low and self.pronouns[high - 1][1] > end:
            high -= 1
        return self.pronouns[low:high]

    def _learn_genders(self) -> None:
        """ "IP states her ex": a possessive soon after the only person named in the sentence tells who she is."""
        self._learnt = True
        if not self.pronouns:
            return
        told_from = 0
        for start, end, word in self.pronouns:
            if word in ("his", "her"):
                self._learn_from_possessive(start, end, PRONOUNS[word], told_from)
            told_from = start
        self._learn_from_reporters()
        adults = [p for p in self.pictured if not p.gender and not p.plural and p.role != "child"]
        if len(adults) == 1 and any(p.gender for p in self.pictured):
            taken = {p.gender for p in self.pictured if p.gender and p.role != "child"}
            free = {PRONOUNS[word] for _, _, word in self.pronouns} - taken
            if len(free) == 1:
                adults[0].gender = free.pop()

    def _learn_from_possessive(self, start: int, end: int, gender: str, after: int) -> None:
        """From the last mention before a possessive, if no other pronoun (the last is at ``after``) or comma is between."""
        at = bisect_left(self._starts, start) - 1
        if at < 0:
            return
        mention = self.mentions[at]
        said, said_end, who = mention
        if (
            not (who.gender or who.plural)
            and who.pictured
            and after < said_end <= start
            and end <= said_end + 40
            and not self._is_possessive(mention)
        ):
            mark = say.MARK.search(self.normal.cased, said_end, start)
            if not mark or (mark.group() != "," and end <= self.normal.sentence(said)[1]):
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
            if who.gender or who.role not in ("victim", "caller") or self._is_possessive(mention):
                continue
            at = bisect_left(relatives, mention[1])
            if at == len(relatives) or relatives[at] > mention[1] + 160:
                continue
            left, right = self.normal.sentence(mention[0])
            if not self._between(left, mention[0]):
                who.gender = self._whose_relative(mention[1], min(right, mention[1] + 160))

    def _whose_relative(self, start: int, end: int) -> str:
        for _, stop, word in self._pronouns_between(start, end):
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
            return fitting[0]
        if fitting:
            return self._likeliest(fitting, at)
        open_to = [p for p in met if not p.gender and p.role != "child"]
        return open_to[0] if len(open_to) == 1 else None

    def _likeliest(self, fitting: list[Participant], at: int) -> Participant | None:
        """Of several who fit a pronoun: the last, if it opened its sentence; else the one the account is about."""
        near = [
            m for m in self._between(max(0, at - 300), at) if m[2] in fitting and not self._is_possessive(m)
        ]
        if not near:
            return None
        left = self.normal.sentence(near[-1][0])[0]
        first = self._between(left, near[-1][0] + 1)[0]
        if first[0] == near[-1][0] and self._subject_before(first):
            return near[-1][2]
        if self.main in fitting:
            return self.main
        return near[-1][2] if len({m[2].key for m in near[-2:]}) == 1 else None

    def _subject_before(self, mention: Mention) -> bool:
        left = self.normal.sentence(mention[0])[0]
        return not _after_preposition(self.normal.low, left, mention[0])

    def subject(self, start: int, end: int, bounds: tuple[int, int]) -> Participant | None:
        """Whom a statement about a person's own state, found at ``start:end``, is about; ``bounds`` are its sentence's."""
        left, right = bounds
        if left < start - 300:
            left = start - 300
        after = bisect_left(self._starts, end)
        if after < len(self._starts) and self._starts[after] < min(right, end + 60):
            mention = self.mentions[after]
            gap = self.normal.low[end : mention[0]]
            if say.BARE_GAP.match(gap) or say.FOR_AFTER.match(gap):
                return mention[2] if mention[2].pictured else None
        said = self.normal.low[max(left, start - 40) : start]
        if (" of " in said or " to " in said) and say.PARENT_OF.search(said):
            return next((p for p in self.pictured if p.role == "child" and not p.plural), None)
        place, owner = self._nearest_before(left, start)
        if place:
            return self._person_at(place)
        inside = [m for m in self._between(start, end) if not self._is_possessive(m)]
        if inside and inside[0][2].pictured:
            return inside[0][2]
        if owner:
            return self._person_at(owner)
        return None if self._anybody_between(left, start) else self._topic(left)

    def _nearest_before(
        self, left: int, right: int
    ) -> tuple[Mention | Pronoun | None, Mention | Pronoun | None]:
        """The nearest place before ``right`` that can be a subject, and the nearest that owns something, looking back to ``left``."""
        mentions, pronouns, low = self.mentions, self.pronouns, self.normal.low
        m, p = bisect_left(self._starts, right) - 1, bisect_left(self._pronoun_starts, right) - 1
        if p >= 0 and pronouns[p][1] > right:
            p -= 1
        owner: Mention | Pronoun | None = None
        while m >= 0 or p >= 0:
            place: Mention | Pronoun
            if p < 0 or (m >= 0 and mentions[m][0] > pronouns[p][0]):
                place = mentions[m]
                m -= 1
                owns = low.startswith("'s", place[1])
            else:
                place = pronouns[p]
                p -= 1
                owns = self._is_possessive(place)
            at = place[0]
            if at < left:
                break
            if owns:
                owner = owner or place
            elif not _after_preposition(low, left, at) or say.WHO.match(low, at, at + 30):
                return place, owner
        return None, owner

    def _anybody_between(self, left: int, right: int) -> bool:
        return bool(self._between(left, right) or self._pronouns_between(left, right))

    def _is_possessive(self, place: Mention | Pronoun) -> bool:
        """ "The woman's", "his", and "her" before what is hers."""
        _, end, who = place
        if isinstance(who, Participant):
            return self.normal.low.startswith("'s", end)
        return who == "his" or (who == "her" and bool(say.OWNED.match(self.normal.low, end)))

    def _person_at(self, place: Mention | Pronoun) -> Participant | None:
        start, _, met = place
        who = met if isinstance(met, Participant) else self.resolve(start, met)
        return who if who and who.pictured else None

    def _topic(self, left: int) -> Participant | None:
        """With nobody named in the sentence: whom the sentences before speak of, or the only person there is.

        Notes leave the subject out ("Care leaver, in a hostel"): it is whoever the note was about just before, or the one the
        whole account is about, if nobody else could be meant.
        """
        people = self.pictured
        if len(people) == 1:
            return None if people[0].plural else people[0]
        at = left
        for _ in range(say.BACK):
            if at <= 0:
                break
            previous = self.normal.sentence(at - 1)[0]
            told = self._reported
            if told and any(m[2] is told for m in self._between(max(previous, at - 300), at)):
                return told
            place, _ = self._nearest_subject(max(previous, at - 300), at)
            if place:
                return self._person_at(place)
            at = previous
        main = self.main
        others = [
            p
            for p in people
            if p is not main and p.role in ("victim", "person", "caller", "child") and not p.plural
        ]
        return main if main and not main.plural and not others else None

    def _nearest_subject(self, left: int, right: int) -> tuple[Mention | Pronoun | None, int]:
        """The first place in a sentence that can be its subject."""
        places: list[Mention | Pronoun] = [*self._between(left, right), *self._pronouns_between(left, right)]
        places.sort(key=itemgetter(0))
        for place in places:
            who = place[2]
            if isinstance(who, Participant) and (who.plural or not who.pictured):
                continue
            if not self._is_possessive(place) and not _after_preposition(self.normal.low, left, place[0]):
                return place, place[0]
        return None, 0

    def target(self, start: int, end: int, bounds: tuple[int, int]) -> Participant | None:
        """To whom something is done, found at ``start:end``: the object, else the person it is chiefly about."""
        reach = min(bounds[1], end + 14)
        return (
            self._object_pronoun(start, end, reach)
            or self._object_named(start, end, reach)
            or self._had_it(start, end, bounds[0])
            or self.main
        )

    def _had_it(self, start: int, end: int, left: int) -> Participant | None:
        """In "the woman had a swollen eye" and "he was punched", the woman and he."""
        place, _ = self._nearest_before(left, start)
        if place is None:
            return None
        low = self.normal.low
        first = low[start:end].partition(" ")[0]
        verb = start + len(first) + 1 if first in say.BE else start
        passive = say.WAS.match(low, place[1], verb) and not first.endswith("ing")
        hurt = say.INJURY.search(low, start, end) and say.HAD.match(low, place[1], start)
        who = self._person_at(place) if passive or hurt else None
        return who if who and not who.plural else None

    def _object_pronoun(self, start: int, end: int, reach: int) -> Participant | None:
        for at, _, word in self._pronouns_between(start, reach):
            own = word in ("herself", "himself")
            if not (word in ("her", "him") or (at < end and (own or word == "his"))):
                continue
            who = self.resolve(at, word)
            if who is None or (who.role in ("suspect", "partner") and not own):
                continue
            chief = self.main
            mistaken = chief and who.role in ("child", "family") and chief.gender in ("", who.gender)
            return chief if mistaken else who
        return None

    def _object_named(self, start: int, end: int, reach: int) -> Participant | None:
        if self.normal.low.startswith("by ", start):
            return None
        for mention in self._between(start + 1, reach):
            who = mention[2]
            fits = who.pictured and who.role in ("victim", "child", "person", "family", "caller")
            if fits and (mention[1] <= end or mention[0] - end < 8):
                return who
        return None


def _after_preposition(low: str, left: int, position: int) -> bool:
    """Whether who stands at a position is the object of a preposition: "with her older", "and his"."""
    words = low[position - 30 if position - 30 > left else left : position].rsplit(None, 3)
    while words:
        word = words.pop()
        if word in say.PREPOSITIONS or (word in ("his", "her", "their") and words and words[-1] == "and"):
            return True
        if word not in say.DETERMINERS and not word.endswith("'s"):
            return False
    return False
