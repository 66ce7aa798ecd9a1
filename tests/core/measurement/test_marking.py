"""Marking an attempt: found, missed and imagined, links, controls, grade and what cannot be bought back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.learning import Scenario, shipped_course
from wholepicture.core.measurement import Mark, SaidLink, Seen, Work, answers, mark_work, minutes_spent
from wholepicture.core.measurement.marking import passages
from wholepicture.core.picture import Grade
from wholepicture.core.practice import Kind, State

COURSE = shipped_course("look-beyond-the-obvious")
ROW = COURSE.scenarios["row-at-number-twelve"]


def mark(scenario: Scenario, words: str, kind: Kind, person: str, ident: str = "") -> Mark:
    for where, text in [(x.id, x.text) for x in scenario.log] + [(a.id, a.answer) for a in scenario.asks]:
        start = text.find(words)
        if start >= 0:
            return Mark(ident or words, where, start, start + len(words), kind, person)
    raise AssertionError(words)


def seen(scenario: Scenario, work: Work) -> dict[str, Seen]:
    return {r.target.id: r.seen for r in mark_work(scenario, work).targets}


def test_found_missed_and_not_asked() -> None:
    found = seen(ROW, Work(marks=(mark(ROW, "voice is hoarse", Kind.FEATURE, "dawn"),)))
    assert found["t4"] is Seen.FOUND
    assert found["t3"] is Seen.MISSED
    assert found["t10"] is Seen.NOT_ASKED


def test_as_another_kind_or_of_another_person_is_noticed_and_said() -> None:
    found = seen(
        ROW,
        Work(
            marks=(
                mark(ROW, "voice is hoarse", Kind.HARM, "dawn"),
                mark(ROW, "Lee has his own key", Kind.FEATURE, "lee"),
            )
        ),
    )
    assert found["t4"] is Seen.OTHER_KIND
    assert found["t6"] is Seen.OTHER_PERSON


def test_a_mark_round_half_the_log_finds_nothing() -> None:
    line = ROW.log[4]
    whole = Mark("m", line.id, 0, len(line.text), Kind.FEATURE, "dawn")
    narrow = mark(ROW, "hoarse", Kind.FEATURE, "dawn")
    assert seen(ROW, Work(marks=(whole,)))["t4"] is Seen.MISSED
    assert seen(ROW, Work(marks=(narrow,)))["t4"] is Seen.FOUND


def test_marking_everything_is_not_passing() -> None:
    marks = tuple(
        Mark(f"{x.id}-{a}", x.id, a, b, Kind.FEATURE, "dawn") for x in ROW.log for a, b in passages(x.text)
    )
    marked = mark_work(ROW, Work(marks=marks))
    assert marked.counts.sensitivity is not None
    assert marked.counts.sensitivity > 0.8
    assert marked.counts.false_alarm_rate == 1
    assert not marked.passed(hits=0.6, false_alarms=0.25)


def test_a_lure_is_told_as_one_and_the_contested_is_not_scored() -> None:
    lure, contested = (
        mark(ROW, "a broken lamp", Kind.FEATURE, "dawn"),
        mark(ROW, "smells of drink", Kind.FACTOR, "dawn"),
    )
    marked = mark_work(ROW, Work(marks=(lure, contested)))
    assert [(i.mark.id, bool(i.lure)) for i in marked.imagined] == [("a broken lamp", True)]
    without = mark_work(ROW, Work(marks=(lure,)))
    assert marked.counts == without.counts
    assert [r.seen for r in marked.contested] == [Seen.FOUND]


def test_a_poor_question_closes_and_the_next_is_answered_with_little() -> None:
    first = answers(ROW, ["q4", "q1", "q2"])
    assert [a.open for a in first] == [True, False, False]
    kind = answers(ROW, ["q1", "q2", "q4", "q3"])
    assert [a.open for a in kind] == [True, True, True, False]
    assert kind[1].text.startswith("“Tonight")
    # Not alone yet: asked too soon.
    assert answers(ROW, ["q2"])[0].text == "“It's nothing, I caught it on the door.”"
    assert minutes_spent(ROW, ["q1", "q2", "q2", "nonsense"]) == 4


def test_a_critical_miss_is_not_bought_back() -> None:
    scenario = COURSE.scenarios["sent-home"]
    asked = tuple(a.id for a in scenario.asks if a.id != "q4")
    needed = frozenset(a.concept for a in scenario.actions if a.worth == "needed")
    all_marks = [Mark(t.id, t.where, t.start, t.end, t.kind, t.person) for t in scenario.targets]
    whole = mark_work(scenario, Work(tuple(all_marks), asked, grade=scenario.grade, actions=needed))
    assert whole.passed(hits=0.6, false_alarms=0.25)
    without = tuple(m for m in all_marks if m.id != "t6")
    one_missed = mark_work(scenario, Work(without, asked, grade=scenario.grade, actions=needed))
    assert one_missed.counts.sensitivity is not None
    assert one_missed.counts.sensitivity > 0.8
    assert not one_missed.passed(hits=0.6, false_alarms=0.25)
    unsafe = mark_work(
        scenario,
        Work(tuple(all_marks), asked, grade=scenario.grade, actions=needed | {"take-to-place-of-safety"}),
    )
    assert unsafe.critical == ("take-to-place-of-safety",)


def test_the_links_are_apart_from_the_labels() -> None:
    """Everything marked and nothing joined: full marks for seeing, none for putting together; and part of a link is told."""
    marks = tuple(Mark(t.id, t.where, t.start, t.end, t.kind, t.person) for t in ROW.targets)
    alone = mark_work(ROW, Work(marks, ("q1", "q2", "q3")))
    assert not any(x.parts[0] for x in alone.links)
    part = SaidLink("dawn", ("t2",), ("t3",), (), "homicide")
    other = SaidLink("dawn", ("t2",), (), (), "financial-abuse")
    joined = mark_work(ROW, Work(marks, ("q1", "q2", "q3"), links=(part, other)))
    first = joined.links[0]
    assert (first.person, first.situation, first.control, first.harm) == (True, True, False, True)
    assert joined.links_imagined == (other,)


def test_a_control_is_right_if_standing_down_or_not_known_alike() -> None:
    said = {("bail-or-remand", "dawn"): State.ABSENT, ("marac-and-advocate", "dawn"): State.HOLDING}
    marked = {c.key.concept: c for c in mark_work(ROW, Work(controls=said)).controls}
    assert marked["bail-or-remand"].right
    assert not marked["marac-and-advocate"].right
    assert not marked["trusted-people"].right
    assert marked["trusted-people"].said is None


def test_stopping_at_the_first() -> None:
    noise = COURSE.scenarios["noise-again"]
    first = mark_work(noise, Work(marks=(mark(noise, "Fifth call since April", Kind.FEATURE, "colin"),)))
    assert first.stopped == 1
    assert first.only_obvious
    none = mark_work(noise, Work())
    assert none.stopped is None
    every = tuple(Mark(t.id, t.where, t.start, t.end, t.kind, t.person) for t in noise.targets)
    assert mark_work(noise, Work(marks=every)).stopped == 0


def test_nothing_wrong_is_passed_by_leaving_it_alone() -> None:
    clean = COURSE.scenarios["not-answering-the-phone"]
    left = mark_work(clean, Work(grade=Grade.STANDARD))
    assert left.counts.sensitivity is None
    assert left.counts.d_prime is None
    assert left.passed(hits=0.6, false_alarms=0.25)
    marks = tuple(Mark(u.words, u.where, u.start, u.end, Kind.FEATURE, "arthur") for u in clean.lures)
    tempted = mark_work(clean, Work(marks=marks, grade=Grade.HIGH))
    assert tempted.grade_off == 2
    assert len(tempted.imagined) == len(clean.lures)
    assert tempted.precision == 0


def test_the_wrong_grade_says_by_how_much() -> None:
    assert mark_work(ROW, Work(grade=Grade.STANDARD)).grade_off == -2
    assert mark_work(ROW, Work()).grade_off is None


kinds = st.sampled_from([Kind.FACTOR, Kind.FEATURE, Kind.CONTROL, Kind.HARM])


@st.composite
def works(draw: st.DrawFn) -> tuple[Scenario, Work]:
    scenario = draw(st.sampled_from(list(COURSE.scenarios.values())))
    places = {x.id: x.text for x in scenario.log} | {a.id: a.answer for a in scenario.asks}
    marks = []
    for n in range(draw(st.integers(0, 12))):
        where = draw(st.sampled_from(sorted(places)))
        start = draw(st.integers(0, len(places[where]) - 1))
        end = draw(st.integers(start + 1, len(places[where])))
        person = draw(st.sampled_from([p.code for p in scenario.people]))
        marks.append(Mark(f"m{n}", where, start, end, draw(kinds), person))
    asked = draw(st.permutations([a.id for a in scenario.asks]))
    count = draw(st.integers(0, len(asked)))
    actions = draw(st.sets(st.sampled_from([a.concept for a in scenario.actions])))
    return scenario, Work(tuple(marks), tuple(asked[:count]), actions=frozenset(actions))


@given(works())
def test_the_counts_add_up(pair: tuple[Scenario, Work]) -> None:
    scenario, work = pair
    marked = mark_work(scenario, work)
    reachable = [r for r in marked.targets if r.seen is not Seen.NOT_ASKED]
    assert marked.counts.hits + marked.counts.misses == len(reachable)
    assert sum(c.hits + c.misses for c in marked.by_kind.values()) == len(reachable)
    assert sum(c.false_alarms for c in marked.by_kind.values()) == len(marked.imagined)
    used = [r.mark.id for r in (*marked.targets, *marked.contested) if r.mark]
    assert len(used) == len(set(used))
    assert marked.stopped is None or 0 <= marked.stopped <= 1
    assert len(marked.targets) + len(marked.contested) == len(scenario.targets)


@given(works())
def test_whoever_misses_something_critical_has_not_passed(pair: tuple[Scenario, Work]) -> None:
    scenario, work = pair
    marked = mark_work(scenario, work)
    missed = [r for r in marked.targets if r.target.critical and not r.seen.noticed]
    if missed:
        assert not marked.passed(hits=0.0, false_alarms=1.0)


def test_what_a_passage_is() -> None:
    text = "Curtains drawn, milk on the step; no. She left: why?"
    assert [text[a:b] for a, b in passages(text)] == ["Curtains drawn", "milk on the step", "She left"]


def test_an_unanswered_question_is_not_readable() -> None:
    """What is marked in a guarded answer finds nothing of the open one."""
    marked = mark_work(ROW, Work(marks=(mark(ROW, "couldn't breathe", Kind.FEATURE, "dawn"),), asked=("q2",)))
    assert {r.target.id: r.seen for r in marked.targets}["t10"] is Seen.NOT_ASKED


@pytest.mark.parametrize("scenario", list(COURSE.scenarios.values()), ids=lambda s: s.id)
def test_there_is_enough_to_leave_alone(scenario: Scenario) -> None:
    """d' needs passages that hold nothing, in every scenario."""
    assert mark_work(scenario, Work()).counts.noise >= 5
