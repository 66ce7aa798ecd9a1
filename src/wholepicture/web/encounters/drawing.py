"""From a picture to lanes that can be drawn: what stands where, in whose words. No HTML here."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from wholepicture.core.picture import (
    PathwayResult,
    PathwayState,
    Pattern,
    Picture,
    actions_for,
    questions,
    watch,
)
from wholepicture.core.practice import Catalogue, Concept, Nation, State

WIDTH = 1080
BETWEEN = 8
STATE_WORDS = {
    PathwayState.OPEN: ("Open", "open"),
    PathwayState.UNGUARDED: ("Open as far as we know", "unguarded"),
    PathwayState.GUARDED: ("Guarded", "guarded"),
}
CONTROL_WORDS = {
    State.HOLDING: "Holding",
    State.WEAKENING: "Weakening",
    State.FAILED: "Failed",
    State.ABSENT: "Not in place",
    State.NOT_KNOWN: "Not known",
}
CONTROL_ORDER = [State.ABSENT, State.FAILED, State.NOT_KNOWN, State.WEAKENING, State.HOLDING]


@dataclass(frozen=True, slots=True)
class Chip:
    """A factor or feature in a lane, with the words it came from."""

    concept: Concept
    words: str
    y: float
    lines: tuple[str, ...]

    @property
    def tall(self) -> int:
        """The height of its box."""
        return (
            22 + 16 * (len(self.lines) + bool(self.words)) - (4 if len(self.lines) > 1 and self.words else 0)
        )

    @property
    def placed(self) -> list[tuple[int, str]]:
        """Its lines, each with where it stands."""
        return [(21 + 16 * n, line) for n, line in enumerate(self.lines)]

    @property
    def words_y(self) -> int:
        """Where its words stand."""
        return 20 + 16 * len(self.lines)


@dataclass(frozen=True, slots=True)
class Barrier:
    """A control in a lane. ``x`` is the middle of its bar."""

    concept: Concept
    state: State
    said: str
    words: str
    x: float
    room: int
    lines: tuple[str, ...]

    @property
    def shape(self) -> str:
        """Which shape says the state."""
        return self.state.value.replace("_", "-")

    @property
    def said_lines(self) -> list[tuple[int, str]]:
        """Its state beneath the bar, each line with how far down it stands, so that neighbours never meet."""
        return [(43 + 14 * n, line) for n, line in enumerate(self.said.replace(": ", ":\n").split("\n"))]

    @property
    def words_at(self) -> int:
        """How far down its words stand."""
        return self.said_lines[-1][0] + 15

    @property
    def short(self) -> str:
        """Its words, short enough to stand beneath it."""
        if self.state is State.NOT_KNOWN or self.words == "answered":
            return ""
        return textwrap.shorten(self.words, self.room, placeholder="…")


@dataclass(frozen=True, slots=True)
class Lane:
    """One pathway, ready to draw. Lengths are in the drawing's own units."""

    result: PathwayResult
    harm: Concept
    harm_lines: tuple[str, ...]
    words: str
    css: str
    height: float
    middle: float
    person: tuple[Chip, ...]
    situation: tuple[Chip, ...]
    barriers: tuple[Barrier, ...]
    more_controls: tuple[Barrier, ...]
    reach: float

    @property
    def harm_placed(self) -> list[tuple[int, str]]:
        """The harm's lines in its box, each with where it stands: closer together when there are four."""
        apart = 18 if len(self.harm_lines) < 4 else 15
        top = 5 - apart * (len(self.harm_lines) - 1) / 2
        return [(round(top + apart * n), line) for n, line in enumerate(self.harm_lines)]

    @property
    def title(self) -> str:
        """The lane in one sentence, for those who do not see it."""
        controls = "; ".join(
            f"{b.concept.name}: {b.said.lower()}" for b in (*self.barriers, *self.more_controls)
        )
        return f"{self.words}: {self.result.pathway.name}. Controls between: {controls}."


@dataclass(frozen=True, slots=True)
class View:
    """All that the page of one person shows."""

    lanes: tuple[Lane, ...]
    harms: tuple[tuple[Concept, tuple[Lane, ...]], ...]
    possible: tuple[PathwayResult, ...]
    closed: int
    sentence: str
    questions: tuple[tuple[Concept, str, tuple[str, ...], bool], ...]
    actions: tuple[tuple[Concept, tuple[str, ...]], ...]
    counts: tuple[tuple[str, str], ...]


def view_of(
    catalogue: Catalogue, picture: Picture, *, nation: Nation = Nation.ENGLAND, most_lanes: int = 24
) -> View:
    """Arrange a picture for the page: worst and most certain lanes first, grouped by harm when they are many."""
    results = picture.by_state(*STATE_WORDS)[:most_lanes]
    lanes = tuple(_lane(catalogue, picture, r) for r in results)
    grouped: dict[str, list[Lane]] = {}
    for lane in lanes:
        grouped.setdefault(lane.harm.id, []).append(lane)
    asked = questions(catalogue, picture, most=5)
    return View(
        lanes=lanes,
        harms=tuple((catalogue.concepts[h], tuple(items)) for h, items in grouped.items()),
        possible=tuple(picture.by_state(PathwayState.POSSIBLE)),
        closed=sum(r.state is PathwayState.CLOSED for r in picture.pathways),
        sentence=sentence(catalogue, picture),
        questions=tuple(
            (
                catalogue.concepts[q.concept],
                q.text,
                tuple(catalogue.pathways[p].name for p in q.settles[:3]),
                catalogue.concepts[q.concept].kind == "control",
            )
            for q in asked
        ),
        actions=tuple(
            (catalogue.concepts[a], tuple(catalogue.pathways[p].name for p in pathways))
            for a, pathways in actions_for(catalogue, picture, nation=nation)[:10]
        ),
        counts=_counts(picture),
    )


def _counts(picture: Picture) -> tuple[tuple[str, str], ...]:
    found = []
    for state, (words, css) in STATE_WORDS.items():
        number = len(picture.by_state(state))
        if number:
            noun = "pathway" if number == 1 else "pathways"
            found.append((f"{number} {noun} {words[0].lower()}{words[1:]}", css))
    ending = watch(picture, within_days=14)
    if ending:
        days = (ending[0].ends_on - picture.at.date()).days
        found.append(
            (
                f"1 control ends {_soon(days)}"
                if len(ending) == 1
                else f"{len(ending)} pathways rest on a control that is about to end",
                "weakening",
            )
        )
    return tuple(found)


def _soon(days: int) -> str:
    return ("today", "tomorrow")[days] if days < 2 else f"in {days} days"


def _lane(catalogue: Catalogue, picture: Picture, result: PathwayResult) -> Lane:
    words, css = STATE_WORDS[result.state]
    harm = catalogue.concepts[result.pathway.harm]
    person = _chips(catalogue, picture, result.person_because)
    situation = _chips(catalogue, picture, result.situation_because)
    height = max(168.0, _tall(person) + 30, _tall(situation) + 30)
    ordered = sorted(result.guards, key=lambda g: CONTROL_ORDER.index(g[1]))
    told = [g for g in ordered if g[1] is not State.NOT_KNOWN]
    unknown = [g for g in ordered if g[1] is State.NOT_KNOWN]
    chosen = sorted([*told, *unknown][:4], key=lambda g: CONTROL_ORDER.index(g[1]))
    barriers = _barriers(catalogue, picture, chosen)
    rest = _barriers(catalogue, picture, [g for g in ordered if g not in chosen])
    stopped = next((b.x + 12 for b in reversed(barriers) if b.state is State.HOLDING), 394.0)
    return Lane(
        result=result,
        harm=harm,
        harm_lines=tuple(textwrap.wrap(harm.name, 15)),
        words=words,
        css=css,
        height=height,
        middle=height / 2 + 6,
        person=_placed(person, height),
        situation=_placed(situation, height),
        barriers=barriers,
        more_controls=rest,
        reach=stopped if result.state is PathwayState.GUARDED else 394.0,
    )


def _chips(catalogue: Catalogue, picture: Picture, names: tuple[str, ...]) -> list[Chip]:
    chips = []
    for name in names[:6]:
        concept = catalogue.concepts[name]
        words = picture.held[name].basis.evidence
        chips.append(
            Chip(
                concept,
                textwrap.shorten(words, 30, placeholder="…") if words != "answered" else "",
                0,
                tuple(textwrap.wrap(concept.name, 27)[:2]),
            )
        )
    return chips


def _tall(chips: list[Chip]) -> float:
    return sum(c.tall for c in chips) + BETWEEN * max(0, len(chips) - 1)


def _placed(chips: list[Chip], height: float) -> tuple[Chip, ...]:
    top = height / 2 + 6 - _tall(chips) / 2
    placed = []
    for chip in chips:
        placed.append(Chip(chip.concept, chip.words, top, chip.lines))
        top += chip.tall + BETWEEN
    return tuple(placed)


def _barriers(catalogue: Catalogue, picture: Picture, guards: list[tuple[str, State]]) -> tuple[Barrier, ...]:
    step = 400 / (len(guards) + 1)
    found = []
    for n, (name, state) in enumerate(guards, 1):
        held = picture.held.get(name)
        said = CONTROL_WORDS[state]
        if held and held.basis.ends_on and state in (State.HOLDING, State.WEAKENING):
            said += f": ends {held.basis.ends_on:%-d %b}"
        concept = catalogue.concepts[name]
        words = held.basis.evidence if held else ""
        found.append(
            Barrier(
                concept,
                state,
                said,
                words,
                404 + n * step,
                int(step / 6.4),
                tuple(textwrap.wrap(concept.name, max(13, int(step / 7)), max_lines=3, placeholder="…")),
            )
        )
    return tuple(found)


def sentence(catalogue: Catalogue, picture: Picture) -> str:
    """One plain sentence or two that say what matters: what is open, what alone stands between, and when it ends."""
    open_now = picture.by_state(PathwayState.OPEN, PathwayState.UNGUARDED)
    guarded = picture.by_state(PathwayState.GUARDED)
    if not open_now and not guarded:
        possible = picture.by_state(PathwayState.POSSIBLE)
        if possible:
            return f"Nothing is known to be open. {len(possible)} pathways are possible: the questions below would settle the most."
        return "Nothing recorded points to harm yet. That is not the same as knowing that nothing is wrong: ask what has not been asked."
    parts = []
    if open_now:
        certain = any(r.state is PathwayState.OPEN for r in open_now)
        harms = list(dict.fromkeys(catalogue.concepts[r.pathway.harm].name for r in open_now))
        why = dict.fromkeys(c for r in open_now for c in (*r.situation_because, *r.person_because))
        telling = sorted(why, key=lambda c: catalogue.concepts[c].prior)[:4]
        start = "Nothing stands" if certain else "Nothing we know of stands"
        parts.append(f"{start} between this person and {_listed([_low(h) for h in harms[:3]], 'or')}.")
        if telling:
            parts.append(
                f"What points to it: {_listed([_low(catalogue.concepts[c].name) for c in telling])}."
            )
        going = [g for r in open_now for g, state in r.guards if state is State.WEAKENING]
        if going:
            parts.append(
                f"{catalogue.concepts[going[0]].name}: weakening (“{picture.held[going[0]].basis.evidence}”)."
            )
    if guarded:
        controls = list(dict.fromkeys(g for r in guarded for g, s in r.guards if s is State.HOLDING))
        names = _listed([_low(catalogue.concepts[c].name) for c in controls[:3]])
        start = "Only " if len(controls) == 1 else ""
        verb = "stands" if len(controls) == 1 else "stand"
        text = f"{start}{names} {verb} between them and {_listed(list(dict.fromkeys(_low(catalogue.concepts[r.pathway.harm].name) for r in guarded))[:2])}."
        parts.append(text[0].upper() + text[1:])
        ends = [e for c in controls if (e := picture.held[c].basis.ends_on)]
        if ends:
            parts.append(f"The first of them ends on {min(ends).day} {min(ends):%B}.")
    return " ".join(parts)


def pattern_sentence(catalogue: Catalogue, pattern: Pattern) -> str:
    """What reports read together say, in a sentence or two."""
    if not pattern.first or not pattern.last:
        return "Nothing has been recorded yet."
    if pattern.reports == 1:
        return f"One report, on {pattern.first:%-d %B %Y}."
    same = pattern.first == pattern.last
    when = (
        f"on {pattern.first:%-d %B %Y}"
        if same
        else f"between {pattern.first:%-d %B %Y} and {pattern.last:%-d %B %Y}"
    )
    parts = [
        f"{pattern.reports} reports {when}, {pattern.in_last_year or 'none'} of them in the last twelve months."
    ]
    if pattern.in_year_before and pattern.in_last_year > pattern.in_year_before:
        parts.append(f"That is more than the {pattern.in_year_before} of the twelve months before.")
    if pattern.again:
        names = [f"{_low(catalogue.concepts[name].name)} ({n} reports)" for name, n in pattern.again[:4]]
        parts.append(f"Again and again: {_listed(names)}.")
    if pattern.only_together:
        names = [_low(r.pathway.name) for r in pattern.only_together[:3]]
        parts.append(f"Only the reports read together show {_listed(names)}.")
    return " ".join(parts)


def _listed(names: list[str], join: str = "and") -> str:
    """Names in a sentence: "a, b and c"; with semicolons where a name of its own has a comma."""
    if len(names) < 2:
        return "".join(names)
    if len(names) == 2:
        return f"{names[0]}{';' if ',' in names[0] else ''} {join} {names[1]}"
    mark = ";" if any("," in n for n in names) else ","
    return f"{mark} ".join(names[:-1]) + f"{mark if mark == ';' else ''} {join} {names[-1]}"


def _low(name: str) -> str:
    first = name.partition(" ")[0]
    return name if len(first) > 1 and first.isupper() else name[:1].lower() + name[1:]
