"""What a scenario is: a log that arrives, people to ask, and a key that says what there was to see. Frozen, so that it can be shared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from wholepicture.core.picture import Grade
from wholepicture.core.practice import Kind, State

MARKED_KINDS = (Kind.FACTOR, Kind.FEATURE, Kind.CONTROL, Kind.HARM)


class Quality(StrEnum):
    """What a question does to whoever is asked."""

    OPENS = "opens"
    FAIR = "fair"
    CLOSES = "closes"


class Worth(StrEnum):
    """What an action is worth in a scenario."""

    NEEDED = "needed"
    HELPFUL = "helpful"
    NOT_NEEDED = "not needed"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the scenario, and how they stand in it."""

    code: str
    label: str
    role: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the log, or an answer. ``id`` is what targets point to."""

    id: str
    text: str
    time: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that can be asked. ``needs``: another that must have been asked before it is answered openly.

    ``guarded``: what is answered when it was not, or when whoever is asked has closed up. ``minutes`` is what it costs.
    """

    id: str
    whom: str
    text: str
    answer: str
    guarded: str
    minutes: int
    quality: Quality
    why: str
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Something there is to see: ``words`` of line (or answer) ``where``, from ``start`` to ``end``, code points of that line's text.

    ``agreed``: the share of the panel that keyed it, None when no panel has; ``contested``: seen differently by
    experts, so shown as such and never scored.
    """

    id: str
    where: str
    words: str
    start: int
    end: int
    concept: str
    kind: Kind
    person: str
    state: State
    critical: bool = False
    contested: bool = False
    agreed: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Lure:
    """Words that look like a sign and are not one here, and why."""

    where: str
    words: str
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class KeyControl:
    """How a control stands, for whom."""

    concept: str
    person: str
    state: State
    why: str


@dataclass(frozen=True, slots=True)
class Link:
    """A pathway in this scenario: target ids of the person and of the situation, the controls that are down, and the harm."""

    id: str
    person: str
    factors: tuple[str, ...]
    features: tuple[str, ...]
    controls: tuple[str, ...]
    harm: str
    why: str


@dataclass(frozen=True, slots=True)
class KeyAction:
    """An action offered, what it is worth here, and why. ``critical``: leaving it out (or, if unsafe, doing it) is a critical miss."""

    concept: str
    worth: Worth
    why: str
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Variation:
    """Another telling: words put in the place of others everywhere, and lines and questions left out."""

    id: str
    put: tuple[tuple[str, str], ...] = ()
    leave_out: tuple[str, ...] = ()
    grade: Grade | None = None
    grade_why: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario with its key. ``minutes`` is the time there is for questions; ``obvious`` the target that meets the eye first."""

    id: str
    title: str
    briefing: str
    strands: tuple[str, ...]
    minutes: int
    people: tuple[Someone, ...]
    log: tuple[Line, ...]
    asks: tuple[Ask, ...]
    targets: tuple[Target, ...]
    lures: tuple[Lure, ...]
    controls: tuple[KeyControl, ...]
    links: tuple[Link, ...]
    actions: tuple[KeyAction, ...]
    grade: Grade
    grade_why: str
    teaches: str
    obvious: str = ""
    panel: int = 0
    variations: tuple[Variation, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong here: to say so is the right answer."""
        return not self.targets

    def line(self, where: str) -> Line | None:
        """A line of the log, or the answer to a question, by id."""
        for line in self.log:
            if line.id == where:
                return line
        for ask in self.asks:
            if ask.id == where:
                return Line(ask.id, ask.answer, who=self.label(ask.whom))
        return None

    def label(self, code: str) -> str:
        """What a person of the scenario is called."""
        return next((p.label for p in self.people if p.code == code), code)

    def target(self, ident: str) -> Target | None:
        """A target by id."""
        return next((t for t in self.targets if t.id == ident), None)

    def told(self, variation: str) -> Scenario:
        """The scenario as a variation tells it; itself for "" or one it does not have."""
        found = next((v for v in self.variations if v.id == variation), None)
        return _varied(self, found) if found else self


def _varied(base: Scenario, how: Variation) -> Scenario:
    """Put the words in place and leave out what is left out; keys that rest on what is gone go too."""

    def put(text: str) -> str:
        for old, new in how.put:
            text = text.replace(old, new)
        return text

    gone = set(how.leave_out)
    log = tuple(replace(x, text=put(x.text), who=put(x.who)) for x in base.log if x.id not in gone)
    asks = tuple(
        replace(a, text=put(a.text), answer=put(a.answer), guarded=put(a.guarded), why=put(a.why))
        for a in base.asks
        if a.id not in gone
    )
    texts = {x.id: x.text for x in log} | {a.id: a.answer for a in asks}
    targets = tuple(moved for t in base.targets if (moved := _moved_target(t, texts, put)))
    lures = tuple(lure for u in base.lures if (lure := _moved_lure(u, texts, put)))
    kept = {t.id for t in targets}
    links = tuple(
        replace(x, why=put(x.why)) for x in base.links if all(t in kept for t in (*x.factors, *x.features))
    )
    return replace(
        base,
        title=put(base.title),
        briefing=put(base.briefing),
        # What a left out question would have cost is not there to spend on others.
        minutes=max(0, base.minutes - sum(a.minutes for a in base.asks if a.id in gone)),
        people=tuple(replace(p, label=put(p.label)) for p in base.people),
        log=log,
        asks=asks,
        targets=targets,
        lures=lures,
        links=links,
        controls=tuple(replace(c, why=put(c.why)) for c in base.controls),
        actions=tuple(replace(a, why=put(a.why)) for a in base.actions),
        grade=how.grade or base.grade,
        grade_why=how.grade_why or put(base.grade_why),
        teaches=put(base.teaches),
    )


def _moved_target(target: Target, texts: dict[str, str], put: Callable[[str], str]) -> Target | None:
    words = put(target.words)
    start = texts.get(target.where, "").find(words)
    if start < 0:
        return None
    return replace(target, words=words, start=start, end=start + len(words), why=put(target.why))


def _moved_lure(lure: Lure, texts: dict[str, str], put: Callable[[str], str]) -> Lure | None:
    words = put(lure.words)
    start = texts.get(lure.where, "").find(words)
    if start < 0:
        return None
    return replace(lure, words=words, start=start, end=start + len(words), why=put(lure.why))
