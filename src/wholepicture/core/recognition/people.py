"""Who is in a narrative: by role words (IP, suspect, her son), by names (Mr James, Sian), and where pronouns stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter
from string import punctuation

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from wholepicture.core.practice.model import RoleGroup
from wholepicture.core.recognition.merging import (
    AS_A,
    MAY_BE_PART,
    SHORT,
    TOLD_ANEW,
    drop_parts,
    merge_partners,
    merge_told_anew,
)
from wholepicture.core.recognition.participants import PRONOUNS, Mention, Participant, Places, Pronoun
from wholepicture.core.recognition.text import Normal

MOST_NAMES = 40
_MARKS = "…•·£€" + punctuation
_FLAT = {ord(mark): " " for mark in _MARKS}
_FLAT_BYTES = bytes.maketrans(punctuation.encode(), b" " * len(punctuation))
_TITLED = re.compile(
    r"(M(?:r|rs|s|iss|aster))\.? ?([A-Z][a-z'’]+(?: [A-Z][a-z'’]+)?|[A-Z]{2,}|[A-Z](?![A-Za-z]))"
)
# What a named person does, by first letter (so that most words are turned down at once), and the words before somebody who
# is only spoken of ("report that Dean").
_DOES = (
    "a(?:ttended|ppeared|lso|dvised)|b(?:ecame|egan)|c(?:alled|ontacted|ame|ould|laimed)|d(?:ied|enies|enied|isclosed|id)|explained|"
    "f(?:eels|elt)|ha[ds]|i(?:s|nformed)|l(?:ived|ives|eft)|phoned|r(?:eported|ang|efused)|s(?:aid|ays|tates|tated|uffered)|"
    "t(?:old|ook|elephoned|hinks|hen)|w(?:as|ent|ants|anted|ould)"
)
_LEADS = (" that ", " named ", " called ", " between ", " re ")
# The first letter is said so that the search passes over small letters quickly: a third faster than [A-Z].
_CAPITAL = r"[^a-z .,0-9](?<=[A-Z])"
_FULL_NAME = r"[a-z]{2,}+(?: [A-Z][A-Za-z]{2,}+)?+"
# An age behind a name says that it is one: "Jade Moon, 17." and "Kyle Smith (16)", "Alfie 6 and Isla 2".
_AGED = (
    r"(?=[ ,]{1,2}[(\da])(?:, (?:aged )?\d{1,2}[,.;)]| \((?:aged )?\d{1,2}\)|,? aged \d{1,2}\b"
    r"| \d{1,2}(?: and|,) [A-Z][a-z]+ \d{1,2}\b)"
)
_NAMED = re.compile(rf"{_CAPITAL}{_FULL_NAME}(?=(?:'s)? (?:{_DOES})\b|{_AGED})")
_AND_AGED = re.compile(r" \d{1,2}(?: and|,) ([A-Z][a-z]+) \d{1,2}\b")
_NAME = re.compile(rf"[A-Z]{_FULL_NAME}")
# "Brother Callum", "suspect, John Smith": the name beside the word by which somebody is brought in.
_BEFORE_A_NAME = (" ", ",")
_APPOSED = re.compile(
    r",? (?:called |named |is )?((?:M(?:r|rs|s|iss) )?)([A-Z][a-z]+|[A-Z]{3,})((?: [A-Z][A-Za-z'’-]+)?)(?![A-Za-z])"
)
# What a role word is no person before: "baby milk", "child protection", "child in need".
_NOT_PEOPLE = re.compile(
    "(?:milk|food|formula|cloth(?:es|ing)|monitor|wipes|bag|seat|gate|protection|care|support|courts?|services?|homes?|social|agenc(?:y|ies)|"
    "centre|liaison|disputes?|law|tax|benefits?|minder|maintenance|custody|contact|in need) "
)
_COMPOUNDS = frozenset(("neighbour", "baby", "child", "children", "parents", "partner"))
# The words before somebody who told the police: "report by telephone from a", "information was given by his".
_TOLD_BY = re.compile(
    r"\b(?:reports?|reported|calls?|called|told|rung|contact(?:ed)?|information|complaints?|concerns?|raised|referral|alerted|request(?:ed)?|informant)\b"
    r"[^.;]*?\b(?:from|by|is|was)(?: (?:a|an|the|his|her|their|next door))*\s*$"
)
_IMPLIED = {"he": "He (not named)", "she": "She (not named)"}
_NOBODY = ("no ", "nil ", "without ", "any ")
# Roles whose word may be only what somebody else is ("as a friend", "the victim of").
_OTHER, _SOMEBODY, _VICTIM = 1, 2, 3
_PARTS = {"other": _OTHER, "person": _SOMEBODY, "victim": _VICTIM}
_ANOTHER = ("another ", "a second ")
_OWNERS = frozenset(("his", "her", "their", "ip's", "ips"))
_RELATIVES = frozenset(("partner", "child", "family"))
# "Her friend Jo" is named; "IP Is" is not.
_LONG_ENOUGH = 3
_RELATED = frozenset(("partner", "child", "family", "other"))


class _Matcher:
    """One automaton over role words and, where asked, pronouns."""

    def __init__(self, groups: Sequence[RoleGroup], *, pronouns: bool) -> None:
        words: list[tuple[str, RoleGroup | None]] = [
            (word, group) for group in groups for word in group.words
        ]
        if pronouns:
            words += [(word, None) for word in PRONOUNS]
        # Professionals are mentioned, but nothing is kept of them: one of each serves every narrative.
        outside = {
            g.key: None if g.pictured else Participant(g.key, g.role, "", g.gender, g.plural, False)
            for g in groups
        }
        # With what is asked of each place looked up once.
        self.what = [
            (
                word,
                group,
                group.key,
                group.plural,
                group.role == "child",
                group.key in _COMPOUNDS,
                _PARTS.get(group.role, 0),
                outside[group.key],
            )
            if group
            else (word, None, "", False, False, False, 0, None)
            for word, group in words
        ]
        # With the space before it, or every "the" would be looked at for its "he".
        self.find = AhoCorasick(
            [" " + word.translate(_FLAT) for word, _ in words],
            matchkind=MatchKind.LeftmostLongest,
            implementation=Implementation.DFA,
        ).find_matches_as_indexes


class ParticipantFinder:
    """Finds the people of a narrative by the catalogue's role words, and by names."""

    def __init__(
        self, groups: tuple[RoleGroup, ...], not_names: frozenset[str], ordinary_words: frozenset[str]
    ) -> None:
        """``not_names`` are never part of a name; ``ordinary_words`` never begin one, but may be a surname ("Mary Brown")."""
        self._pictured = _Matcher([g for g in groups if g.pictured], pronouns=False)
        self._everyone = _Matcher(groups, pronouns=True)
        # A role word at the start of a sentence is not somebody's name.
        self._not_last = not_names | {word for group in groups for word in group.words}
        self._not_names = self._not_last | ordinary_words

    def find(self, normal: Normal, *, everyone: bool = True) -> Places:
        """The people of a narrative.

        ``everyone``: professionals, pronouns and the order of mentions too. They matter only to whom a finding is about,
        so a narrative with nothing found need not look for them.
        """
        low = normal.low
        matcher = self._everyone if everyone else self._pictured
        what = matcher.what
        people: dict[str, Participant] = {}
        mentions: list[Mention] = []
        pronouns: list[Pronoun] = []
        flat = f" {_flat(low)} "
        grown = "adult " in low
        # Whether somebody may be told of in another word, or be nobody else: seldom, and then looked into.
        anew = parts = False
        for index, start, end in matcher.find(flat):
            if flat[end] != " ":
                continue
            word, group, key, plural, child, compound, part, outsider = what[index]
            end -= 1
            if group is None:
                pronouns.append((start, end, word))
                continue
            if plural and low.endswith(_NOBODY, 0, start):
                continue
            if compound and _NOT_PEOPLE.match(flat, end + 2):
                continue
            if outsider is not None:
                mentions.append((start, end, outsider))
                continue
            person = people.get(key)
            if person is not None and low.endswith(_ANOTHER, 0, start):
                key = f"another-{key}"
                person = people.get(key)
            if person is None or (child and grown):
                parts = parts or (part != 0 and _may_be_nobody(part, low, start, end))
                if mentions and not anew:
                    last = mentions[-1][1]
                    anew = start - last <= SHORT and low[last : last + 3] in TOLD_ANEW
                person = _newcomer(normal, start, end, group, people, key)
            person.mentions.append((start, end))
            mentions.append((start, end, person))
        named = self._names(normal, people, mentions)
        merge_partners(people, mentions)
        if anew or named:
            merge_told_anew(low, people, mentions)
        if parts:
            drop_parts(low, people, mentions)
        if everyone and pronouns:
            _implied(low, people, pronouns)
        return Places(people, mentions, pronouns)

    def _names(self, normal: Normal, people: dict[str, Participant], mentions: list[Mention]) -> bool:
        """Names with a title, and capitalised words that do what people do; returns whether there are any."""
        cased = normal.cased
        found: dict[str, Participant] = self._beside(normal, people)
        for match in _TITLED.finditer(cased):
            label = match[0].removesuffix("'s")
            surname = match[2].removesuffix("'s").lower()
            # A letter that stands for a name is known by its title too: "A neighbour" is not Mr A.
            key = label.lower() if len(surname) == 1 else surname.rpartition(" ")[2]
            gender = _gender(match[1])
            who = found.setdefault(key, Participant(f"name-{key}", "person", label, gender))
            first, _, last = surname.partition(" ")
            if last:
                found.setdefault(first, who)
        for match in _NAMED.finditer(cased):
            start = match.start()
            if not start or not (cased[start - 1].isalnum() or cased[start - 1] == "'"):
                self._add_name(match.group(), found)
                another = _AND_AGED.match(cased, match.end())
                if another:
                    self._add_name(another[1], found)
        if not any(p.role in ("victim", "person") for p in people.values()):
            for name in _spoken_of(cased):
                self._add_name(name, found)
        if not found or len(found) > MOST_NAMES:
            return False
        for start, end, key in _where(found, normal.low):
            if not cased[start].isupper():
                continue
            who = found[key]
            last = " " + who.label.rpartition(" ")[2].lower()
            if last != " " + key and normal.low.startswith(last, end):
                end += len(last)
            who.mentions.append((start, end))
            people.setdefault(who.key, who)
            mentions.append((start, end, who))
        mentions.sort(key=itemgetter(0))
        for person in found.values():
            person.mentions.sort()
        return True

    def _add_name(self, name: str, found: dict[str, Participant]) -> None:
        first, _, last = name.lower().partition(" ")
        if first in self._not_names or last in self._not_last or first in found:
            return
        if not last:
            # "Paul Dunn" and then "Dunn": he, if there is no other Dunn.
            known = {p.key: p for p in found.values() if p.label.lower().endswith(" " + first)}
            if len(known) == 1:
                found[first] = known.popitem()[1]
                return
        found[first] = Participant(f"name-{first}", "person", name)

    def _beside(self, normal: Normal, people: dict[str, Participant]) -> dict[str, Participant]:
        """Names that stand beside a role word where somebody is first met: they are that person's."""
        cased = normal.cased
        found: dict[str, Participant] = {}
        if normal.low[:400] != cased[:400] and cased[:400].isupper():
            return found
        for person in people.values():
            end = person.mentions[0][1]
            # A name can only come after a space or a comma, and begins with a capital, or with "named".
            said_so = cased.startswith(" is ", end)
            if cased[end : end + 1] not in _BEFORE_A_NAME or person.plural:
                continue
            if cased[end : end + 2].islower() and not said_so:
                continue
            match = _APPOSED.match(cased, end)
            # "DP is Kai Benton" names somebody; "IP is Polish" does not.
            if not match or (len(match[2]) < _LONG_ENOUGH and person.role not in _RELATED):
                continue
            if match[2].lower() not in self._not_names and (match[3] or not said_so):
                found.setdefault(match[2].lower(), person)
                if match[1] and match[3]:
                    found.setdefault(match[3].strip().lower(), person)
                person.label = f"{person.label} {match[1]}{match[2]}{match[3]}"
                person.named = True
                if match[1] and not person.gender:
                    person.gender = _gender(match[1])
        return found


def _may_be_nobody(part: int, low: str, start: int, end: int) -> bool:
    """Whether a role word may be only what somebody else is: a quick look at what stands beside it (``drop_parts`` settles it)."""
    if part == _OTHER:
        return bool(MAY_BE_PART.search(low, max(0, start - 40), start))
    return low.endswith(AS_A, 0, start) if part == _SOMEBODY else low.startswith(" of ", end)


def _gender(title: str) -> str:
    return "m" if title.strip() in ("Mr", "Master") else "f"


def _spoken_of(cased: str) -> list[str]:
    """The names that follow words such as "named", in order. Each lead is looked for by itself: most are not there."""
    found: list[tuple[int, str]] = []
    for lead in _LEADS:
        at = cased.find(lead)
        while at >= 0:
            at += len(lead)
            match = _NAME.match(cased, at)
            if match:
                found.append((at, match.group()))
            at = cased.find(lead, at - 1)
    return [name for _, name in sorted(found)]


def _where(names: Iterable[str], low: str) -> list[tuple[int, int, str]]:
    """Where these lower-case words stand by themselves, in order of place; none inside one that began before it."""
    found: list[tuple[int, int, str]] = []
    for name in names:
        start = low.find(name)
        while start >= 0:
            end = start + len(name)
            if not ((start and _in_word(low[start - 1])) or _in_word(low[end : end + 1])):
                found.append((start, end, name))
            start = low.find(name, end)
    found.sort()
    return [
        place for before, place in zip([(0, 0, ""), *found], found, strict=False) if place[0] >= before[1]
    ]


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _flat(low: str) -> str:
    """Punctuation as spaces. Over bytes it takes a quarter of the time, where there are no other letters than ASCII's."""
    if low.isascii():
        return low.encode("ascii").translate(_FLAT_BYTES).decode("ascii")
    return low.translate(_FLAT)


def _newcomer(
    normal: Normal, start: int, end: int, group: RoleGroup, people: dict[str, Participant], key: str
) -> Participant:
    """The participant a role word brings in, named as first met."""
    role = group.role
    if role == "child" and normal.low.endswith("adult ", 0, start):
        role, key = "family", f"adult-{key}"
    if key in people:
        return people[key]
    begins = _label_start(normal.low, start) if role in _RELATIVES else start
    label = normal.given[normal.back(begins) : normal.back(end)] if normal.edits else normal.given[begins:end]
    if "\n" in label:
        label = label.replace("\n", " ")
    person = people[key] = Participant(key, role, label, group.gender, group.plural)
    return person


def _label_start(low: str, start: int) -> int:
    """Where the name of a relative begins: at "her" in "her eldest son", if it stands within two words."""
    at = start
    for _ in range(2):
        at = low.rfind(" ", max(0, start - 24), max(0, at - 1)) + 1
        word, _, between = low[at:start].partition(" ")
        if word in _OWNERS or word.endswith("'s"):
            return at if not between or between[:-1].isalpha() else start
    return start


def _implied(low: str, people: dict[str, Participant], pronouns: list[Pronoun]) -> None:
    """ "He lives alone" where no man is named: somebody the note takes for granted is a person of it too."""
    adults = [p for p in people.values() if not p.plural]
    if any(not p.gender and p.role != "child" and not _only_reports(p, low) for p in adults):
        return
    for word, label in _IMPLIED.items():
        first = len(low)
        if any(p.gender == PRONOUNS[word] for p in adults):
            # "She lives with her nan": whoever comes before all who are named is none of them.
            first = min(p.mentions[0][0] for p in people.values())
            if pronouns[0][0] > first:
                continue
        places = [(start, end) for start, end, said in pronouns if said == word and start < first]
        if places:
            person = Participant(f"implied-{word}", "person", label, PRONOUNS[word])
            person.mentions = places
            people[person.key] = person


def _only_reports(person: Participant, low: str) -> bool:
    """Whether somebody is only who told the police: "report from a neighbour. He has dementia" is not of the neighbour."""
    start = person.mentions[0][0]
    return (
        person.role == "other"
        and len(person.mentions) == 1
        and bool(_TOLD_BY.search(low, max(0, start - 60), start))
    )
