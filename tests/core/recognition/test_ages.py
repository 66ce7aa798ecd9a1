"""What somebody's age alone shows, and on whom it is put."""

import pytest

from wholepicture.core.recognition import default_recogniser


def shown(text: str) -> list[tuple[str, str | None]]:
    """The concepts that an age can show which are found, each with the label of whom it is put on."""
    result = default_recogniser().recognise(text)
    labels = {p.id: p.label for p in result.people}
    return [
        (f.concept, labels.get(f.person or ""))
        for f in result.findings
        if f.concept in ("child", "infant", "frail-older") and any(c.isdigit() for c in f.text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Concern for safety of Jade Moon, 17. She has gone.", [("child", "Jade Moon")]),
        ("Kyle Smith (16) was with her.", [("child", "Kyle Smith")]),
        ("Inft says her son Reece 14 has left.", [("child", "her son Reece")]),
        ("DP is Kai Benton, aged 15, of no address.", [("child", "DP Kai Benton")]),
        ("Mrs Joan Hall, 84, was lost.", [("frail-older", "Mrs Joan Hall")]),
        (
            "Alfie 6 and Isla 2 were upstairs.",
            [("child", "Alfie"), ("child", "Isla"), ("infant", "Isla")],
        ),
        ("Mr Paul Gregson, 55, has COPD.", []),
    ],
)
def test_an_age_behind_a_name_shows_who_is_a_child_or_old(text: str, expected: list[tuple[str, str]]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Male 2 was wearing black.",
        "Suspects: male 1, male 2 and male 3.",
        "Mr Hall, 2 knives in his hand, shouted.",
        "He lives at Flat 3, 17, the parade.",
        "Section 17 and Section 47 were discussed.",
        "Mr Hall, 3.5 times over the limit.",
        "Mrs Kaur 10 minutes later left.",
    ],
)
def test_a_number_that_is_no_age_is_none(text: str) -> None:
    assert shown(text) == []


def test_somebody_with_a_title_and_two_names_is_one_person() -> None:
    people = (
        default_recogniser().recognise("Mrs Joan Hall said she fell. Joan was cold. Mrs Hall slept.").people
    )
    assert [p.label for p in people] == ["Mrs Joan Hall"]
