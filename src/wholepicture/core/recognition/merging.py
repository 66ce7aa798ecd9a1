"""Mentions that are of one person, and words that are of nobody else."""

from __future__ import annotations

import re

from wholepicture.core.recognition.participants import Mention, Participant

# Somebody told of in another word: ", a 23 year old " and " is her older ".
TOLD_ANEW = frozenset((", a", ", t", " is", " wa"))
SHORT = 40
_ANEW = re.compile(
    r"(?:,| is| was) (?:an?|the|his|her|their|my|(?:ip|victim)'?s) (?:(?!(?:of|to|with|by|for|from|at|in|on|and|or|who|that|as|than) )[\w'’-]+ ){0,4}"
)
_AND_MORE = re.compile(r"'s|,? (?:and|or) (?:an?|the|another|his|her|two)\b")
MAY_BE_PART = re.compile(r" (?:he|she|is|was|as|be|been|being|became) ")
_PART = re.compile(
    r"\b(?:he|she|is|was|as|be|been|being|became)(?: (?:also|now|still|not|only|just))*"
    r"(?: (?:an?|the|his|her|their|my|own|sole|main|only|full|time|full-time|primary|unpaid|young|registered|close|good))* $"
)
_MAY_BE_PARTS = ("other", "person", "victim")
AS_A = (" as a ", " being a ")
_BY_PART = frozenset(("victim", "suspect", "caller", "witness", "person", "child"))
_WHO_THEY_ARE = frozenset(("person", "family", "other", "partner", "child"))
_ADULT_PARTNERS = ("partner", "boyfriend", "girlfriend", "husband", "wife")


def merge_told_anew(low: str, people: dict[str, Participant], mentions: list[Mention]) -> None:
    """ "The victim, a 23 year old student," and "the suspect is her brother" are each of one person, told of in another word."""
    same: dict[str, Participant] = {}
    for number, (_, end, who) in enumerate(mentions[:-1], 1):
        if low[end : end + 3] not in TOLD_ANEW:
            continue
        # Past the owner, in "the victim's grandson".
        owned = low.startswith("'s ", mentions[number][1]) and number + 1 < len(mentions)
        start, after, other = mentions[number + owned]
        who = same.get(who.key, who)
        differ = who is other or (who.gender and other.gender and who.gender != other.gender)
        fits = who.pictured and other.pictured and not (who.plural or other.plural)
        if start - end > SHORT or differ or not fits or other.mentions[0][0] != start:
            continue
        known = (
            other.role == "person"
            if low[end] == ","
            else who.role in _BY_PART and other.role in _WHO_THEY_ARE
        )
        if known and _ANEW.fullmatch(low, end, start) and not _AND_MORE.match(low, after):
            who.gender = who.gender or other.gender
            if who.role == "other" and other.role == "person":
                who.role = "person"  # "her lodger, a young man" may be the one it is about
            who.mentions = sorted(who.mentions + other.mentions)
            same[other.key] = who
            people.pop(other.key, None)
    if same:
        mentions[:] = [(start, end, same.get(who.key, who)) for start, end, who in mentions]


def drop_parts(low: str, people: dict[str, Participant], mentions: list[Mention]) -> None:
    """In "he is her main carer" and "the victim of a robbery in 2019", the carer and the victim are nobody else."""
    gone = [p for p in people.values() if p.role in _MAY_BE_PARTS and _is_nobody(low, p, len(people) > 1)]
    if gone:
        for person in gone:
            del people[person.key]
        mentions[:] = [m for m in mentions if m[2] not in gone]


def _is_nobody(low: str, person: Participant, others: bool) -> bool:
    """Whether every mention is only what somebody else is: "is her carer", "was the victim of", "reported as a missing person"."""
    for start, end in person.mentions:
        if person.role == "person":
            if not others or not low.endswith(AS_A, 0, start):
                return False
        elif (person.role == "victim" and not low.startswith(" of ", end)) or not _PART.search(
            low, max(0, start - 50), start
        ):
            return False
    return True


def merge_partners(people: dict[str, Participant], mentions: list[Mention]) -> None:
    """ "Her ex" and "the boyfriend" are one man unless two such words of different kinds stand in the text."""
    if "partner" not in people:
        return
    kinds = [k for k in _ADULT_PARTNERS if k in people]
    if len(kinds) != 2:
        return
    partner = people.pop("partner")
    other = people[kinds[1]]
    other.mentions = sorted(other.mentions + partner.mentions)
    if partner.mentions[0] == other.mentions[0]:
        other.label = partner.label
    mentions[:] = [(start, end, other if who is partner else who) for start, end, who in mentions]
