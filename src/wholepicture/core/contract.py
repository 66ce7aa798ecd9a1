"""The public contract: one narrative to one JSON-ready record (docs/contract.md, schema/look-1.schema.json).

Also the step between the words and the picture: which observations a narrative's findings would make.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from wholepicture.core.picture import (
    Observation,
    PathwayState,
    Picture,
    Why,
    actions_for,
    concepts_of,
    draw,
    questions,
)
from wholepicture.core.practice import Catalogue, Concept, Kind, Nation, State
from wholepicture.core.recognition import Finding, Person, Polarity, Recognised, Recogniser, Time
from wholepicture.core.recognition.ends import last_day

SCHEMA_VERSION = 1
_EVERYONES_HOLDERS = ("police", "court")
_SHOWN = (PathwayState.OPEN, PathwayState.UNGUARDED, PathwayState.GUARDED, PathwayState.POSSIBLE)
# A narrative carries no date of its own here: one fixed moment keeps the function pure.
MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


def why_of(finding: Finding) -> Why | None:
    """Why a finding leaves its concept not known, if it does."""
    if finding.state is not State.NOT_KNOWN:
        return None
    if finding.polarity is Polarity.DENIED:
        return Why.DENIED
    if finding.time is Time.HISTORICAL:
        return Why.FADED
    return Why.UNSURE


def observations(
    catalogue: Catalogue, recognised: Recognised, *, text: str = "", at: datetime = MOMENT
) -> dict[str, list[Observation]]:
    """What each participant's findings would be observed as, by participant id, if all were confirmed.

    Beyond what is found about a person: what is found about a suspect bears on those they harm (``from_suspect``); what is
    done at home reaches the children there (``reaches_children``); police and court controls stand for everyone.
    With the ``text``, a control's last day is read from the words round it, as said on the day ``at``.
    """
    people = {p.id: p for p in recognised.people}
    found: dict[str, list[Observation]] = {p: [] for p in people}
    for number, finding in enumerate(recognised.findings):
        concept = catalogue.concepts[finding.concept]
        ends_on = _last_day(concept, finding, text, at)
        for who in _about(concept, finding, people):
            found[who].append(_observation(f"{number:05d}", who, concept.id, finding, at, ends_on))
        for derived, who in _from_suspect(catalogue, concept, finding, people, recognised.main):
            found[who].append(_observation(f"{number:05d}s", who, derived, finding, at))
    for person in people.values():
        if (
            person.role == "child"
            and "child" in catalogue.concepts
            and not any(o.concept == "child" for o in found[person.id])
        ):
            found[person.id].append(
                Observation(
                    "role", person.id, "child", State.PRESENT, at, at, person.label, "", "participant.child"
                )
            )
    return found


def _observation(
    number: str, person: str, concept: str, finding: Finding, at: datetime, ends_on: date | None = None
) -> Observation:
    return Observation(
        number,
        person,
        concept,
        finding.state,
        at,
        at,
        finding.text,
        "",
        finding.rule,
        why_of(finding),
        ends_on,
    )


def _last_day(concept: Concept, finding: Finding, text: str, at: datetime) -> date | None:
    if concept.ends == "no" or finding.state not in (State.HOLDING, State.WEAKENING):
        return None
    return last_day(text, finding.start, finding.end, on=at.date())


def _about(concept: Concept, finding: Finding, people: dict[str, Person]) -> list[str]:
    """Whose picture a finding belongs in: its own person's, and the children's or everyone's where it reaches them."""
    if finding.person is None:
        return []
    named = [finding.person]
    owner = people[finding.person]
    if concept.kind is Kind.CONTROL and concept.holder in _EVERYONES_HOLDERS:
        named += [p.id for p in people.values() if p.role in ("victim", "child") and p.id != finding.person]
    elif concept.reaches_children and owner.role not in ("child", "suspect", "other"):
        named += [p.id for p in people.values() if p.role == "child" and p.id != finding.person]
    elif concept.id == "child-in-household" and owner.role != "child":
        named += [p.id for p in people.values() if p.role == "child"]
    return named


def _from_suspect(
    catalogue: Catalogue, concept: Concept, finding: Finding, people: dict[str, Person], main: str | None
) -> Iterable[tuple[str, str]]:
    owner = people.get(finding.person or "")
    if owner is None or owner.id == main or owner.role not in ("suspect", "partner"):
        return
    for feature in catalogue.of_kind(Kind.FEATURE):
        if concept.id in feature.from_suspect:
            for person in people.values():
                if person.id == main or (person.role in ("victim", "child") and person.id != owner.id):
                    yield feature.id, person.id


def look(
    recogniser: Recogniser,
    text: str,
    *,
    source: str = "",
    on: date | None = None,
    nation: Nation = Nation.ENGLAND,
) -> dict[str, Any]:
    """The whole main job on one narrative, as the public JSON record. Offsets count code points of ``text``.

    ``on`` (default: today) and ``nation`` settle which law actions may rest on.
    """
    on = on or date.today()
    catalogue = recogniser.catalogue
    recognised = recogniser.recognise(text)
    held = observations(catalogue, recognised)
    return {
        "schema": SCHEMA_VERSION,
        "catalogue": {"version": catalogue.version, "hash": catalogue.hash},
        "source": source,
        "participants": [
            {"id": p.id, "label": p.label, "role": p.role, "mentions": [list(m) for m in p.mentions]}
            for p in recognised.people
        ],
        "findings": [finding_record(catalogue, f) for f in recognised.findings],
        "pictures": [
            {
                "participant": p.id,
                **picture_record(catalogue, draw(catalogue, held[p.id], at=MOMENT), on, nation),
            }
            for p in recognised.people
        ],
    }


def finding_record(catalogue: Catalogue, finding: Finding) -> dict[str, Any]:
    """One finding as the contract has it."""
    concept = catalogue.concepts[finding.concept]
    return {
        "concept": concept.id,
        "name": concept.name,
        "kind": concept.kind.value,
        "strands": list(concept.strands),
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "polarity": finding.polarity.value,
        "time": finding.time.value,
        "experiencer": finding.person,
        "state": finding.state.value,
        "rule": finding.rule,
        "cues": list(finding.cues),
    }


def picture_record(catalogue: Catalogue, picture: Picture, on: date, nation: Nation) -> dict[str, Any]:
    """One picture as the contract has it: what is held by side, pathways that something points to, questions, actions."""
    sides = {"person": Kind.FACTOR, "situation": Kind.FEATURE, "controls": Kind.CONTROL, "harms": Kind.HARM}
    record: dict[str, Any] = {side: _side(catalogue, picture, kind) for side, kind in sides.items()}
    record["pathways"] = [
        {
            "id": r.pathway.id,
            "name": r.pathway.name,
            "harm": r.pathway.harm,
            "state": r.state.value,
            "because": [*r.person_because, *r.situation_because],
            "guards": [{"id": g, "name": catalogue.concepts[g].name, "state": s.value} for g, s in r.guards],
        }
        for r in picture.by_state(*_SHOWN)
    ]
    record["questions"] = [
        {"id": q.concept, "text": q.text, "settles": list(q.settles), "gain": q.gain}
        for q in questions(catalogue, picture)
    ]
    record["actions"] = [
        {
            "id": a,
            "name": catalogue.concepts[a].name,
            "who": catalogue.concepts[a].who,
            "within": catalogue.concepts[a].within,
            "lawful_basis": catalogue.concepts[a].lawful_basis,
            "closes": list(pathways),
        }
        for a, pathways in actions_for(catalogue, picture, on=on, nation=nation)
    ]
    return record


def _side(catalogue: Catalogue, picture: Picture, kind: Kind) -> list[dict[str, Any]]:
    return [
        {
            "concept": h.concept,
            "name": catalogue.concepts[h.concept].name,
            "state": h.state.value,
            "why": h.why.value if h.why else None,
            "evidence": h.basis.evidence,
            "rule": h.basis.rule,
        }
        for h in concepts_of(catalogue, picture, kind)
    ]
