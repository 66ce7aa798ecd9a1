"""What recognition and the catalogue propose of a narrative: people, lines, what there is to see, controls, pathways and actions."""

from __future__ import annotations

import re
from typing import Any

from django.utils.text import slugify

from wholepicture.core.contract import MOMENT, observations
from wholepicture.core.learning.scenario import MARKED_KINDS
from wholepicture.core.picture import PathwayState, Picture, actions_for, draw
from wholepicture.core.practice import Kind, State, load_default
from wholepicture.core.recognition import Polarity, Recognised, Time, default_recogniser

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+[”\"']?|\n|$)")


def proposed(title: str, text: str) -> dict[str, Any]:
    recognised = default_recogniser().recognise(text)
    catalogue = load_default()
    lines = _lines(text)
    targets = _targets(recognised, lines, text)
    main = recognised.main or (recognised.people[0].id if recognised.people else "")
    held = observations(catalogue, recognised)
    picture = draw(catalogue, held.get(main, []), at=MOMENT)
    people = [{"code": p.id, "label": p.label[:60], "role": p.role} for p in recognised.people]
    return {
        "id": slugify(title)[:60] or "scenario",
        "title": title,
        "briefing": "",
        "strands": ["anyone"],
        "minutes": 8,
        "grade": "medium",
        "grade_why": "",
        "teaches": "",
        "people": people or [{"code": "p1", "label": "the person", "role": "victim"}],
        "log": [{"id": f"l{n}", "text": line} for n, (line, _) in enumerate(lines, 1)],
        "questions": [],
        "targets": targets,
        "lures": [],
        "controls": _controls(picture, main),
        "links": _links(picture, main, targets),
        "actions": _actions(picture),
        "variations": [],
    }


def _lines(text: str) -> list[tuple[str, int]]:
    """A narrative as lines of a log, sentence by sentence, each with where it begins."""
    found: list[tuple[str, int]] = []
    for match in _SENTENCE.finditer(text):
        sentence = match.group().rstrip()
        start = match.start() + len(sentence) - len(sentence.lstrip())
        sentence = sentence.strip()
        if sentence:
            found.append((sentence[:2_000], start))
    return found


def _targets(recognised: Recognised, lines: list[tuple[str, int]], text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    seen: set[tuple[str, str | None]] = set()
    taken: set[tuple[str, str, int]] = set()
    for f in recognised.findings:
        plain = f.polarity is Polarity.AFFIRMED and f.time in (Time.CURRENT, Time.HISTORICAL, Time.FEARED)
        place = next(
            ((n, s) for n, (line, s) in enumerate(lines, 1) if s <= f.start and f.end <= s + len(line)), None
        )
        if not plain or f.kind not in MARKED_KINDS or not f.person or place is None:
            continue
        key, spot = (f.concept, f.person), (f"l{place[0]}", f.person, f.start)
        if key in seen or spot in taken:
            continue
        seen.add(key)
        taken.add(spot)
        found.append(
            {
                "id": f"t{len(found) + 1}",
                "where": f"l{place[0]}",
                "words": text[f.start : f.end],
                "concept": f.concept,
                "person": f.person,
                "state": f.state.value,
                "critical": False,
                "why": "",
            }
        )
    return _without_overlaps(found, lines)


def _without_overlaps(found: list[dict[str, Any]], lines: list[tuple[str, int]]) -> list[dict[str, Any]]:
    """Of targets of one person that overlap, the longest words are proposed."""
    kept: list[dict[str, Any]] = []
    texts = {f"l{n}": line for n, (line, _) in enumerate(lines, 1)}

    def span(t: dict[str, Any]) -> tuple[int, int]:
        start = texts[t["where"]].find(t["words"])
        return start, start + len(t["words"])

    for target in sorted(found, key=lambda t: -len(t["words"])):
        a, b = span(target)
        if all(
            k["where"] != target["where"]
            or k["person"] != target["person"]
            or b <= span(k)[0]
            or span(k)[1] <= a
            for k in kept
        ):
            kept.append(target)
    kept.sort(key=lambda t: (int(t["where"][1:]), span(t)))
    return [t | {"id": f"t{n}"} for n, t in enumerate(kept, 1)]


def _open(picture: Picture) -> list[Any]:
    return picture.by_state(PathwayState.OPEN, PathwayState.UNGUARDED)[:3]


def _controls(picture: Picture, person: str) -> list[dict[str, Any]]:
    names = dict.fromkeys(g for r in _open(picture) for g, _ in r.guards)
    catalogue = load_default()
    return [
        {"concept": n, "person": person, "state": picture.state(n).value, "why": catalogue.concepts[n].says}
        for n in list(names)[:5]
    ]


def _links(picture: Picture, person: str, targets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    mine = {t["concept"]: t["id"] for t in targets if t["person"] == person}
    found = []
    for n, r in enumerate(_open(picture), 1):
        factors = [mine[c] for c in r.person_because if c in mine]
        features = [mine[c] for c in r.situation_because if c in mine]
        if factors or features:
            found.append(
                {
                    "id": f"k{n}",
                    "person": person,
                    "factors": factors,
                    "features": features,
                    "controls": [g for g, s in r.guards if s is not State.HOLDING][:3],
                    "harm": r.pathway.harm,
                    "why": r.pathway.because,
                }
            )
    return found


def _actions(picture: Picture) -> list[dict[str, Any]]:
    catalogue = load_default()
    offered = [a for a, _ in actions_for(catalogue, picture)[:6]]
    spare = [a.id for a in catalogue.of_kind(Kind.ACTION) if a.id not in offered]
    chosen = [(a, "needed") for a in offered] + [
        (a, "not needed") for a in spare[:: max(1, len(spare) // 3)][:3]
    ]
    return [
        {
            "concept": a,
            "worth": w,
            "why": catalogue.concepts[a].says or catalogue.concepts[a].name,
            "critical": False,
        }
        for a, w in chosen
    ]
