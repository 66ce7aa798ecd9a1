"""From the picture to what is asked and shared: ways of asking, what is known, and the document exactly as it would go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from wholepicture.core.identity import Details
from wholepicture.core.partners.routes import Asked, Route, shipped_routes
from wholepicture.core.partners.sharing import FORMAT, Item, age_on, items_of, prefilled, suggested
from wholepicture.core.picture import PathwayState, actions_for
from wholepicture.core.practice import Concept, Kind, Nation
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.encounters.selectors import cumulative, said_of
from wholepicture.web.partners.models import Referral
from wholepicture.web.people import selectors as people

ABOUT = (
    ("name", "Name"),
    ("born", "Date of birth"),
    ("address", "Address"),
    ("phone", "Telephone"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One way of asking, with the open pathways' actions that it serves."""

    route: Route
    actions: tuple[tuple[Concept, tuple[str, ...]], ...]


def details_of(person: EncounterPerson) -> Details:
    """Who somebody is, as this account and their record say."""
    if person.identity is not None:
        root = people.root_of(person.identity)
        return people.details_of([root])[root.pk]
    return said_of(person)


def age_of(person: EncounterPerson) -> int | None:
    """Somebody's age, as far as it is known."""
    born = details_of(person).born
    if born:
        return age_on(born[0], timezone.localdate())
    return None


def offers_for(person: EncounterPerson) -> list[Offer]:
    """Ways of asking partners to do what would close the open pathways, the most urgent first."""
    catalogue = default_recogniser().catalogue
    picture = cumulative(person)
    nation, on = Nation(person.encounter.force.nation), timezone.localdate()
    routes = shipped_routes(catalogue)
    age = age_of(person)
    if age is None and picture.state("child").value == "present":
        age = 17
    found: dict[str, list[tuple[Concept, tuple[str, ...]]]] = {}
    for action, pathways in actions_for(catalogue, picture, nation=nation, on=on):
        concept = catalogue.concepts[action]
        for route in routes.for_kinds(
            concept.partner_kinds, catalogue=catalogue, on=on, nation=nation, age=age
        ):
            found.setdefault(route.id, []).append((concept, pathways))
    return [Offer(routes.routes[r], tuple(actions)) for r, actions in found.items()]


def open_pathways(person: EncounterPerson) -> list[str]:
    """Pathways open for somebody, worst first."""
    return [r.pathway.id for r in cumulative(person).by_state(PathwayState.OPEN, PathwayState.UNGUARDED)]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be shared: ``suggested`` because the partner asks it or the pathway rests on it."""

    item: Item
    suggested: bool
    included: bool
    left_out_why: str


def names_of_others(person: EncounterPerson) -> dict[str, str]:
    """Names of everybody else in the account, each with what is put in its place."""
    found: dict[str, str] = {}
    for other in person.encounter.people.exclude(pk=person.pk):
        for name in (f"{other.given} {other.family}".strip(), other.given, other.family):
            if name:
                found[name] = other.role
        if re.match(r"[A-Z][a-z]+(?: [A-Z][a-z]+)*$", other.label):
            found[other.label] = other.role
    return found


def items_for(referral: Referral) -> list[Choice]:
    """All that is known and can be shared, with what was chosen."""
    catalogue = default_recogniser().catalogue
    items = items_of(catalogue, cumulative(referral.person), names=names_of_others(referral.person))
    route = shipped_routes(catalogue).routes[referral.route]
    wanted = suggested(route, items, referral.pathways, catalogue)
    chosen = referral.draft.get("include")
    why: Mapping[str, str] = referral.draft.get("left_out", {})
    return [
        Choice(
            i,
            i.concept in wanted,
            i.concept in (chosen if chosen is not None else wanted),
            why.get(i.concept, ""),
        )
        for i in items
    ]


def answers_for(referral: Referral) -> list[tuple[Asked, str]]:
    """The partner's own questions, each with what was written or, before that, with what the record says."""
    catalogue = default_recogniser().catalogue
    route = shipped_routes(catalogue).routes[referral.route]
    held = referral.draft.get("answers", {})
    items = [c.item for c in items_for(referral)]
    return [(q, held[q.id] if q.id in held else prefilled(q, items)) for q in route.questions]


def others_named(referral: Referral) -> list[str]:
    """Other people of the account who are named in what the officer wrote."""
    text = " ".join(
        [*map(str, referral.draft.get("answers", {}).values()), referral.draft.get("wishes", "")]
    ).casefold()
    return [
        n
        for n in names_of_others(referral.person)
        if len(n) > 2 and re.search(rf"(?<!\w){re.escape(n.casefold())}(?!\w)", text)
    ]


def assemble(referral: Referral) -> dict[str, Any]:
    """Exactly what would be sent. Fact (what was seen or said, and by whom) and opinion stand apart."""
    draft = referral.draft
    catalogue = default_recogniser().catalogue
    routes = shipped_routes(catalogue)
    route = routes.routes[referral.route]
    basis = routes.bases.get(draft.get("basis", ""))
    return {
        "format": FORMAT,
        "number": referral.number,
        "route": {"id": route.id, "name": route.name},
        "urgency": referral.urgency,
        "from": {"force": str(referral.force), "officer": str(referral.by), "ring": draft.get("ring", "")},
        "to": {
            "organisation": str(referral.organisation or ""),
            "service": referral.service.name if referral.service else "",
        },
        "basis": {
            "id": basis.id if basis else "",
            "name": basis.name if basis else "",
            "agreement": draft.get("agreement", ""),
            "why": draft.get("override_why", ""),
        },
        "asked": [
            {"need": n.pk, "text": n.text, "by": timezone.localtime(n.by_when).isoformat(timespec="minutes")}
            for n in referral.needs.all()
        ],
        "person": _person(referral),
        "safe_contact": draft.get("safe_contact", ""),
        "wishes": draft.get("wishes", ""),
        "answers": [
            {"question": q.text, "answer": str(draft.get("answers", {}).get(q.id, "")).strip()}
            for q in route.questions
            if str(draft.get("answers", {}).get(q.id, "")).strip()
        ],
        "known": [_known(c.item) for c in items_for(referral) if "include" in draft and c.included],
        "opinion": draft.get("opinion", ""),
    }


def _known(item: Item) -> dict[str, str]:
    return {
        "id": item.concept,
        "kind": item.kind.value,
        "what": item.words,
        "evidence": "" if item.evidence == "answered" else item.evidence,
        "since": item.known_since.isoformat(),
        "told_by": item.told_by,
    }


def _person(referral: Referral) -> dict[str, str]:
    details = details_of(referral.person)
    shown = referral.draft.get("about", [key for key, _ in ABOUT])
    born: date | None = details.born[0] if details.born else None
    found = {
        "name": people.name_of(details) if details.given or details.family else referral.person.label,
        "born": born.isoformat() if born else "",
        "address": details.addresses[0] if details.addresses else "",
        "phone": details.phones[0] if details.phones else "",
    }
    return {k: v for k, v in found.items() if k in shown and v}


# The sections in which a document is read, by what each holds.
SECTIONS = (
    (Kind.FACTOR, "About the person"),
    (Kind.FEATURE, "About the situation"),
    (Kind.CONTROL, "What stands between"),
    (Kind.HARM, "Harm"),
)


def sections_of(document: Mapping[str, Any]) -> list[tuple[str, list[Mapping[str, str]]]]:
    """What is known, under headings."""
    return [
        (heading, rows)
        for kind, heading in SECTIONS
        if (rows := [k for k in document["known"] if k["kind"] == kind.value])
    ]
