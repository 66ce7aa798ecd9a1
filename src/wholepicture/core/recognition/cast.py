"""The people of one narrative, and whom a finding is about.

Anything that is not sure is "not said" (None), because a vulnerability put on the wrong person is worse than one put on
nobody yet.
"""

from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter

from wholepicture.core.recognition import bearings as say
from wholepicture.core.recognition.participants import PRONOUNS, Mention, Participant, Pronoun
from wholepicture.core.recognition.pronouns import Speakers
from wholepicture.core.recognition.scene import after_preposition, aside_in


class Cast(Speakers):
    """The people of one narrative, and the answer to "whom is this about?"."""

    def mentioned_at(self, start: int) -> Participant | None:
        """Whose mention begins here."""
        at = bisect_left(self.starts, start)
        return self.mentions[at][2] if self.starts[at : at + 1] == [start] else None

    def subject(
        self, start: int, end: int, bounds: tuple[int, int], *, opens: bool = False, within: bool = True
    ) -> Participant | None:
        """Whom a statement about a person's own state, found at ``start:end``, is about; ``bounds`` are its sentence's.

        ``opens``: whoever the found words begin with ("dad drinks") is the one. Not ``within``: it is nobody in them or right behind them.
        """
        left, right = bounds
        if opens:
            first = self._begins_with(start, end)
            if first and not say.DOES_TO.match(self.normal.low, first[1], end):
                return self.person_at(first)
            within = within and not first
        if left < start - say.FAR:
            left = start - say.FAR
        after = bisect_left(self.starts, end)
        if within and after < len(self.starts) and self.starts[after] < min(right, end + 60):
            mention = self.mentions[after]
            gap = self.normal.low[end : mention[0]]
            if say.BARE_GAP.match(gap) or (
                say.FOR_AFTER.match(gap) and not say.OF_ONESELF.match(self.normal.low, start)
            ):
                return mention[2] if mention[2].pictured else None
        said = self.normal.low[max(left, start - 40) : start]
        if (" of " in said or " to " in said) and say.PARENT_OF.search(said):
            return next((p for p in self.pictured if p.role == "child" and not p.plural), None)
        place, owner = self._nearest_before(left, start)
        if place:
            who = place[2]
            if who in say.OBJECTS:
                return self._made_to(place, left)
            if (
                not isinstance(who, Participant)
                or who.pictured
                or not say.FINDS.match(self.normal.low, place[1])
            ):
                return self.person_at(place)
            # "GP notes no self harm": it is of whoever is spoken of, and not of the GP.
        inside = [
            m
            for m in (self.between(start, end) if within else ())
            if not self.is_possessive(m) and (opens or m[2].role != "other")
        ]
        if inside and inside[0][2].pictured:
            return inside[0][2]
        if owner:
            return self.person_at(owner)
        if (self._anybody_between(left, start) and not place) or self._of_a_stranger(left, start):
            return None
        return self._topic(left)

    def _made_to(self, place: Mention | Pronoun, left: int) -> Participant | None:
        """Who "him" or "her" at a place is; in "Kane makes him carry" it is not Kane."""
        who = self.person_at(place)
        if who and say.MAKES.search(self.normal.low, left, place[0]):
            doer = self._nearest_before(left, place[0])[0]
            if doer and doer[2] not in say.OBJECTS and self.person_at(doer) is who:
                return self._another(who, PRONOUNS[str(place[2])], place[0])
        return who

    def relative_of(self, start: int, left: int) -> Participant | None:
        """Whose relative it is of whom something is said at an offset: in "her son has a power of attorney", hers."""
        place, _ = self._nearest_before(left, start)
        if place is None or not isinstance(place[2], Participant) or place[2].role not in say.RELATIVES:
            return None
        at = bisect_left(self.pronoun_starts, place[0]) - 1
        if (
            at >= 0
            and self.pronouns[at][2] in ("his", "her")
            and place[0] - self.pronouns[at][1] <= say.BESIDE
        ):
            return self.person_at(self.pronouns[at]) or self.main
        return None

    def owner_at(self, start: int) -> Participant | None:
        """Whose it is by the word before an offset: in "his wife died", his."""
        at = bisect_left(self.pronoun_starts, start)
        for near in self.pronouns[max(0, at - 1) : at + 1]:
            if near[2] in ("his", "her") and near[0] <= start <= near[1] + 1 and self.is_possessive(near):
                return self.person_at(near)
        return None

    def holds(self, start: int, left: int) -> Participant | None:
        """Who is said to have an order of a court found at an offset: "she has a non-molestation order"."""
        place, _ = self._nearest_before(left, start)
        who = self.person_at(place) if place and say.HOLDS.match(self.normal.low, place[1]) else None
        return who if who and who.role != "suspect" else None

    def unsure(self, start: int, left: int) -> bool:
        """Whether what is found at an offset is said of a "he" or "she" who may be a suspect or partner as well as another."""
        place, _ = self._nearest_before(left, start)
        if place is None or isinstance(place[2], Participant) or self.person_at(place):
            return False
        could = ("", PRONOUNS[place[2]])
        return any(
            p.role in say.DOERS and p.gender in could for p in self.pictured if p.mentions[0][0] < start
        )

    def names(self, who: Participant, start: int, end: int) -> bool:
        """Whether somebody is mentioned between two offsets, and not only as whose somebody else is."""
        return any(m[2] is who and not self.is_possessive(m) for m in self.between(start, end))

    def for_whom(self, start: int, end: int, right: int) -> Participant | None:
        """For whom the words between two offsets say that somebody is there: "looks after her mother". ``right``: their sentence's end."""
        for mention in self.between(start, min(right, end + 12)):
            found = say.FOR_WHOM.search(self.normal.low, start, mention[0])
            if found and found.start() < end and mention[2].pictured:
                return mention[2]
        return None

    def is_own(
        self, who: Participant, start: int, end: int, bounds: tuple[int, int], *, service: bool
    ) -> bool:
        """Whether it is said of a suspect or partner themselves, in this very sentence ("he lives alone").

        ``service``: it is of a service, which they may also have called for another: theirs is "he is open to CMHT".
        """
        if who.plural:
            return service
        place, _ = self._nearest_before(bounds[0], start)
        if place is None:
            return self._begins_with(start, bounds[1]) is not None
        low = self.normal.low
        theirs = say.THEIRS.search(low, start, end)
        if theirs and PRONOUNS.get(theirs[1]) != (who.gender or "?"):
            return False
        joined = max(low.rfind(" and", place[1], start) + 4, low.rfind(",", place[1], start) + 1)
        return not service or any(say.OWN_SERVICE.match(low, at) for at in (place[1], joined))

    def _begins_with(self, start: int, end: int) -> Mention | Pronoun | None:
        """Who the found words begin with, if they do: "he is struggling", "his dad drinks"."""
        at = bisect_left(self.starts, start)
        if at < len(self.starts) and self.starts[at] < end:
            mention = self.mentions[at]
            fits = mention[2].pictured and not self.is_possessive(mention)
            if fits and say.WHOSE.fullmatch(self.normal.low, start, mention[0]):
                return mention
        if self.normal.low.startswith(say.BEGINS, start):
            at = bisect_left(self.pronoun_starts, start)
            if at < len(self.pronouns) and self.pronoun_starts[at] == start:
                return self.pronouns[at]
        return None

    def _nearest_before(
        self, left: int, right: int
    ) -> tuple[Mention | Pronoun | None, Mention | Pronoun | None]:
        """The nearest place before ``right`` that can be a subject, and the nearest that owns something, looking back to ``left``."""
        mentions, pronouns, low = self.mentions, self.pronouns, self.normal.low
        if left < right - say.FAR:
            left = right - say.FAR
        m, p = bisect_left(self.starts, right) - 1, bisect_left(self.pronoun_starts, right) - 1
        if p >= 0 and pronouns[p][1] > right:
            p -= 1
        owner: Mention | Pronoun | None = None
        object_: Mention | Pronoun | None = None
        aside = aside_in(low, left, right)
        while m >= 0 or p >= 0:
            if p < 0 or (m >= 0 and mentions[m][0] > pronouns[p][0]):
                mention = mentions[m]
                at, stop, _ = mention
                m -= 1
                if at < left:
                    break
                if aside and aside[0] < at < aside[1]:
                    continue
                if low.startswith("'s", stop):
                    owner = owner or mention
                elif low[stop : stop + 3] in say.MAY_GO_ON and self._is_by_the_way(mention, left, right):
                    continue
                elif not after_preposition(low, left, at) or say.WHO.match(low, at, at + 30):
                    return mention, owner
                continue
            pronoun = pronouns[p]
            at, stop, word = pronoun
            p -= 1
            if at < left:
                break
            if aside and aside[0] < at < aside[1]:
                continue
            if word == "he" or word == "she":
                if not say.GOES_ON.match(low, stop, right):
                    return pronoun, owner
            elif self.is_possessive(pronoun):
                owner = owner or pronoun
            elif (word == "her" or word == "him") and say.GOES_ON.search(low, stop, right):
                object_ = object_ or pronoun
            elif not after_preposition(low, left, at):
                return pronoun, owner
        return object_, owner

    def _is_by_the_way(self, place: Mention, left: int, right: int) -> bool:
        """Whether somebody is only the one to whom it was done, or who was told, and what follows is of another."""
        low = self.normal.low
        return bool(
            say.GOES_ON.match(low, place[1], right)
            or (say.THAT.match(low, place[1], right) and say.TOLD.search(low, left, place[0]))
        )

    def _of_a_stranger(self, left: int, start: int) -> bool:
        """In "the receptionist is scared", it is of somebody that no list of roles has."""
        low = self.normal.low
        return bool(say.OF_ONESELF.match(low, start) and say.STRANGER.fullmatch(low, left, start))

    def _anybody_between(self, left: int, right: int) -> bool:
        return bool(self.between(left, right) or self.pronouns_between(left, right))

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
            told = self.reported
            if told and any(m[2] is told for m in self.between(max(previous, at - say.FAR), at)):
                return told
            place = self._first_subject(max(previous, at - say.FAR), at)
            if place:
                return self.person_at(place)
            at = previous
        main = self.main
        others = [
            p
            for p in people
            if p is not main and p.role in ("victim", "person", "caller", "child") and not p.plural
        ]
        return main if main and not main.plural and not others else None

    def _first_subject(self, left: int, right: int) -> Mention | Pronoun | None:
        """The first place in a sentence that can be its subject."""
        places: list[Mention | Pronoun] = [*self.between(left, right), *self.pronouns_between(left, right)]
        places.sort(key=itemgetter(0))
        for place in places:
            who = place[2]
            if isinstance(who, Participant) and (who.plural or not who.pictured):
                continue
            if who in say.SUBJECTS or (
                not self.is_possessive(place) and not after_preposition(self.normal.low, left, place[0])
            ):
                return place
        return None

    def target(self, start: int, end: int, bounds: tuple[int, int]) -> Participant | None:
        """To whom something is done, found at ``start:end``: the object, else the person it is chiefly about."""
        reach = min(bounds[1], end + 14)
        doer = self._begins_with(start, end) or self._nearest_before(bounds[0], start)[0]
        told, who = self._object_pronoun(start, end, max(bounds[0], start - say.FAR), doer, reach)
        if told:
            return who
        return self._object_named(start, end, reach) or self._had_it(start, end, bounds[0]) or self.main

    def _had_it(self, start: int, end: int, left: int) -> Participant | None:
        """In "the woman had a swollen eye" and "he was punched", the woman and he."""
        place, _ = self._nearest_before(left, start)
        if place is None:
            return None
        low = self.normal.low
        first = low[start:end].partition(" ")[0]
        verb = say.AUXILIARY.match(low, start)
        done = verb.end() if verb else start
        passive = (
            say.WAS.match(low, place[1], done)
            and not first.endswith("ing")
            and not say.BY_LAW.match(low, done)
        )
        hurt = say.INJURY.search(low, start, end) and (
            first in say.HAS or say.HAD.search(low, place[1], start)
        )
        who = self.person_at(place) if passive or hurt else None
        return who if who and not who.plural else None

    def _object_pronoun(
        self, start: int, end: int, left: int, doer: Mention | Pronoun | None, reach: int
    ) -> tuple[bool, Participant | None]:
        """Whether "her" or "him" says to whom it was done, and who that is if it is sure. ``doer``: who it is said of."""
        low, chief = self.normal.low, self.main
        apart = doer and (doer[2] in say.OBJECTS or say.APART.search(low, doer[1], start))
        did = self.person_at(doer) if doer and not apart else None
        for place in self.pronouns_between(start, reach):
            at, after, word = place
            own = word in ("herself", "himself") or low.startswith(" own ", after)
            if not (word in ("her", "him") or (at < end and (own or word == "his"))):
                continue
            if say.RELATIVE.match(low, after) or low.endswith("by ", start, at):
                continue
            if own and did and not did.plural:
                return True, did
            who = self.resolve(at, word)
            if who and who is did and not own:
                if self.is_possessive(place):
                    continue
                # "Mr Bell shouted at him": whoever did it is not the one to whom it was done.
                others = any(m[2] is not did and m[2].pictured for m in self.between(left, start))
                return True, self._another(who, PRONOUNS[word], at) or (who if others else None)
            if who is None and chief and chief.role in say.DOERS and word in say.OBJECTS:
                return True, self._another(chief, PRONOUNS[word], at)
            if who is None or (
                who.role in say.DOERS and not own and not (chief and chief.role in say.SPEAKERS)
            ):
                continue
            mistaken = chief and who.role in ("child", "family") and chief.gender in ("", who.gender)
            return True, chief if mistaken else who
        return False, None

    def _another(self, doer: Participant, gender: str, at: int) -> Participant | None:
        """The one other person met before an offset whom a pronoun can mean, if there is one."""
        met = [
            p
            for p in self.pictured
            if p is not doer and not p.plural and p.mentions[0][0] <= at and p.gender in ("", gender)
        ]
        fitting = [p for p in met if p.gender] or met
        if self.main in fitting:
            return self.main
        return fitting[0] if len(fitting) == 1 else None

    def _object_named(self, start: int, end: int, reach: int) -> Participant | None:
        low = self.normal.low
        if low.startswith("by ", start):
            return None
        for mention in self.between(start + 1, reach):
            who = mention[2]
            fits = who.pictured and who.role in say.DONE_TO and not self.is_possessive(mention)
            if low.endswith(say.EARLIER, start, mention[0]):
                continue
            if who.role == "partner" and (
                say.PLAINLY.fullmatch(low, start, mention[0])
                or (mention[0] >= end and self.names(who, start, end))
            ):
                continue
            if fits and (mention[1] <= end or mention[0] - end < 8):
                return None if say.BY_WHOM.search(low, start, mention[0]) else who
        return None
