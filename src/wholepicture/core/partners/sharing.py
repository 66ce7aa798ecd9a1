"""Exactly what goes to a partner: assembled from observations, each with how it is known; fact and opinion apart; nobody else named."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from wholepicture.core.partners.routes import Asked, Route
from wholepicture.core.picture import Held, Picture
from wholepicture.core.practice import Catalogue, Kind, State

FORMAT = 1
_SHOWN = (
    State.PRESENT,
    State.SUFFERED,
    State.THREATENED,
    State.HOLDING,
    State.WEAKENING,
    State.FAILED,
    State.ABSENT,
)
_STATE_WORDS = {
    State.PRESENT: "",
    State.SUFFERED: "has happened",
    State.THREATENED: "threatened or feared",
    State.HOLDING: "in place",
    State.WEAKENING: "weakening",
    State.FAILED: "has failed",
    State.ABSENT: "not in place",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing known that can be shared. ``evidence``: the words it rests on; ``others``: who else is named in them."""

    concept: str
    kind: Kind
    name: str
    state: str
    evidence: str
    known_since: date
    told_by: str
    others: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """It in a line."""
        return f"{self.name} ({self.state})" if self.state else self.name


def items_of(catalogue: Catalogue, picture: Picture, *, names: Mapping[str, str] | None = None) -> list[Item]:
    """What of a picture can be shared, in the catalogue's order: nothing that is only not known.

    ``names``: of other people of the account, with what to put in their place (their role), so that no third party is named.
    """
    found = []
    for concept in catalogue.concepts.values():
        held = picture.held.get(concept.id)
        if held is None or held.state not in _SHOWN:
            continue
        if held.state is State.ABSENT and concept.kind is not Kind.CONTROL:
            continue
        found.append(_item(concept.id, concept.kind, concept.name, held, names or {}))
    return found


def _item(ident: str, kind: Kind, name: str, held: Held, names: Mapping[str, str]) -> Item:
    words, others = without_names(held.basis.evidence, names)
    return Item(
        ident,
        kind,
        name,
        _STATE_WORDS[held.state],
        words,
        held.basis.observed_at.date(),
        held.basis.observer,
        others,
    )


def without_names(text: str, names: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """A text with other people's names replaced by their role, and which were."""
    found: list[str] = []
    for name in sorted((n for n in names if len(n) > 1), key=len, reverse=True):
        pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        text, count = pattern.subn(f"[{names[name]}]", text)
        if count:
            found.append(name)
    return text, tuple(found)


def prefilled(asked: Asked, items: Iterable[Item]) -> str:
    """What the record already says to a partner's question, a line each; "" when nothing."""
    lines = []
    for item in items:
        if item.concept in asked.concepts:
            words = f" “{item.evidence}”" if item.evidence and item.evidence != "answered" else ""
            lines.append(f"{item.words}.{words}")
    return "\n".join(lines)


def suggested(route: Route, items: Iterable[Item], pathways: Iterable[str], catalogue: Catalogue) -> set[str]:
    """What a route's partner needs: what its questions ask of, and what opens the pathways it is asked to close."""
    wanted = {c for q in route.questions for c in q.concepts}
    for name in pathways:
        pathway = catalogue.pathways.get(name)
        if pathway:
            wanted |= {
                *pathway.person.concepts(),
                *pathway.situation.concepts(),
                *pathway.guards,
                pathway.harm,
            }
    return {i.concept for i in items if i.concept in wanted}


def canonical(document: Mapping[str, Any]) -> bytes:
    """A document as it is hashed and sent: UTF-8 JSON, keys in order, no spaces."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of exactly what was sent, in hexadecimal."""
    return hashlib.sha256(canonical(document)).hexdigest()


def age_on(born: date | None, day: date) -> int | None:
    """Age in whole years."""
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
