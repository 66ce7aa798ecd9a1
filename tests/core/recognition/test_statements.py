"""How a control stands, read from what is said beside its name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.practice import State
from wholepicture.core.practice.load import DEFAULT_FOLDER, load
from wholepicture.core.recognition import Finding, Polarity, Recogniser, default_recogniser


def of(text: str, concept: str) -> list[Finding]:
    return [f for f in default_recogniser().recognise(text).findings if f.concept == concept]


@pytest.mark.parametrize(
    ("text", "concept", "state", "words"),
    [
        ("He was reviewed by the OPMHT.", "community-mental-health", State.HOLDING, "reviewed by the OPMHT"),
        (
            "Placed into the care of the Grantham Crisis Resolution Team.",
            "community-mental-health",
            State.HOLDING,
            "into the care of the Grantham Crisis Resolution Team",
        ),
        (
            "Mr Lake was open to Turning Point.",
            "drug-and-alcohol-service",
            State.HOLDING,
            "open to Turning Point",
        ),
        (
            "The lead practitioner would not have seen him.",
            "community-mental-health",
            State.FAILED,
            "lead practitioner would not",
        ),
        (
            "Streetlink, who had no beds, rang off.",
            "homelessness-or-refuge",
            State.FAILED,
            "Streetlink, who had no",
        ),
        (
            "Scheme manager: he is off sick.",
            "landlord-or-housing",
            State.NOT_KNOWN,
            "Scheme manager",
        ),
        (
            "The estate officer is off sick.",
            "landlord-or-housing",
            State.FAILED,
            "estate officer is off sick",
        ),
        (
            "The community matron is due to discharge him.",
            "gp-midwife-health-visitor",
            State.WEAKENING,
            "community matron is due to discharge",
        ),
        ("He has no care manager.", "adult-social-care", State.ABSENT, "has no care manager"),
        (
            "Seen by the community matron but not followed up.",
            "gp-midwife-health-visitor",
            State.FAILED,
            "community matron but not",
        ),
    ],
)
def test_what_is_said_of_any_control_says_how_it_stands(
    text: str, concept: str, state: State, words: str
) -> None:
    found = of(text, concept)
    assert [(f.state, f.text) for f in found] == [(state, words)]


@pytest.mark.parametrize(
    "text",
    [
        "He was under the influence when the school nurse walked past.",
        "The school nurse and he did not get on.",
        "Seen by a friend. School nurse on the bus.",
        "The school nurse, he did not like her.",
    ],
)
def test_what_is_said_of_something_else_is_not_said_of_the_control(text: str) -> None:
    assert [f.state for f in of(text, "gp-midwife-health-visitor")] == [State.NOT_KNOWN]


def test_a_name_with_nothing_said_of_it_is_found_once() -> None:
    found = of("School nurse by the door. The school nurse by the desk.", "gp-midwife-health-visitor")
    assert [f.text for f in found] == ["School nurse"]
    found = of("School nurse by the door. Seen by the school nurse.", "gp-midwife-health-visitor")
    assert [(f.text, f.state) for f in found] == [("Seen by the school nurse", State.HOLDING)]


def test_context_is_heard_as_of_any_other_finding() -> None:
    (found,) = of("If the community matron visits he will be safe.", "gp-midwife-health-visitor")
    assert found.state is State.NOT_KNOWN
    (found,) = of("He may be open to Turning Point.", "drug-and-alcohol-service")
    assert (found.polarity, found.state) == (Polarity.UNCERTAIN, State.NOT_KNOWN)


def test_a_rule_says_both_wordings() -> None:
    (found,) = of("Discharged from talking therapies.", "community-mental-health")
    assert found.rule.startswith("community-mental-health.named.talking therap")
    assert "said.failed" in found.rule


def test_a_force_adds_its_own_names_and_statements(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        '[[control]]\nid = "drug-and-alcohol-service"\nknown_as = ["Blue Door"]\n'
        '[statements.after]\nfailed = ["ghosted him"]\n',
        "utf-8",
    )
    recogniser = Recogniser(load(DEFAULT_FOLDER, tmp_path))
    (found,) = (
        f for f in recogniser.recognise("Blue Door ghosted him.").findings if f.kind.value == "control"
    )
    assert (found.concept, found.state) == ("drug-and-alcohol-service", State.FAILED)


def test_a_wording_that_cannot_be_listed_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[statements.before]\nfailed = ["let down * by"]\n', "utf-8")
    assert [p for p in Recogniser(load(DEFAULT_FOLDER, tmp_path)).problems if "let down * by" in p]


@given(
    st.lists(st.sampled_from(["CMHT", "CAMHS", "not", "seen by", "discharged from", "the", ". ", "GP", "he"]))
)
def test_findings_of_one_control_never_overlap(parts: list[str]) -> None:
    by_concept: dict[str, int] = {}
    for f in default_recogniser().recognise(" ".join(parts)).findings:
        assert f.start >= by_concept.get(f.concept, 0)
        by_concept[f.concept] = f.end
