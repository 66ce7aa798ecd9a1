"""What came of an attempt, put so that the learner sees it: their picture beside the key's."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from wholepicture.core.contract import MOMENT
from wholepicture.core.learning import Scenario, Target
from wholepicture.core.learning.scenario import Ask, KeyAction, Line, Link, Someone, Worth
from wholepicture.core.measurement import Seen, answers
from wholepicture.core.picture import Observation, Picture, draw
from wholepicture.core.practice import Catalogue, Concept, Kind, State, load_default
from wholepicture.web.encounters.drawing import View, view_of
from wholepicture.web.training.models import Attempt

KIND_NAMES = {
    Kind.FACTOR: "The person",
    Kind.FEATURE: "The situation",
    Kind.CONTROL: "Controls",
    Kind.HARM: "Harm",
}
GRADE_SAID = {
    -2: "two grades below",
    -1: "one grade below",
    0: "the same as",
    1: "one grade above",
    2: "two grades above",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a line: plain, or marked in one of the ways of the debrief."""

    text: str
    css: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of the log or an answer, cut into pieces. ``question``: what was asked, for an answer."""

    line: Line
    pieces: tuple[Piece, ...]
    question: str = ""


@dataclass(frozen=True, slots=True)
class TargetShown:
    """One thing there was to see."""

    target: Target
    concept: Concept
    person: str
    seen: Seen


@dataclass(frozen=True, slots=True)
class NotAsked:
    """A question that was not asked (or not answered openly), and what it would have told."""

    ask: Ask
    person: str
    closed: bool
    tells: tuple[TargetShown, ...]


@dataclass(frozen=True, slots=True)
class LinkShown:
    """A pathway of the key, which of its parts were seen, and what would have closed it."""

    link: Link
    person: str
    harm: Concept
    factors: tuple[str, ...]
    features: tuple[str, ...]
    controls: tuple[str, ...]
    parts: tuple[tuple[str, bool | None], ...]

    @property
    def whole(self) -> bool:
        """Whether all of it was seen."""
        return all(p is not False for _, p in self.parts)


@dataclass(frozen=True, slots=True)
class ControlShown:
    """A control of the key beside what was said of it."""

    concept: Concept
    person: str
    key: State
    said: State | None
    right: bool
    why: str


@dataclass(frozen=True, slots=True)
class Beside:
    """One person's picture as the learner's marks draw it, and as the key does."""

    person: Someone
    own: View
    key: View
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Debrief:
    """All that the debrief shows."""

    attempt: Attempt
    scenario: Scenario
    result: dict[str, Any]
    lines: tuple[LineShown, ...]
    targets: tuple[TargetShown, ...]
    contested: tuple[TargetShown, ...]
    imagined: tuple[tuple[str, str, str, str], ...]
    kinds: tuple[tuple[str, int, int, int], ...]
    critical: tuple[str, ...]
    not_asked: tuple[NotAsked, ...]
    links: tuple[LinkShown, ...]
    controls: tuple[ControlShown, ...]
    actions: tuple[tuple[KeyAction, Concept, bool], ...]
    grade_said: str
    pictures: tuple[Beside, ...]

    @property
    def found(self) -> int:
        """How many were noticed of those that were there to be read."""
        return int(self.result["counts"][0])

    @property
    def readable(self) -> int:
        """How many were there to be read."""
        return int(self.result["counts"][0] + self.result["counts"][1])

    @property
    def unasked(self) -> int:
        """How many only a question would have told."""
        return sum(t.seen is Seen.NOT_ASKED for t in self.targets)


def debrief_of(attempt: Attempt) -> Debrief:
    """The debrief of an attempt that was handed in, from the version it was made in and the result kept with it."""
    scenario, result, catalogue = attempt.scenario, attempt.result or {}, load_default()
    seen = {t["id"]: Seen(t["seen"]) for t in result["targets"]}
    shown = [
        TargetShown(t, catalogue.concepts[t.concept], scenario.label(t.person), seen[t.id])
        for t in scenario.targets
        if t.id in seen and t.concept in catalogue.concepts
    ]
    marks = {m["id"]: m for m in attempt.work.get("marks", [])}
    asked = answers(scenario, attempt.work.get("asked", []))
    texts = {x.id: x.text for x in scenario.log} | {a.ask.id: a.text for a in asked}
    imagined = [(marks[i["mark"]], i["why"]) for i in result["imagined"] if i["mark"] in marks]
    return Debrief(
        attempt=attempt,
        scenario=scenario,
        result=result,
        lines=_lines(attempt, shown, [m for m, _ in imagined]),
        targets=tuple(t for t in shown if not t.target.contested),
        contested=tuple(t for t in shown if t.target.contested),
        imagined=tuple(
            (
                texts[m["where"]][m["start"] : m["end"]],
                KIND_NAMES[Kind(m["kind"])],
                scenario.label(m["person"]),
                why,
            )
            for m, why in imagined
        ),
        kinds=tuple((KIND_NAMES[Kind(k)], *numbers) for k, numbers in result["kinds"].items()),
        critical=tuple(_critical(scenario, catalogue, c, seen) for c in result["critical"]),
        not_asked=_not_asked(scenario, attempt, shown),
        links=_links(scenario, result, catalogue),
        controls=_controls(scenario, result, catalogue),
        actions=tuple(
            (a, catalogue.concepts[a.concept], a.concept in attempt.work.get("actions", []))
            for a in scenario.actions
            if a.concept in catalogue.concepts
        ),
        grade_said=GRADE_SAID.get(result["grade_off"], ""),
        pictures=_pictures(scenario, attempt, shown, catalogue),
    )


def _critical(scenario: Scenario, catalogue: Catalogue, ident: str, seen: dict[str, Seen]) -> str:
    """A critical miss in words."""
    target = scenario.target(ident)
    if target:
        how = "was only to be had by asking" if seen[ident] is Seen.NOT_ASKED else "was missed"
        return f"“{target.words}” ({catalogue.concepts[target.concept].name}, {scenario.label(target.person)}) {how}."
    action = next(a for a in scenario.actions if a.concept == ident)
    name = catalogue.concepts[ident].name
    if action.worth is Worth.UNSAFE:
        return f"You chose “{name}”, which is unsafe here. {action.why}"
    return f"“{name}” was left out. {action.why}"


def _lines(
    attempt: Attempt, shown: list[TargetShown], imagined: list[dict[str, Any]]
) -> tuple[LineShown, ...]:
    scenario = attempt.scenario
    asked = answers(scenario, attempt.work.get("asked", []))
    open_answers = {a.ask.id for a in asked if a.open}
    rows = [(line, "", True) for line in scenario.log] + [
        (Line(a.ask.id, a.text, who=scenario.label(a.ask.whom)), a.ask.text, a.open) for a in asked
    ]
    found = []
    for line, question, keyed in rows:
        spans = [
            (m["start"], m["end"], "wp-imagined", "marked by you, nothing keyed here")
            for m in imagined
            if m["where"] == line.id
        ]
        if keyed or line.id in open_answers:
            spans += [
                (t.target.start, t.target.end, _css(t), f"{t.concept.name}, {t.person}: {t.seen}")
                for t in shown
                if t.target.where == line.id
            ]
        found.append(LineShown(line, pieces_of(line.text, spans), question))
    return tuple(found)


def _css(shown: TargetShown) -> str:
    if shown.target.contested:
        return "wp-contested"
    return "wp-found" if shown.seen.noticed else "wp-unseen"


def pieces_of(text: str, spans: list[tuple[int, int, str, str]]) -> tuple[Piece, ...]:
    """A text cut where spans begin and end; where they overlap the later in the list wins."""
    cuts = sorted(
        {0, len(text), *(min(s, len(text)) for s, *_ in spans), *(min(e, len(text)) for _, e, *_ in spans)}
    )
    found = []
    for left, right in pairwise(cuts):
        over = [s for s in spans if s[0] <= left and right <= s[1]]
        found.append(Piece(text[left:right], over[-1][2], over[-1][3]) if over else Piece(text[left:right]))
    return tuple(found)


def _not_asked(scenario: Scenario, attempt: Attempt, shown: list[TargetShown]) -> tuple[NotAsked, ...]:
    asked = {a.ask.id: a for a in answers(scenario, attempt.work.get("asked", []))}
    found = []
    for ask in scenario.asks:
        given = asked.get(ask.id)
        tells = tuple(t for t in shown if t.target.where == ask.id)
        if (given is None or not given.open) and (tells or ask.quality == "opens"):
            found.append(NotAsked(ask, scenario.label(ask.whom), given is not None, tells))
    return tuple(found)


def _links(scenario: Scenario, result: dict[str, Any], catalogue: Catalogue) -> tuple[LinkShown, ...]:
    kept = {x["id"]: x for x in result["links"]}

    def words(targets: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(catalogue.concepts[t.concept].name for i in targets if (t := scenario.target(i)))
        )

    return tuple(
        LinkShown(
            x,
            scenario.label(x.person),
            catalogue.concepts[x.harm],
            words(x.factors),
            words(x.features),
            tuple(catalogue.concepts[c].name for c in x.controls if c in catalogue.concepts),
            (
                ("The person", kept[x.id]["person"]),
                ("The situation", kept[x.id]["situation"]),
                ("The control", kept[x.id]["control"]),
                ("The harm", kept[x.id]["harm"]),
            ),
        )
        for x in scenario.links
        if x.id in kept
    )


def _controls(scenario: Scenario, result: dict[str, Any], catalogue: Catalogue) -> tuple[ControlShown, ...]:
    kept = {(c["concept"], c["person"]): c for c in result["controls"]}
    return tuple(
        ControlShown(
            catalogue.concepts[c.concept],
            scenario.label(c.person),
            c.state,
            State(said) if (said := kept[(c.concept, c.person)]["said"]) else None,
            kept[(c.concept, c.person)]["right"],
            c.why,
        )
        for c in scenario.controls
        if (c.concept, c.person) in kept
    )


def _pictures(
    scenario: Scenario, attempt: Attempt, shown: list[TargetShown], catalogue: Catalogue
) -> tuple[Beside, ...]:
    said = {tuple(key.split("|")): State(state) for key, state in attempt.work.get("controls", {}).items()}
    found = []
    for person in scenario.people:
        mine = [t.target for t in shown if t.target.person == person.code and t.seen is Seen.FOUND]
        key = [t.target for t in shown if t.target.person == person.code and not t.target.contested]
        if not key:
            continue
        own = _draw(catalogue, person, mine, {c: s for (c, p), s in said.items() if p == person.code})
        whole = _draw(
            catalogue, person, key, {c.concept: c.state for c in scenario.controls if c.person == person.code}
        )
        shown_own = view_of(catalogue, own)
        shown_key = view_of(catalogue, whole)
        have = {lane.result.pathway.id for lane in shown_own.lanes}
        left = tuple(
            lane.result.pathway.name for lane in shown_key.lanes if lane.result.pathway.id not in have
        )
        found.append(Beside(person, shown_own, shown_key, left))
    return tuple(found)


def _draw(
    catalogue: Catalogue, person: Someone, targets: list[Target], controls: dict[str, State]
) -> Picture:
    seen = [
        Observation(f"t{n:03d}", person.code, t.concept, t.state, MOMENT, MOMENT, t.words)
        for n, t in enumerate(targets)
        if t.kind is not Kind.CONTROL
    ]
    seen += [
        Observation(f"u{n:03d}", person.code, concept, state, MOMENT, MOMENT)
        for n, (concept, state) in enumerate(controls.items())
        if concept in catalogue.concepts
    ]
    return draw(catalogue, seen, at=MOMENT)
