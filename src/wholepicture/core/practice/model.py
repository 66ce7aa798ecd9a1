"""The practice catalogue's own types: frozen, so that a loaded catalogue can be shared between threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a concept is of."""

    FACTOR = "factor"
    FEATURE = "feature"
    CONTROL = "control"
    HARM = "harm"
    ACTION = "action"


class State(StrEnum):
    """What is held about one concept for one person (shared/design.md, section 2)."""

    PRESENT = "present"
    ABSENT = "absent"
    NOT_KNOWN = "not_known"
    HOLDING = "holding"
    WEAKENING = "weakening"
    FAILED = "failed"
    SUFFERED = "suffered"
    THREATENED = "threatened"


STATES: dict[Kind, tuple[State, ...]] = {
    Kind.FACTOR: (State.PRESENT, State.ABSENT, State.NOT_KNOWN),
    Kind.FEATURE: (State.PRESENT, State.ABSENT, State.NOT_KNOWN),
    Kind.CONTROL: (State.HOLDING, State.WEAKENING, State.FAILED, State.ABSENT, State.NOT_KNOWN),
    Kind.HARM: (State.SUFFERED, State.THREATENED, State.ABSENT, State.NOT_KNOWN),
}


class About(StrEnum):
    """Whose a finding is: the one the sentence speaks of, or the one to whom it is done.

    EITHER: the one the sentence speaks of, but where that is a suspect or partner, the one the account is about ("he moved in").
    RELATED: as EITHER, but never the one whom the words themselves name: "her daughter visits" is the mother's.
    """

    SUBJECT = "subject"
    TARGET = "target"
    EITHER = "either"
    RELATED = "related"


class Nation(StrEnum):
    """Whose law applies: much of social care and housing law differs."""

    ENGLAND = "England"
    WALES = "Wales"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry comes from. ``basis`` is "statute", "research", "practice judgement" and the like."""

    id: str
    title: str
    basis: str
    jurisdiction: str
    valid_from: date | None = None
    valid_to: date | None = None
    review_by: date | None = None
    address: str = ""

    def in_force(self, *, on: date, nation: Nation) -> bool:
        """Whether this basis may be offered on a date in England or in Wales."""
        if self.valid_from and on < self.valid_from:
            return False
        if self.valid_to and on > self.valid_to:
            return False
        return self.jurisdiction == "any" or nation in self.jurisdiction


@dataclass(frozen=True, slots=True)
class Phrase:
    """One wording that shows a concept, in the small language of recognition.phrases.

    ``near``/``not_near`` are wordings that must, or must not, stand within 60 characters: for shorthand with two meanings.
    """

    text: str
    state: State
    near: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """One entry of the catalogue. ``prior`` is how often it is so, 0 to 1; ``half_life_days`` 0 means it does not fade.

    ``spoken``: to speak of it is to show it, so "said he will kill her" is a threat now, not a thing of the future.
    ``somebody``: it is that somebody is there, so that "her husband" shows it whatever the verb ("did not see her husband").
    ``reaches_children``: what is done to an adult at home is done to the children there too.
    ``ages``: the least and greatest age, in whole years, that show it by themselves.
    ``known_as``: names of a control or of whose it is; how it stands is read from the words beside them (``Statements``).
    """

    id: str
    kind: Kind
    name: str
    says: str
    strands: tuple[str, ...]
    source: str
    ref: str = ""
    question: str = ""
    prior: float = 0.1
    half_life_days: int = 0
    ages: tuple[int, int] | None = None
    about: About = About.SUBJECT
    spoken: bool = False
    somebody: bool = False
    reaches_children: bool = False
    from_suspect: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    not_phrases: tuple[str, ...] = ()
    known_as: tuple[str, ...] = ()
    holder: str = ""
    ends: str = "no"
    fails_by: tuple[str, ...] = ()
    restore: tuple[str, ...] = ()
    severity: int = 0
    who: str = ""
    within: str = ""
    lawful_basis: str = ""
    legal_bases: tuple[str, ...] = ()
    partner_kinds: tuple[str, ...] = ()
    retired: bool = False
    file: str = ""


@dataclass(frozen=True, slots=True)
class Expression:
    """A three-valued condition over concepts: all, any, at_least n of ``parts``, or not.

    ``op`` is "all", "any", "at_least", "not" or "true"; a part is a concept id or another expression.
    """

    op: str
    parts: tuple[str | Expression, ...] = ()
    count: int = 0

    def concepts(self) -> tuple[str, ...]:
        """Every concept id named, in order, once each."""
        found: dict[str, None] = {}
        for part in self.parts:
            for name in (part,) if isinstance(part, str) else part.concepts():
                found[name] = None
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Pathway:
    """Person side and situation side that together lead to a harm unless a guard holds."""

    id: str
    name: str
    strands: tuple[str, ...]
    person: Expression
    situation: Expression
    harm: str
    guards: tuple[str, ...]
    actions: tuple[str, ...]
    because: str
    source: str
    raises: tuple[str, ...] = ()
    ref: str = ""
    retired: bool = False
    file: str = ""


@dataclass(frozen=True, slots=True)
class ContextRules:
    """Cue wordings by axis value and direction, as loaded from context.toml."""

    cues: dict[str, dict[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Statements:
    """What is said of any control before, or behind, its name, by how it then stands (statements.toml).

    ``small_words`` may stand between what is said and the name; ``breaks`` begin something else;
    ``joins`` go on about the control after a comma.
    """

    before: dict[State, tuple[str, ...]] = field(default_factory=dict)
    after: dict[State, tuple[str, ...]] = field(default_factory=dict)
    small_words: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()
    joins: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RoleGroup:
    """Words by which one kind of person appears in a narrative."""

    key: str
    role: str
    words: tuple[str, ...]
    gender: str = ""
    plural: bool = False
    pictured: bool = True


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything practice knows, validated. Get one from ``practice.load``."""

    name: str
    version: str
    hash: str
    concepts: dict[str, Concept]
    pathways: dict[str, Pathway]
    strands: dict[str, str]
    sources: dict[str, Source]
    words: dict[str, tuple[str, ...]]
    patterns: dict[str, str]
    context: ContextRules
    roles: tuple[RoleGroup, ...]
    statements: Statements = field(default_factory=Statements)
    spelling: frozenset[str] = field(default_factory=frozenset)
    confusables: frozenset[str] = field(default_factory=frozenset)
    not_names: frozenset[str] = field(default_factory=frozenset)
    ordinary_words: frozenset[str] = field(default_factory=frozenset)

    def may_be_offered(self, action: str, *, on: date, nation: Nation) -> bool:
        """Whether an action stands in the catalogue and, if it rests on law, any of that law is in force here and now."""
        entry = self.concepts[action]
        bases = [self.sources[b] for b in entry.legal_bases]
        return not entry.retired and (not bases or any(b.in_force(on=on, nation=nation) for b in bases))

    def of_kind(self, kind: Kind) -> list[Concept]:
        """Concepts of one kind that are not retired."""
        return [c for c in self.concepts.values() if c.kind is kind and not c.retired]
