"""Read a catalogue folder, and a force's own overlay beside it, into one validated ``Catalogue``."""

from __future__ import annotations

import hashlib
import json
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from wholepicture.core.practice.model import (
    About,
    Catalogue,
    Concept,
    ContextRules,
    Expression,
    Kind,
    Pathway,
    Phrase,
    RoleGroup,
    Source,
    State,
    Statements,
)

HERE = Path(__file__).parent
DEFAULT_FOLDER = HERE / "catalogue"
PLAIN_STATE = {Kind.FACTOR: State.PRESENT, Kind.FEATURE: State.PRESENT, Kind.HARM: State.SUFFERED}
CUE_AXES = (
    "negated",
    "denied",
    "uncertain",
    "historical",
    "hypothetical",
    "feared",
    "future",
    "plain",
    "stop",
)
REQUIRED: dict[str, tuple[str, ...]] = {
    "factor": ("name", "says", "strands", "question", "source"),
    "feature": ("name", "says", "strands", "question", "source"),
    "control": ("name", "says", "question", "source", "holder", "fails_by"),
    "harm": ("name", "says", "severity", "source"),
    "action": ("name", "who", "within", "lawful_basis", "source"),
    "pathway": ("name", "strands", "harm", "guards", "actions", "because", "source"),
}


class CatalogueError(ValueError):
    """A catalogue that cannot be used. ``problems`` says file, entry and field of each fault."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@lru_cache(maxsize=1)
@lru_cache(maxsize=1)
def load_default() -> Catalogue:
    """The catalogue that ships with the product."""
    return load(DEFAULT_FOLDER)


def load(folder: Path | str, overlay: Path | str | None = None) -> Catalogue:
    """Load a catalogue folder, then an overlay that may add, reword (same id) or retire entries.

    Raises:
        CatalogueError: with every problem found, each naming file, entry and field.
    """
    problems: list[str] = []
    reader = _Reader(problems)
    for directory in (folder, overlay):
        if directory is not None:
            reader.read(Path(directory))
    if problems:
        raise CatalogueError(problems)
    catalogue = reader.build()
    problems.extend(_dangling(catalogue))
    if problems:
        raise CatalogueError(problems)
    return catalogue


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads((HERE / "schema.json").read_text("utf-8")))


class _Reader:
    """Gathers entries by kind and id; a later folder's fields replace an earlier one's."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        self.digest = hashlib.sha256()
        self.meta: dict[str, str] = {}
        self.entries: dict[str, dict[str, dict[str, Any]]] = {k: {} for k in (*REQUIRED, "strand", "source")}
        self.words: dict[str, tuple[str, ...]] = {}
        self.patterns: dict[str, str] = {}
        self.cues: dict[str, dict[str, tuple[str, ...]]] = {}
        self.statements: dict[str, dict[State, tuple[str, ...]]] = {"before": {}, "after": {}}
        self.small_words: set[str] = set()
        self.breaks: set[str] = set()
        self.joins: set[str] = set()
        self.groups: list[RoleGroup] = []
        self.confusable: set[str] = set()
        self.spelling: set[str] = set()
        self.not_names: set[str] = set()
        self.ordinary_words: set[str] = set()

    def read(self, folder: Path) -> None:
        if not folder.is_dir():
            self.problems.append(
                f"{folder}: no such folder. Give the folder that holds the catalogue's .toml files."
            )
            return
        paths = sorted(folder.glob("*.toml"))
        if not paths:
            self.problems.append(f"{folder}: holds no .toml file.")
        for path in paths:
            self._read_file(path)

    def _read_file(self, path: Path) -> None:
        raw = path.read_bytes()
        self.digest.update(path.name.encode() + b"\0" + raw)
        try:
            data = tomllib.loads(raw.decode("utf-8"))
        except UnicodeDecodeError as error:
            self.problems.append(f"{path.name}: not UTF-8 text (byte {error.start}). Save the file as UTF-8.")
            return
        except tomllib.TOMLDecodeError as error:
            self.problems.append(f"{path.name}: not valid TOML: {error}")
            return
        errors = sorted(_validator().iter_errors(data), key=lambda e: [str(p) for p in e.absolute_path])
        for fault in errors:
            self.problems.append(
                f"{path.name}: {_where(data, list(fault.absolute_path))}: {fault.message[:200]}"
            )
        if not errors:
            self._take(path.name, data)

    def _take(self, file: str, data: dict[str, Any]) -> None:
        defaults = data.get("defaults", {})
        seen: set[tuple[str, str]] = set()
        for kind, table in self.entries.items():
            for entry in data.get(kind, []):
                key = (kind, entry["id"])
                if key in seen:
                    self.problems.append(
                        f"{file}: {kind} '{entry['id']}': field id: given twice in this file."
                    )
                seen.add(key)
                base = table.get(entry["id"], {**defaults} if kind == "feature" else {})
                table[entry["id"]] = {**base, **entry, "file": file}
        self.meta.update({k: str(data[k]) for k in ("name", "version") if k in data})
        self.words.update({k: tuple(v) for k, v in data.get("words", {}).items()})
        self.patterns.update(data.get("patterns", {}))
        for axis in CUE_AXES:
            for direction, wordings in data.get(axis, {}).items():
                held = self.cues.setdefault(axis, {}).get(direction, ())
                self.cues[axis][direction] = held + tuple(w for w in wordings if w not in held)
        self._take_statements(data.get("statements", {}))
        self.groups.extend(_group(g) for g in data.get("group", []))
        self.confusable.update(data.get("confusable", []))
        self.spelling.update(data.get("spelling", []))
        self.not_names.update(data.get("not_names", []))
        self.ordinary_words.update(data.get("ordinary_words", []))

    def _take_statements(self, data: dict[str, Any]) -> None:
        for side, held in self.statements.items():
            for state, wordings in data.get(side, {}).items():
                before = held.get(State(state), ())
                held[State(state)] = before + tuple(w for w in wordings if w not in before)
        self.small_words.update(data.get("small_words", []))
        self.breaks.update(data.get("breaks", []))
        self.joins.update(data.get("joins", []))

    def build(self) -> Catalogue:
        concepts: dict[str, Concept] = {}
        for kind in Kind:
            for entry in self.entries[kind.value].values():
                if self._complete(kind.value, entry):
                    if entry["id"] in concepts:
                        self.problems.append(
                            f"{entry['file']}: {kind} '{entry['id']}': field id: already used by another kind."
                        )
                    concepts[entry["id"]] = _concept(kind, entry)
        pathways = {
            e["id"]: _pathway(e) for e in self.entries["pathway"].values() if self._complete("pathway", e)
        }
        if "version" not in self.meta:
            self.problems.append(
                'meta.toml: field version: missing. Give a semantic version such as "1.0.0".'
            )
        if self.problems:
            raise CatalogueError(self.problems)
        return Catalogue(
            name=self.meta.get("name", ""),
            version=self.meta["version"],
            hash=self.digest.hexdigest()[:16],
            concepts=concepts,
            pathways=pathways,
            strands={s["id"]: s["name"] for s in self.entries["strand"].values()},
            sources={
                s["id"]: Source(**{k: v for k, v in s.items() if k != "file"})
                for s in self.entries["source"].values()
            },
            words=self.words,
            patterns=self.patterns,
            context=ContextRules(self.cues),
            roles=tuple(self.groups),
            statements=Statements(
                self.statements["before"],
                self.statements["after"],
                frozenset(self.small_words),
                frozenset(self.breaks),
                frozenset(self.joins),
            ),
            spelling=frozenset(self.spelling),
            confusables=frozenset(self.confusable),
            not_names=frozenset(self.not_names),
            ordinary_words=frozenset(self.ordinary_words),
        )

    def _complete(self, kind: str, entry: dict[str, Any]) -> bool:
        missing = [name for name in REQUIRED[kind] if name not in entry]
        if kind == "pathway" and not ("person" in entry or "situation" in entry):
            missing.append("person or situation")
        self.problems.extend(
            f"{entry['file']}: {kind} '{entry['id']}': field {name}: missing." for name in missing
        )
        return not missing


def _where(data: dict[str, Any], path: list[Any]) -> str:
    """ "factor 'pregnant': field prior" for a path such as ["factor", 3, "prior"]."""
    if len(path) < 2 or not isinstance(path[1], int):
        return "field " + ".".join(str(p) for p in path) if path else "the file"
    entry = data[path[0]][path[1]]
    name = entry.get("id", f"number {path[1] + 1}") if isinstance(entry, dict) else f"number {path[1] + 1}"
    rest = ".".join(str(p) for p in path[2:])
    return f"{path[0]} '{name}'" + (f": field {rest}" if rest else "")


def _phrase(raw: str | dict[str, Any], state: State) -> Phrase:
    if isinstance(raw, str):
        return Phrase(raw, state)
    return Phrase(raw["phrase"], state, tuple(raw.get("near", ())), tuple(raw.get("not_near", ())))


def _phrases(raw: Any, plain: State) -> tuple[Phrase, ...]:
    if isinstance(raw, dict):
        return tuple(_phrase(p, State(state)) for state, items in raw.items() for p in items)
    return tuple(_phrase(p, plain) for p in raw)


def _concept(kind: Kind, entry: dict[str, Any]) -> Concept:
    values = dict(entry)
    values["phrases"] = _phrases(values.get("phrases", []), PLAIN_STATE.get(kind, State.HOLDING))
    values["about"] = About(values.get("about", About.TARGET if kind is Kind.HARM else About.SUBJECT))
    values["ages"] = tuple(values["ages"]) if "ages" in values else None
    values.setdefault("says", values["name"])
    for name in (
        "strands",
        "from_suspect",
        "not_phrases",
        "known_as",
        "fails_by",
        "restore",
        "partner_kinds",
    ):
        values[name] = tuple(values.get(name, ()))
    return Concept(kind=kind, **values)


def _expression(raw: dict[str, Any] | None) -> Expression:
    if raw is None:
        return Expression("true")
    clauses: list[str | Expression] = []
    if "all" in raw:
        clauses.append(Expression("all", _parts(raw["all"])))
    if "any" in raw:
        clauses.append(Expression("any", _parts(raw["any"])))
    if "at_least" in raw:
        clauses.append(Expression("at_least", _parts(raw.get("of", [])), raw["at_least"]))
    if "not" in raw:
        clauses.append(Expression("not", _parts([raw["not"]])))
    first = clauses[0]
    return first if len(clauses) == 1 and isinstance(first, Expression) else Expression("all", tuple(clauses))


def _parts(raw: list[Any]) -> tuple[str | Expression, ...]:
    return tuple(p if isinstance(p, str) else _expression(p) for p in raw)


def _pathway(entry: dict[str, Any]) -> Pathway:
    values = dict(entry)
    values["person"] = _expression(values.get("person"))
    values["situation"] = _expression(values.get("situation"))
    for name in ("strands", "guards", "actions", "raises"):
        values[name] = tuple(values.get(name, ()))
    return Pathway(**values)


def _group(raw: dict[str, Any]) -> RoleGroup:
    return RoleGroup(**{**raw, "words": tuple(raw["words"])})


def _dangling(catalogue: Catalogue) -> list[str]:
    """References to entries that do not exist, or are of the wrong kind."""
    problems: list[str] = []

    def check(
        owner: Concept | Pathway, label: str, field: str, names: tuple[str, ...], kinds: tuple[Kind, ...]
    ) -> None:
        for name in names:
            concept = catalogue.concepts.get(name)
            if concept is None or concept.kind not in kinds:
                wanted = " or ".join(kinds)
                problems.append(
                    f"{owner.file}: {label} '{owner.id}': field {field}: '{name}' is not a known {wanted}."
                )

    for concept in catalogue.concepts.values():
        label = concept.kind.value
        check(concept, label, "restore", concept.restore, (Kind.ACTION,))
        check(concept, label, "from_suspect", concept.from_suspect, (Kind.FACTOR, Kind.FEATURE))
        problems.extend(_unknown(catalogue, concept, label))
    for pathway in catalogue.pathways.values():
        check(pathway, "pathway", "person", pathway.person.concepts(), (Kind.FACTOR,))
        check(pathway, "pathway", "situation", pathway.situation.concepts(), (Kind.FEATURE,))
        check(pathway, "pathway", "raises", pathway.raises, (Kind.FACTOR, Kind.FEATURE))
        check(pathway, "pathway", "harm", (pathway.harm,), (Kind.HARM,))
        check(pathway, "pathway", "guards", pathway.guards, (Kind.CONTROL,))
        check(pathway, "pathway", "actions", pathway.actions, (Kind.ACTION,))
        problems.extend(_unknown(catalogue, pathway, "pathway"))
    return problems


def _unknown(catalogue: Catalogue, entry: Concept | Pathway, label: str) -> list[str]:
    where = f"{entry.file}: {label} '{entry.id}'"
    found = [
        f"{where}: field strands: '{s}' is not a known strand."
        for s in entry.strands
        if s not in catalogue.strands
    ]
    if entry.source not in catalogue.sources:
        found.append(f"{where}: field source: '{entry.source}' is not a known source.")
    if isinstance(entry, Concept):
        if entry.ages and (entry.kind is not Kind.FACTOR or entry.ages[0] > entry.ages[1]):
            found.append(f"{where}: field ages: for a factor alone, the least age first, as in [0, 17].")
        if entry.known_as and entry.kind is not Kind.CONTROL:
            found.append(f"{where}: field known_as: for a control alone; give phrases instead.")
        found += [
            f"{where}: field legal_bases: '{b}' is not a known source."
            for b in entry.legal_bases
            if b not in catalogue.sources
        ]
    return found
