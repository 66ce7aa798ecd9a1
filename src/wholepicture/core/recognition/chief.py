"""Whom a narrative is chiefly about."""

from __future__ import annotations

from functools import partial

from wholepicture.core.recognition import bearings as say
from wholepicture.core.recognition.participants import Participant
from wholepicture.core.recognition.scene import Scene


def chief_of(scene: Scene) -> tuple[Participant | None, Participant | None]:
    """The victim if named; whoever a report is made about; else the one the narrative speaks of most. Then whom a report is made about."""
    people = scene.pictured
    for person in people:
        if person.role == "victim":
            return person, None
    reported = _reported_on(scene)
    return reported or _owner_of_partner(scene) or _likeliest(scene), reported


def _likeliest(scene: Scene) -> Participant | None:
    people = scene.pictured
    fitting = [p for p in people if p.role in say.MAY_BE_MAIN and p.key != "youths"]
    likeliest = max(fitting, key=partial(_weight, scene), default=None)
    if likeliest and len(fitting) > 1 and _did_it(scene, likeliest):
        return max(fitting, key=partial(_weight_less_deeds, scene))
    return likeliest


def _weight_less_deeds(scene: Scene, person: Participant) -> tuple[int, bool, int]:
    rank, named, mentions = _weight(scene, person)
    return (min(rank, 1) if _did_it(scene, person) else rank, named, mentions)


def _weight(scene: Scene, person: Participant) -> tuple[int, bool, int]:
    """How likely somebody is to be the one an account is about: by role, and by how often they are spoken of."""
    rank = say.MAY_BE_MAIN[person.role]
    if person.role == "suspect" and person is not scene.pictured[0]:
        rank = 0
    if person.role == "child" and person.label.lower().startswith(say.OWN):
        rank = 1
    return (0 if person.plural else rank, person.key != "person" or person.named, len(person.mentions))


def _did_it(scene: Scene, person: Participant) -> bool:
    """Whether the account says that somebody hurt another, made off, or was arrested."""
    return any(say.DID.match(scene.normal.low, end) for _, end in person.mentions)


def _reported_on(scene: Scene) -> Participant | None:
    """In "sister rang worried about her brother" and "report of a missing girl", the brother and the girl."""
    low = scene.normal.low
    head = low[:240]
    hinted = any(map(head.__contains__, say.HINTS))
    subject = False  # whoever tells of a child may be the one it is about: "Patient says her daughter steals from her"
    for start, end, who in scene.mentions[:6]:
        if start > 240:
            break
        if who.plural or not who.pictured or who.role == "suspect":
            continue
        if hinted and (low.startswith(say.GONE, end) or say.REPORTED.search(low, max(0, start - 60), start)):
            return who
        if who.role == "person":
            subject = subject or start < 40
        if who.role == "child" and not subject and say.TELLS_OF.search(low, max(0, start - 40), start):
            return who
    return None


def _owner_of_partner(scene: Scene) -> Participant | None:
    """In "the woman's ex-partner", the woman."""
    if not any(p.role == "partner" for p in scene.pictured):
        return None
    for mention in scene.mentions:
        if mention[2].role == "partner":
            before = [
                m
                for m in scene.between(mention[0] - 24, mention[0])
                if scene.is_possessive(m) and m[2].role in ("person", "caller")
            ]
            if before:
                return before[-1][2]
    return None
