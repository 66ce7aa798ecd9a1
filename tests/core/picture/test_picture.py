"""The picture: the fold, the table of pathway states, the lens and the watch, as shared/design.md has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholepicture.core.picture import (
    Guard,
    Observation,
    PathwayState,
    Picture,
    Why,
    actions_for,
    draw,
    questions,
    watch,
)
from wholepicture.core.picture.draw import pathway_state
from wholepicture.core.picture.logic import Truth
from wholepicture.core.practice import STATES, Kind, Nation, State, load_default

CATALOGUE = load_default()
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAMES = [c.id for c in CATALOGUE.concepts.values() if c.kind in STATES]
DETERMINED = {
    PathwayState.POSSIBLE: 0,
    PathwayState.UNGUARDED: 1,
    PathwayState.OPEN: 2,
    PathwayState.GUARDED: 2,
    PathwayState.CLOSED: 2,
}


def observe(
    concept: str,
    state: State,
    *,
    at: datetime = NOW,
    recorded: datetime | None = None,
    ident: str = "",
    **more: object,
) -> Observation:
    return Observation(ident or f"{concept}-{state}-{at}", "p", concept, state, at, recorded or at, **more)  # type: ignore[arg-type]


def drawn(*pairs: tuple[str, State]) -> Picture:
    return draw(CATALOGUE, [observe(c, s) for c, s in pairs], at=NOW)


def state_of(picture: Picture, pathway: str) -> PathwayState:
    return next(r.state for r in picture.pathways if r.pathway.id == pathway)


@pytest.mark.parametrize(
    ("person", "situation", "guard", "state"),
    [
        (Truth.TRUE, Truth.TRUE, Guard.DOWN, PathwayState.OPEN),
        (Truth.TRUE, Truth.TRUE, Guard.UNKNOWN, PathwayState.UNGUARDED),
        (Truth.TRUE, Truth.TRUE, Guard.HOLDING, PathwayState.GUARDED),
        (Truth.UNKNOWN, Truth.TRUE, Guard.HOLDING, PathwayState.POSSIBLE),
        (Truth.TRUE, Truth.UNKNOWN, Guard.DOWN, PathwayState.POSSIBLE),
        (Truth.FALSE, Truth.UNKNOWN, Guard.DOWN, PathwayState.CLOSED),
        (Truth.UNKNOWN, Truth.FALSE, Guard.UNKNOWN, PathwayState.CLOSED),
    ],
)
def test_the_table(person: Truth, situation: Truth, guard: Guard, state: PathwayState) -> None:
    assert pathway_state(person, situation, guard) is state


@pytest.mark.parametrize(
    ("states", "guard"),
    [
        ((State.FAILED, State.HOLDING), Guard.HOLDING),
        ((State.FAILED, State.NOT_KNOWN), Guard.UNKNOWN),
        ((State.FAILED,), Guard.UNKNOWN),
        ((State.FAILED, State.WEAKENING), Guard.DOWN),
        ((State.WEAKENING, State.ABSENT), Guard.DOWN),
    ],
)
def test_the_guard(states: tuple[State, ...], guard: Guard) -> None:
    """Over the first two controls of a pathway, its others having failed."""
    pathway = CATALOGUE.pathways["strangulation"]
    rest = [(g, State.FAILED) for g in pathway.guards[2:]]
    picture = drawn(*zip(pathway.guards, states, strict=False), *rest)
    assert next(r.guard for r in picture.pathways if r.pathway.id == "strangulation") is guard


def test_strangulation_opens_a_pathway_alone() -> None:
    assert state_of(drawn(("strangulation", State.PRESENT)), "strangulation") is PathwayState.UNGUARDED


@pytest.mark.parametrize(
    "pathway",
    [p.id for p in CATALOGUE.pathways.values() if p.person.op != "true" and p.situation.op != "true"],
)
def test_one_side_alone_opens_nothing(pathway: str) -> None:
    side = [(c, State.PRESENT) for c in CATALOGUE.pathways[pathway].person.concepts()]
    assert state_of(drawn(*side), pathway) is PathwayState.POSSIBLE


@pytest.mark.parametrize("pathway", list(CATALOGUE.pathways))
def test_both_sides_open_it_and_a_holding_control_guards_it(pathway: str) -> None:
    entry = CATALOGUE.pathways[pathway]
    both = [(c, State.PRESENT) for c in (*entry.person.concepts(), *entry.situation.concepts())]
    assert state_of(drawn(*both), pathway) is PathwayState.UNGUARDED
    assert state_of(drawn(*both, *[(g, State.FAILED) for g in entry.guards]), pathway) is PathwayState.OPEN
    assert state_of(drawn(*both, (entry.guards[0], State.HOLDING)), pathway) is PathwayState.GUARDED


def test_a_harm_suffered_opens_its_pathway_whatever_else_holds() -> None:
    picture = drawn(
        ("stalking-harm", State.SUFFERED),
        ("civil-protection-order", State.HOLDING),
        ("stalking", State.ABSENT),
    )
    assert state_of(picture, "stalking-fear") is PathwayState.OPEN


def open_of(picture: Picture, harm: str) -> set[str]:
    return {r.pathway.id for r in picture.by_state(PathwayState.OPEN) if r.pathway.harm == harm}


def test_of_what_a_harm_opens_what_holds_by_itself_is_told_before_what_is_only_hinted_at() -> None:
    harm = "serious-injury"
    alone = open_of(drawn((harm, State.SUFFERED)), harm)
    assert alone == {p.id for p in CATALOGUE.pathways.values() if p.harm == harm}
    hinted = open_of(drawn((harm, State.SUFFERED), ("physical-violence", State.PRESENT)), harm)
    assert {"partner-violence-now"} < hinted < alone
    whole = CATALOGUE.pathways["partner-violence-now"]
    both = [(c, State.PRESENT) for c in (*whole.person.concepts(), *whole.situation.concepts())]
    told = drawn((harm, State.SUFFERED), *both)
    assert "partner-violence-now" in open_of(told, harm)
    assert all(r.complete for r in told.by_state(PathwayState.OPEN) if r.pathway.harm == harm)


def test_a_control_past_its_end_has_failed() -> None:
    held = observe(
        "bail-or-remand", State.HOLDING, at=NOW - timedelta(days=5), ends_on=(NOW - timedelta(days=1)).date()
    )
    picture = draw(CATALOGUE, [held], at=NOW)
    assert picture.state("bail-or-remand") is State.FAILED
    assert picture.held["bail-or-remand"].why is Why.ENDED


def test_what_passes_fades_and_what_lasts_does_not() -> None:
    long_ago = NOW - timedelta(days=400)
    picture = draw(
        CATALOGUE,
        [
            observe("suicidal-thoughts", State.PRESENT, at=long_ago),
            observe("strangulation", State.PRESENT, at=long_ago),
        ],
        at=NOW,
    )
    assert picture.state("suicidal-thoughts") is State.NOT_KNOWN
    assert picture.state("strangulation") is State.PRESENT


def test_as_known_at() -> None:
    late = observe("pregnant", State.PRESENT, at=NOW - timedelta(days=10), recorded=NOW - timedelta(days=1))
    assert draw(CATALOGUE, [late], at=NOW).state("pregnant") is State.PRESENT
    assert (
        draw(CATALOGUE, [late], at=NOW, known_at=NOW - timedelta(days=5)).state("pregnant") is State.NOT_KNOWN
    )


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    first = observe("pregnant", State.PRESENT, at=NOW - timedelta(days=2), ident="a")
    second = observe("pregnant", State.NOT_KNOWN, at=NOW - timedelta(days=1), ident="b", corrects="a")
    assert draw(CATALOGUE, [first, second], at=NOW).state("pregnant") is State.NOT_KNOWN
    assert (
        draw(CATALOGUE, [first, second], at=NOW, known_at=NOW - timedelta(hours=36)).state("pregnant")
        is State.PRESENT
    )


def test_the_watch_lists_what_only_an_ending_control_guards() -> None:
    items = [
        observe("strangulation", State.PRESENT),
        observe("bail-or-remand", State.HOLDING, ends_on=date(2026, 11, 27)),
    ]
    assert [w.result.pathway.id for w in watch(draw(CATALOGUE, items, at=NOW), within_days=7)] == [
        "strangulation"
    ]
    assert watch(draw(CATALOGUE, items, at=NOW), within_days=2) == []
    other = [*items, observe("emergency-health", State.HOLDING)]
    assert watch(draw(CATALOGUE, other, at=NOW), within_days=7) == []


def test_the_lens_asks_what_would_settle_most_and_never_what_is_known() -> None:
    picture = drawn(
        ("partner-or-ex", State.PRESENT), ("afraid", State.PRESENT), ("coercive-control", State.ABSENT)
    )
    asked = questions(CATALOGUE, picture)
    assert asked
    assert [q.gain for q in asked] == sorted((q.gain for q in asked), reverse=True)
    assert not {"partner-or-ex", "afraid", "coercive-control"} & {q.concept for q in asked}


def test_a_force_s_own_rates_move_the_lens() -> None:
    picture = drawn(("partner-or-ex", State.PRESENT), ("afraid", State.PRESENT))
    gain = {q.concept: q.gain for q in questions(CATALOGUE, picture, most=99)}
    sure = {
        q.concept: q.gain for q in questions(CATALOGUE, picture, most=99, rates={"physical-violence": 0.999})
    }
    assert sure["physical-violence"] < gain["physical-violence"]


def test_actions_are_for_open_pathways_and_restore_failed_controls() -> None:
    picture = drawn(("strangulation", State.PRESENT), ("civil-protection-order", State.FAILED))
    wanted = dict(actions_for(CATALOGUE, picture))
    assert "medical-check" in wanted
    assert "enforce-order" in wanted
    assert actions_for(CATALOGUE, drawn(("afraid", State.PRESENT))) == []


def test_an_action_is_offered_only_where_and_when_its_law_is_in_force() -> None:
    """The adult safeguarding duty has its own Act in each nation; a stalking protection order is not older than its Act."""

    def offered(action: str, on: date, nation: Nation) -> bool:
        return CATALOGUE.may_be_offered(action, on=on, nation=nation)

    today = NOW.date()
    assert offered("refer-adult-safeguarding", today, Nation.ENGLAND)
    assert offered("refer-adult-safeguarding", today, Nation.WALES)
    only_england = replace(
        CATALOGUE,
        concepts=CATALOGUE.concepts
        | {
            "refer-adult-safeguarding": replace(
                CATALOGUE.concepts["refer-adult-safeguarding"], legal_bases=("care-act-2014",)
            )
        },
    )
    assert not only_england.may_be_offered("refer-adult-safeguarding", on=today, nation=Nation.WALES)
    assert not offered("stalking-protection-order", date(2020, 1, 19), Nation.ENGLAND)
    assert offered("stalking-protection-order", date(2020, 1, 20), Nation.ENGLAND)


def test_actions_leave_out_what_the_law_of_the_day_does_not_allow() -> None:
    picture = drawn(("stalking-harm", State.SUFFERED), ("stalking", State.PRESENT))
    assert "stalking-protection-order" in dict(actions_for(CATALOGUE, picture))
    assert "stalking-protection-order" not in dict(actions_for(CATALOGUE, picture, on=date(2019, 6, 1)))


@st.composite
def observations(draw_from: st.DrawFn) -> Observation:
    name = draw_from(st.sampled_from(NAMES))
    state = draw_from(st.sampled_from(STATES[CATALOGUE.concepts[name].kind]))
    at = NOW - timedelta(days=draw_from(st.integers(0, 900)))
    recorded = at + timedelta(days=draw_from(st.integers(0, 30)))
    return Observation(draw_from(st.uuids()).hex, "p", name, state, at, recorded)


@settings(max_examples=120, deadline=None)
@given(st.lists(observations(), max_size=30), st.randoms())
def test_order_does_not_matter(items: list[Observation], random: object) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert draw(CATALOGUE, items, at=NOW).pathways == draw(CATALOGUE, shuffled, at=NOW).pathways


@settings(max_examples=120, deadline=None)
@given(
    st.lists(observations(), max_size=20),
    st.sampled_from([c.id for c in CATALOGUE.concepts.values() if c.kind in (Kind.FACTOR, Kind.FEATURE)]),
    st.booleans(),
)
def test_learning_a_fact_never_leaves_a_pathway_less_determined(
    items: list[Observation], name: str, so: bool
) -> None:
    before = draw(CATALOGUE, items, at=NOW)
    if before.state(name) is not State.NOT_KNOWN:
        return
    after = draw(CATALOGUE, [*items, observe(name, State.PRESENT if so else State.ABSENT)], at=NOW)
    then = {r.pathway.id: r.state for r in before.pathways}
    for result in after.pathways:
        assert DETERMINED[result.state] >= DETERMINED[then[result.pathway.id]]


@settings(max_examples=100, deadline=None)
@given(st.lists(observations(), max_size=20), st.sampled_from(NAMES))
def test_not_known_never_changes_a_picture(items: list[Observation], name: str) -> None:
    before = draw(CATALOGUE, items, at=NOW)
    after = draw(CATALOGUE, [*items, observe(name, State.NOT_KNOWN, ident="zz")], at=NOW)
    assert [(r.pathway.id, r.state) for r in before.pathways] == [
        (r.pathway.id, r.state) for r in after.pathways
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(observations(), max_size=20), st.integers(0, 900))
def test_as_known_at_sees_only_what_was_recorded_by_then(items: list[Observation], days: int) -> None:
    moment = NOW - timedelta(days=days)
    known = [o for o in items if o.recorded_at <= moment]
    assert (
        draw(CATALOGUE, items, at=NOW, known_at=moment).pathways
        == draw(CATALOGUE, known, at=NOW, known_at=moment).pathways
    )
