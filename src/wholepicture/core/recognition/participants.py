"""Who is in a narrative, and whom a finding is about.

People appear as role words (IP, suspect, her son), as names (Mr James, Sian) and as pronouns. Pronouns are resolved only
when one person fits; anything less sure is "not said" (None), because a vulnerability put on the wrong person is worse
than one put on nobody yet.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from wholepicture.core.practice.model import RoleGroup
from wholepicture.core.recognition.text import Normal

_PRONOUNS = {
    "he": "m",
    "him": "m",
    "his": "m",
    "himself": "m",
    "she": "f",
    "her": "f",
    "hers": "f",
    "herself": "f",
}
_PRONOUN = re.compile(r"\b(?:he|him|his|himself|she|her|hers|herself)\b")
_TITLED = re.compile(r"M(?:r|rs|s|iss|aster)\.? ?(?:[A-Z][a-z'’]+(?: [A-Z][a-z'’]+)?|[A-Z]{2,}|XXX)")
_NAMED = re.compile(
    r"[A-Z][a-z]{2,}(?: [A-Z][A-Za-z]{2,})?(?=(?:'s)? (?:was|had|has|is|said|says|states|stated|told|died|attended|lived|lives|suffered|appeared|"
    r"reported|went|took|left|became|began|denies|denied|disclosed|did|could|would|also|then|refused|informed|explained|advised|claimed)\b)"
)
_NOT_NAMES = frozenset(
    [
        "the",
        "this",
        "that",
        "there",
        "it",
        "he",
        "she",
        "they",
        "we",
        "you",
        "who",
        "what",
        "when",
        "where",
        "which",
        "officers",
        "officer",
        "police",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "hospital",
        "service",
        "services",
        "team",
        "trust",
        "council",
        "court",
        "road",
        "street",
        "constabulary",
        "ambulance",
        "and",
        "but",
        "also",
        "however",
        "although",
        "nothing",
        "nobody",
        "everyone",
        "someone",
        "both",
        "each",
        "all",
        "one",
        "two",
        "three",
        "no",
        "not",
        "his",
        "her",
        "their",
        "our",
        "your",
        "upon",
        "on",
        "at",
        "in",
        "after",
        "before",
        "during",
        "following",
        "as",
        "if",
        "male",
        "female",
        "man",
        "woman",
        "ip",
        "victim",
        "suspect",
        "caller",
        "informant",
        "mother",
        "father",
        "mum",
        "dad",
        "partner",
        "wife",
        "husband",
        "son",
        "daughter",
        "child",
        "children",
        "neighbour",
        "patient",
        "evidence",
        "information",
        "concern",
        "enquiries",
        "checks",
        "medication",
        "property",
        "address",
        "unit",
        "units",
        "operator",
        "bwc",
        "fio",
        "section",
        "social",
        "school",
        "staff",
        "crew",
        "nurse",
        "doctor",
        "paramedics",
        "these",
        "those",
        "its",
        "it",
        "house",
        "flat",
        "home",
        "door",
        "scene",
        "car",
        "vehicle",
        "force",
        "log",
        "incident",
        "call",
        "report",
        "inspector",
        "sergeant",
        "detective",
        "driver",
        "passenger",
        "party",
        "parties",
        "subject",
        "individual",
        "individuals",
    ]
)
_PREPOSITION = re.compile(
    r"\b(?:by|with|from|to|for|at|of|about|against|on|towards|near|as|and (?:his|her|their))(?: (?:the|a|an|his|her|their|my|ip's|\w+'s|ex|own|young|elderly|older|late))*\s*$"
)
_FOR_AFTER = re.compile(
    r"^\W*(?:(?:marker|markers|flag|issues|concerns?|history|needs?|problems|diagnosis|noted|recorded)\W+){0,2}(?:for|of|re|on|regarding|with)\W+(?:the\W+|her\W+|his\W+)?$"
)
_BARE_GAP = re.compile(
    r"^[\s'\"()]*(?:(?:young|old|elderly|older|white|black|asian|lone|known|vulnerable)\s+)?$"
)
_POSSESSIVE_HER = re.compile(r"\b(?:his|her|their|ip's|ips|victim's|suspect's|\w+'s)\s+(?:\w+\s+){0,1}$")
_ADULT_CHILD = re.compile(r"\badult\s+$")
_OWNED = re.compile(
    r" (?!(?:by|to|and|in|on|at|but|when|for|with|from|after|before|again|as|that|if|is|was|out|up|down|off|over|a|the|so|because|"
    r"about|around|against|into|onto|until|while|had|has|being|not)\b)[a-z]"
)
_REPORTER = re.compile(
    r"\b(her|his) (?:ex|husband|wife|partner|boyfriend|girlfriend|son|daughter|sister|brother|mother|father|mum|dad|children|kids)\b"
)
_RELATIVES = frozenset(("partner", "child", "family"))
_ADULT_PARTNERS = ("partner", "boyfriend", "girlfriend", "husband", "wife")


@dataclass(slots=True)
class Participant:
    """One person of a narrative. ``mentions`` are spans in the normalised text."""

    key: str
    role: str
    label: str
    gender: str = ""
    plural: bool = False
    pictured: bool = True
    mentions: list[tuple[int, int]] = field(default_factory=list)


class Mention(NamedTuple):
    """One place where somebody appears. ``possessive``: as in "the woman's".

    A named tuple, because a narrative has many and making one is most of the cost.
    """

    start: int
    end: int
    who: Participant
    pronoun: bool = False
    possessive: bool = False


class ParticipantFinder:
    """Finds the people of a narrative by the catalogue's role words, and by names."""

    def __init__(self, groups: tuple[RoleGroup, ...]) -> None:
        pictured = [(word, group) for group in groups if group.pictured for word in group.words]
        others = [(word, group) for group in groups if not group.pictured for word in group.words]
        self._pictured = _matcher(pictured)
        self._everyone = _matcher(pictured + others)

    def find(self, normal: Normal, *, professionals: bool = True) -> Cast:
        """The cast of a narrative. Professionals matter only to whom a finding is about: leave them out where there is none."""
        low, size = normal.low, len(normal.low)
        automaton, groups = self._everyone if professionals else self._pictured
        people: dict[str, Participant] = {}
        mentions: list[Mention] = []
        for index, start, end in automaton.find_matches_as_indexes(low):
            if (start and low[start - 1].isalnum()) or (end < size and low[end].isalnum()):
                continue
            mentions.append(_mention(normal, start, end, groups[index], people))
        _names(normal, people, mentions)
        _merge_partners(people, mentions)
        return Cast(normal, people, mentions)


def _matcher(words: list[tuple[str, RoleGroup]]) -> tuple[AhoCorasick, list[RoleGroup]]:
    automaton = AhoCorasick(
        [w for w, _ in words], matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA
    )
    return automaton, [g for _, g in words]


def _mention(
    normal: Normal, start: int, end: int, group: RoleGroup, people: dict[str, Participant]
) -> Mention:
    role, key = group.role, group.key
    if role == "child" and _ADULT_CHILD.search(normal.low, max(0, start - 8), start):
        role, key = "family", f"adult-{key}"
    person = people.get(key)
    if person is None:
        label = normal.cased[start:end].replace("\n", " ")
        owner = role in _RELATIVES and _POSSESSIVE_HER.search(normal.low, max(0, start - 24), start)
        if owner:
            label = normal.cased[owner.start() : end].replace("\n", " ")
        person = people[key] = Participant(key, role, label, group.gender, group.plural, group.pictured)
    person.mentions.append((start, end))
    low = normal.low
    return Mention(start, end, person, possessive=low.startswith("'s", end))


def _names(normal: Normal, people: dict[str, Participant], mentions: list[Mention]) -> None:
    """Names with a title, and capitalised words that do what people do."""
    cased = normal.cased
    found: dict[str, Participant] = {}
    for match in _TITLED.finditer(cased) if "M" in cased else ():
        title, _, surname = match.group().partition(" ")
        key = surname.split(" ")[-1].lower() or match.group().lower()
        gender = "m" if title.rstrip(".") in ("Mr", "Master") else "f"
        found.setdefault(key, Participant(f"name-{key}", "person", match.group(), gender))
    for match in _NAMED.finditer(cased):
        if match.start() and (cased[match.start() - 1].isalnum() or cased[match.start() - 1] == "'"):
            continue
        key = match.group().split(" ")[0].lower()
        if (
            key not in _NOT_NAMES
            and key not in found
            and match.group().split(" ")[-1].lower() not in found
            and match.group().split(" ")[-1].lower() not in _NOT_NAMES
        ):
            found[key] = Participant(f"name-{key}", "person", match.group())
    if not found or len(found) > 40:
        return
    pattern = re.compile(r"\b(?:" + "|".join(re.escape(k) for k in found) + r")\b")
    for match in pattern.finditer(normal.low):
        if not cased[match.start()].isupper():
            continue
        who = found[match.group()]
        who.mentions.append(match.span())
        people[who.key] = who
        mentions.append(
            Mention(match.start(), match.end(), who, possessive=normal.low.startswith("'s", match.end()))
        )
    mentions.sort(key=lambda m: m.start)


def _merge_partners(people: dict[str, Participant], mentions: list[Mention]) -> None:
    """ "Her ex" and "the boyfriend" are one man unless two such words of different kinds stand in the text."""
    kinds = [k for k in _ADULT_PARTNERS if k in people]
    if len(kinds) != 2 or "partner" not in kinds:
        return
    partner = people.pop("partner")
    other = people[next(k for k in kinds if k != "partner")]
    other.mentions = sorted(other.mentions + partner.mentions)
    if partner.mentions[0] == other.mentions[0]:
        other.label = partner.label
    for i, mention in enumerate(mentions):
        if mention.who is partner:
            mentions[i] = Mention(mention.start, mention.end, other, possessive=mention.possessive)


class Cast:
    """The people of one narrative, and the answer to "whom is this about?"."""

    def __init__(self, normal: Normal, people: dict[str, Participant], mentions: list[Mention]) -> None:
        self.normal = normal
        self.people = people
        self.mentions = mentions
        self._starts = [m.start for m in mentions]
        self._learnt = False

    def pictured(self) -> list[Participant]:
        """People of the encounter (not professionals), in order of first mention."""
        return sorted((p for p in self.people.values() if p.pictured), key=lambda p: p.mentions[0])

    def main(self) -> Participant | None:
        """Whom the narrative is chiefly about: the victim if named, else whoever it speaks of most."""
        people = self.pictured()
        for role in ("victim",):
            for person in people:
                if person.role == role:
                    return person
        owners = self._owner_of_partner()
        if owners:
            return owners
        for roles in (("person", "child"), ("caller",), ("partner", "family")):
            fitting = [p for p in people if p.role in roles and p.key != "youths"]
            if fitting:
                return max(fitting, key=lambda p: (p.key != "person", len(p.mentions)))
        return None

    def _owner_of_partner(self) -> Participant | None:
        """In "the woman's ex-partner", the woman."""
        for mention in self.mentions:
            if mention.who.role == "partner":
                before = [
                    m
                    for m in self._between(mention.start - 24, mention.start)
                    if m.possessive and m.who.role in ("person", "caller")
                ]
                if before:
                    return before[-1].who
        return None

    def _between(self, start: int, end: int) -> list[Mention]:
        return self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _learn_genders(self) -> None:
        """ "IP states her ex": a possessive soon after the only person named in the sentence tells who she is."""
        self._learnt = True
        low = self.normal.low
        for mention in self.mentions:
            who = mention.who
            if who.gender or who.plural or not who.pictured or mention.possessive:
                continue
            sentence_end = self.normal.sentence(mention.start)[1]
            limit = min(sentence_end, mention.end + 40)
            following = _PRONOUN.search(low, mention.end, limit)
            if (
                following
                and following.group() in ("his", "her")
                and "," not in low[mention.end : following.start()]
                and not self._between(mention.end, following.start())
            ):
                who.gender = _PRONOUNS[following.group()]
        self._learn_from_reporters()
        adults = [p for p in self.pictured() if not p.gender and not p.plural and p.role != "child"]
        if len(adults) == 1 and any(p.gender for p in self.pictured()):
            taken = {p.gender for p in self.pictured() if p.gender and p.role != "child"}
            used = {_PRONOUNS[w] for w in set(_PRONOUN.findall(low))}
            free = used - taken
            if len(free) == 1:
                adults[0].gender = free.pop()

    def _learn_from_reporters(self) -> None:
        """ "Victim states the suspect, her ex": whose relative is named first tells who the speaker is."""
        low = self.normal.low
        seen: set[int] = set()
        for mention in self.mentions:
            left, right = self.normal.sentence(mention.start)
            if left in seen:
                continue
            seen.add(left)
            who = mention.who
            if who.role in ("victim", "caller") and not who.gender and not mention.possessive:
                owned = _REPORTER.search(low, mention.end, min(right, mention.end + 160))
                who.gender = _PRONOUNS[owned.group(1)] if owned else ""

    def resolve(self, pronoun: str, at: int) -> Participant | None:
        """The one person a pronoun can mean, or None when it is not sure."""
        if not self._learnt:
            self._learn_genders()
        gender = _PRONOUNS[pronoun]
        fitting = [
            p for p in self.pictured() if p.gender == gender and not p.plural and p.mentions[0][0] < at
        ]
        if len(fitting) == 1:
            return fitting[0]
        if len(fitting) > 1:
            return self._likeliest(fitting, at)
        open_to = [
            p
            for p in self.pictured()
            if not p.gender and not p.plural and p.role != "child" and p.mentions[0][0] < at
        ]
        return open_to[0] if len(open_to) == 1 else None

    def _likeliest(self, fitting: list[Participant], at: int) -> Participant | None:
        """Of several who fit a pronoun: the last, if it opened its sentence; else the one the account is about."""
        near = [m for m in self._between(max(0, at - 300), at) if m.who in fitting and not m.possessive]
        if not near:
            return None
        left = self.normal.sentence(near[-1].start)[0]
        if self._between(left, near[-1].start + 1)[0] is near[-1] and self._subject_before(near[-1]):
            return near[-1].who
        chief = self.main()
        if chief in fitting:
            return chief
        return near[-1].who if len({m.who.key for m in near[-2:]}) == 1 else None

    def _subject_before(self, mention: Mention) -> bool:
        start = self.normal.sentence(mention.start)[0]
        return not _PREPOSITION.search(self.normal.low, max(start, mention.start - 30), mention.start)

    def subject(self, start: int, end: int) -> Participant | None:
        """Whom a statement about a person's own state, found at ``start:end``, is about."""
        low = self.normal.low
        left, right = self.normal.sentence(start)
        left, right = max(left, start - 300), min(right, end + 60)
        for mention in self._between(end, right)[:1]:
            gap = low[end : mention.start]
            if _BARE_GAP.match(gap) or _FOR_AFTER.match(gap):
                return mention.who if mention.who.pictured else None
        inside = [m for m in self._between(start, end) if not m.possessive]
        before = self._spoken_of(left, start)
        for position, who, possessive in reversed(before):
            if possessive:
                continue
            relative = re.match(r"\w+(?: \w+)?,? who\b", low[position : position + 30])
            if relative or not _PREPOSITION.search(low, max(left, position - 30), position):
                return who if who is None or who.pictured else None
        if inside and inside[0].who.pictured:
            return inside[0].who
        if before:
            owner = [who for _, who, possessive in before if possessive]
            return owner[-1] if owner and owner[-1] is not None and owner[-1].pictured else None
        return self._topic(left)

    def _spoken_of(self, left: int, right: int) -> list[tuple[int, Participant | None, bool]]:
        """Mentions and pronouns between two offsets: position, who (None: unsure), whether possessive."""
        low = self.normal.low
        found: list[tuple[int, Participant | None, bool]] = [
            (m.start, m.who, m.possessive) for m in self._between(left, right)
        ]
        for match in _PRONOUN.finditer(low, left, right):
            word = match.group()
            possessive = word == "his" or (word == "her" and bool(_OWNED.match(low, match.end())))
            found.append((match.start(), self.resolve(word, match.start()), possessive))
        found.sort(key=lambda item: item[0])
        return found

    def _topic(self, left: int) -> Participant | None:
        """With nobody named in the sentence: the subject of the one before, or the only person there is."""
        people = self.pictured()
        if len(people) == 1:
            return None if people[0].plural else people[0]
        if left > 0:
            previous = self.normal.sentence(left - 1)[0]
            for mention in self._between(max(previous, left - 300), left):
                if not mention.possessive and mention.who.pictured and self._subject_before(mention):
                    return mention.who
        victims = [p for p in people if p.role == "victim"]
        return (
            victims[0]
            if len(victims) == 1 and not any(p.role in ("child", "family") for p in people)
            else None
        )

    def target(self, start: int, end: int) -> Participant | None:
        """To whom something is done, found at ``start:end``: the object, else the person it is chiefly about."""
        low = self.normal.low
        sentence_end = self.normal.sentence(start)[1]
        reach = min(sentence_end, end + 14)
        for match in _PRONOUN.finditer(low, start, reach):
            if match.group() in ("her", "him", "his", "herself", "himself") and (
                match.start() < end or match.group() in ("her", "him")
            ):
                who = self.resolve(match.group(), match.start())
                if who is not None and (
                    who.role not in ("suspect", "partner") or match.group().endswith("self")
                ):
                    chief = self.main()
                    mistaken = chief and who.role in ("child", "family") and chief.gender in ("", who.gender)
                    return chief if mistaken else who
        for mention in self._between(start, reach):
            if (
                mention.who.role in ("victim", "child", "person", "family", "caller")
                and mention.who.pictured
                and mention.start > start
                and not low.startswith("by ", start)
            ) and (mention.end <= end or mention.start - end < 8):
                return mention.who
        return self.main()
