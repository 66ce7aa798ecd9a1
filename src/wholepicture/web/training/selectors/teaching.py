"""Reads for trainers and supervisors: who has completed what, and how the items and the force do. Counts, never a league of people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from wholepicture.core.learning import ItemKind
from wholepicture.core.measurement import (
    FEW,
    Interval,
    analyse,
    difference_of_shares,
    mean_change,
    reliability,
    share,
)
from wholepicture.core.measurement.items import Item, Reliability
from wholepicture.core.practice import load_default
from wholepicture.web.accounts.models import User
from wholepicture.web.training.access import learners_of
from wholepicture.web.training.models import Attempt, CheckAnswer, Course, Enrolment, Outcome
from wholepicture.web.training.selectors.learning import before_and_after, reaches

MOST_LEARNERS = 500
FEWEST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands with one course."""

    learner: User
    course: Course
    state: str
    due_on: date | None
    completed_on: date | None
    overdue: bool


def completion(user: User, *, course: Course, team: str = "") -> list[Standing]:
    """Who has completed a course, is at it, or is to take it; overdue first. Those who are neither asked nor began are left out."""
    today = timezone.localdate()
    people = learners_of(user).select_related("team")
    if team.isdigit():
        people = people.filter(team_id=int(team))
    latest: dict[int, Enrolment] = {}
    for e in Enrolment.objects.filter(course=course, learner__in=people).order_by("round"):
        latest[e.learner_id] = e
    assignments = list(course.assignments.filter(ended_at=None).order_by("due_on"))
    found = []
    for person in people[:MOST_LEARNERS]:
        due = next((a.due_on for a in assignments if reaches(a, person)), None)
        enrolment = latest.get(person.pk)
        if due is None and enrolment is None:
            continue
        done = enrolment.completed_at if enrolment else None
        state = "Completed" if done else ("Under way" if enrolment else "Not begun")
        found.append(
            Standing(
                person,
                course,
                state,
                due,
                timezone.localdate(done) if done else None,
                bool(due and not done and due < today),
            )
        )
    return sorted(
        found, key=lambda s: (not s.overdue, s.state == "Completed", s.due_on or date.max, str(s.learner))
    )


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One item of the analysis in words. ``flags`` say what a trainer may look at; nothing is dropped by itself."""

    name: str
    kind: str
    critical: bool
    item: Item
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One scenario or check: its items, how far it can be relied on, and what drew people away."""

    title: str
    items: tuple[ItemShown, ...]
    reliability: Reliability
    distractors: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """How a course does, from first attempts."""

    takers: int
    few: bool
    parts: tuple[Part, ...]
    missed: tuple[tuple[str, tuple[tuple[str, int, Interval], ...]], ...]
    paired: int
    change: Interval | None
    seen: Interval | None
    false: Interval | None
    before: Interval | None
    after: Interval | None
    grades: tuple[tuple[str, int], ...]


def analysis(course: Course) -> Analysis:
    """Item analysis, concepts missed by team, and before and after, over the versions that have the same content."""
    attempts = list(
        Attempt.objects.filter(version__course=course, first=True, handed_in_at__isnull=False).select_related(
            "version", "learner"
        )
    )
    parts = [*_scenario_parts(course, attempts), *_check_parts(course)]
    enrolments = list(Enrolment.objects.filter(course=course))
    pairs, pooled = _pairs(enrolments)
    (bh, bs, bf, bn), (ah, as_, af, an) = pooled
    return Analysis(
        takers=len({a.learner_id for a in attempts}),
        few=len({a.learner_id for a in attempts}) < FEW,
        parts=tuple(parts),
        missed=_missed_by_team(course),
        paired=len(pairs),
        change=mean_change(pairs),
        seen=difference_of_shares((bh, bs), (ah, as_)),
        false=difference_of_shares((bf, bn), (af, an)),
        before=share(bh, bs),
        after=share(ah, as_),
        grades=grades_of(attempts),
    )


def grades_of(attempts: Iterable[Attempt]) -> tuple[tuple[str, int], ...]:
    """How often the risk was graded below, as and above the key."""
    counted = Counter(
        "below" if off < 0 else "above" if off else "as"
        for a in attempts
        if a.result and (off := a.result["grade_off"]) is not None
    )
    return (
        ("below the key", counted["below"]),
        ("as the key", counted["as"]),
        ("above the key", counted["above"]),
    )


def _scenario_parts(course: Course, attempts: list[Attempt]) -> list[Part]:
    """Each scenario of the latest version: the targets that keep their id and words are one item across versions."""
    catalogue = load_default()
    found = []
    for item in course.latest.content.items:
        if item.kind is not ItemKind.SCENARIO:
            continue
        scenario = course.latest.content.scenarios[item.id]
        of_it = [a for a in attempts if a.item == item.id and not a.variation and a.result]
        answers: dict[str, list[bool | None]] = {}
        for target in scenario.targets:
            if not target.contested:
                answers[target.id] = [_noticed(a, target.id, target.words) for a in of_it]
        shown = [
            ItemShown(
                f"“{t.words}”: {catalogue.concepts[t.concept].name}",
                t.kind.value,
                t.critical,
                i,
                _flags(i, t.critical),
            )
            for i in analyse(answers)
            if (t := scenario.target(i.id))
        ]
        found.append(Part(item.title, tuple(shown), reliability(answers), _drawn_away(of_it)))
    return [p for p in found if p.items or p.distractors]


def _noticed(attempt: Attempt, ident: str, words: str) -> bool | None:
    """Whether a target was noticed in an attempt; None if it was not met there, or read otherwise."""
    target = attempt.scenario.target(ident)
    if target is None or target.words != words:
        return None
    seen = next((t["seen"] for t in attempt.result["targets"] if t["id"] == ident), None)  # type: ignore[index]
    return None if seen in (None, "not asked") else seen != "missed"


def _flags(item: Item, critical: bool) -> tuple[str, ...]:
    flags = []
    if item.takers >= FEWEST_SHOWN:
        if critical and item.facility.value < 0.5:
            flags.append("critical, and half miss it: a teaching need")
        elif item.facility.value < 0.3:
            flags.append("few see it: is it fair, or a need?")
        elif item.facility.value > 0.9 and not critical:
            flags.append("nearly all see it")
        if item.takers >= FEW and item.discrimination is not None and item.discrimination < 0:
            flags.append("those who do well miss it: look at the key")
    return tuple(flags)


def _drawn_away(attempts: list[Attempt]) -> tuple[tuple[str, int, int], ...]:
    """Words most often marked though nothing is there, and actions not needed or unsafe most often chosen."""
    catalogue = load_default()
    counted: Counter[str] = Counter()
    for a in attempts:
        texts = {line.id: line.text for line in a.scenario.log} | {q.id: q.answer for q in a.scenario.asks}
        marks = {m["id"]: m for m in a.work.get("marks", [])}
        words = {
            texts[m["where"]][m["start"] : m["end"]].strip().lower()
            for i in (a.result or {})["imagined"]
            if (m := marks.get(i["mark"])) and m["where"] in texts
        }
        counted.update(f"marked “{w}”" for w in words)
        counted.update(
            f"chose {catalogue.concepts[c].name.lower()}"
            for c in [*(a.result or {})["not_needed"], *(a.result or {})["unsafe"]]
        )
    return tuple((what, n, len(attempts)) for what, n in counted.most_common(6) if n > 1)


def _check_parts(course: Course) -> list[Part]:
    given: dict[tuple[str, str], dict[int, CheckAnswer]] = defaultdict(dict)
    for answer in CheckAnswer.objects.filter(enrolment__course=course, first=True):
        given[answer.item, answer.question][answer.enrolment_id] = answer
    found = []
    for item in course.latest.content.items:
        if item.kind is not ItemKind.CHECK:
            continue
        questions = course.latest.content.checks[item.id]
        takers = sorted({e for q in questions for e in given[item.id, q.id]})
        answers = {
            q.id: [given[item.id, q.id][e].right if e in given[item.id, q.id] else None for e in takers]
            for q in questions
        }
        shown = tuple(
            ItemShown(
                next(q.text for q in questions if q.id == i.id),
                "question",
                False,
                i,
                _flags(i, False),
            )
            for i in analyse(answers)
        )
        wrong: Counter[str] = Counter()
        for q in questions:
            for answer in given[item.id, q.id].values():
                wrong.update(
                    q.options[n].text for n in answer.chosen if n < len(q.options) and not q.options[n].right
                )
        module = course.latest.content.module_of(item.id)
        title = f"{item.title}: {module.title.lower()}" if module else item.title
        drawn = tuple((f"chose “{w}”", n, len(takers)) for w, n in wrong.most_common(6))
        if shown:
            found.append(Part(title, shown, reliability(answers), drawn))
    return found


def _missed_by_team(course: Course) -> tuple[tuple[str, tuple[tuple[str, int, Interval], ...]], ...]:
    """Concepts that each team misses most, from first attempts; a team with fewer than ten chances at one shows none of it."""
    catalogue = load_default()
    rows = (
        Outcome.objects.filter(attempt__version__course=course, attempt__first=True)
        .exclude(seen="not asked")
        .values("attempt__learner__team__name", "concept")
        .annotate(chances=Count("pk"), missed=Count("pk", filter=Q(noticed=False)))
    )
    teams: dict[str, list[tuple[str, int, Interval]]] = defaultdict(list)
    for row in rows:
        missed = share(row["missed"], row["chances"])
        if row["chances"] >= FEWEST_SHOWN and missed and row["concept"] in catalogue.concepts:
            teams[row["attempt__learner__team__name"] or "In no team"].append(
                (catalogue.concepts[row["concept"]].name, row["chances"], missed)
            )
    return tuple(
        (team, tuple(sorted(found, key=lambda f: -f[2].value)[:6])) for team, found in sorted(teams.items())
    )


_Pooled = tuple[tuple[int, int, int, int], tuple[int, int, int, int]]


def _pairs(enrolments: list[Enrolment]) -> tuple[list[tuple[float, float]], _Pooled]:
    """Each learner's share seen before and after; and all of them pooled (seen, there, false, empty)."""
    pairs = []
    pooled = [[0, 0, 0, 0], [0, 0, 0, 0]]
    for enrolment in enrolments:
        before, after = before_and_after([enrolment])
        if not (before.attempts and after.attempts):
            continue
        for held, side in zip(pooled, (before, after), strict=True):
            held[0] += side.hits
            held[1] += side.hits + side.misses
            held[2] += side.false_alarms
            held[3] += side.false_alarms + side.left_alone
        if before.hits + before.misses and after.hits + after.misses:
            pairs.append(
                (before.hits / (before.hits + before.misses), after.hits / (after.hits + after.misses))
            )
    return pairs, (tuple(pooled[0]), tuple(pooled[1]))  # type: ignore[return-value]
