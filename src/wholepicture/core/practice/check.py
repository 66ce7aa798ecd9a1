"""A catalogue that loads can still be poor: what is unreachable, unsourced, out of date or never recognisable."""

from __future__ import annotations

from datetime import date

from wholepicture.core.practice.model import Catalogue, Concept, Kind


def review(catalogue: Catalogue, *, today: date) -> list[str]:
    """One line for each thing to look at: file, entry and what is the matter."""
    used = _used(catalogue)
    remarks: list[str] = []
    for concept in catalogue.concepts.values():
        if concept.retired:
            continue
        remarks.extend(
            f"{concept.file}: {concept.kind} '{concept.id}': {remark}" for remark in _remarks(concept, used)
        )
    for source in catalogue.sources.values():
        if source.valid_to and source.valid_to < today:
            remarks.append(f"sources.toml: source '{source.id}': out of date: ended on {source.valid_to}.")
        elif source.review_by and source.review_by < today:
            remarks.append(
                f"sources.toml: source '{source.id}': out of date: its review was due by {source.review_by}."
            )
        elif source.basis == "statute" and not source.valid_from:
            remarks.append(f"sources.toml: source '{source.id}': a statute without valid_from.")
    covered = {s for p in catalogue.pathways.values() if not p.retired for s in p.strands}
    remarks += [
        f"strands.toml: strand '{s}': unreachable: no pathway carries it."
        for s in catalogue.strands
        if s not in covered
    ]
    return remarks


def _used(catalogue: Catalogue) -> set[str]:
    used: set[str] = set()
    for pathway in catalogue.pathways.values():
        if not pathway.retired:
            used.update(
                pathway.person.concepts(),
                pathway.situation.concepts(),
                pathway.guards,
                pathway.actions,
                pathway.raises,
                (pathway.harm,),
            )
    for concept in catalogue.concepts.values():
        used.update(concept.restore)
    return used


def _remarks(concept: Concept, used: set[str]) -> list[str]:
    found = []
    if concept.id not in used:
        found.append("unreachable: no pathway uses it.")
    if not concept.source:
        found.append("unsourced.")
    said = concept.phrases or concept.known_as or concept.from_suspect
    if concept.kind is not Kind.ACTION and not said:
        found.append("never recognisable: it has no phrases.")
    if concept.kind in (Kind.FACTOR, Kind.FEATURE, Kind.CONTROL) and not concept.question:
        found.append("cannot be asked about: it has no question.")
    return found
