"""The catalogue that ships covers the field, and a faulty one says where its fault is."""

import re
from datetime import date
from pathlib import Path

import pytest

from wholepicture.core.practice import CatalogueError, Kind, Nation, State, load, load_default
from wholepicture.core.practice.check import review
from wholepicture.core.practice.load import DEFAULT_FOLDER


@pytest.mark.parametrize(
    ("prefix", "kind", "count"),
    [("P", Kind.FACTOR, 46), ("S", Kind.FEATURE, 53), ("C", Kind.CONTROL, 43), ("H", Kind.HARM, 15)],
)
def test_every_concept_of_the_field_is_there(prefix: str, kind: Kind, count: int) -> None:
    refs = {c.ref for c in load_default().of_kind(kind) if c.ref}
    assert refs == {f"{prefix}{n:02d}" for n in range(1, count + 1)}


def test_every_pathway_of_the_field_is_there_and_more() -> None:
    catalogue = load_default()
    assert {f"PW{n:02d}" for n in range(1, 49)} <= {p.ref for p in catalogue.pathways.values()}
    assert len(catalogue.pathways) >= 60
    assert len(catalogue.of_kind(Kind.ACTION)) >= 60


def test_every_strand_is_covered_by_a_pathway() -> None:
    catalogue = load_default()
    assert {s for p in catalogue.pathways.values() for s in p.strands} == set(catalogue.strands)


def test_every_question_is_a_question_an_officer_can_say() -> None:
    for concept in load_default().concepts.values():
        if concept.kind in (Kind.FACTOR, Kind.FEATURE, Kind.CONTROL):
            assert concept.question.endswith("?")
            assert len(concept.question.split()) <= 32


def test_nothing_that_ships_needs_looking_at() -> None:
    assert review(load_default(), today=date(2026, 11, 23)) == []


def test_review_names_what_is_out_of_date() -> None:
    assert any("out of date" in line for line in review(load_default(), today=date(2040, 1, 1)))


def test_a_legal_basis_has_a_place_and_a_date() -> None:
    encompass = load_default().sources["domestic-abuse-49a"]
    assert not encompass.in_force(on=date(2025, 11, 6), nation=Nation.ENGLAND)
    assert encompass.in_force(on=date(2025, 11, 7), nation=Nation.WALES)
    assert not load_default().sources["care-act-2014"].in_force(on=date(2026, 1, 1), nation=Nation.WALES)


def overlay(folder: Path, text: str) -> Path:
    (folder / "own.toml").write_text(text, "utf-8")
    return folder


def test_an_overlay_adds_rewords_and_retires(tmp_path: Path) -> None:
    base = load_default()
    own = load(
        DEFAULT_FOLDER,
        overlay(
            tmp_path,
            """
            [[factor]]
            id = "lives-on-a-boat"
            name = "Lives on a boat"
            says = "The person's home is a boat."
            strands = ["homelessness"]
            question = "Do you live on the water?"
            source = "practice-judgement"
            phrases = ["narrowboat"]
            [[factor]]
            id = "pregnant"
            question = "Are you expecting?"
            [[feature]]
            id = "scam"
            retired = true
            """,
        ),
    )
    assert own.concepts["lives-on-a-boat"].phrases[0].state is State.PRESENT
    assert own.concepts["pregnant"].question == "Are you expecting?"
    assert own.concepts["pregnant"].name == base.concepts["pregnant"].name
    assert own.concepts["scam"].retired
    assert own.hash != base.hash


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[factor]]\nid = 'Bad Id'\n", r"own.toml: factor 'Bad Id': field id"),
        ("[[factor]]\nid = 'new'\n", r"own.toml: factor 'new': field question: missing"),
        ("[[factor]]\nid = 'pregnant'\nprior = 2\n", r"factor 'pregnant': field prior"),
        (
            "[[factor]]\nid = 'pregnant'\nsource = 'made-up'\n",
            r"field source: 'made-up' is not a known source",
        ),
        (
            "[[pathway]]\nid = 'strangulation'\nguards = ['no-such']\n",
            r"pathway 'strangulation': field guards: 'no-such'",
        ),
        ("[[factor]]\nid = 'child'\nages = [17, 0]\n", r"factor 'child': field ages: .* the least age first"),
        (
            "[[control]]\nid = 'early-help'\nages = [0, 17]\n",
            r"control 'early-help': field ages: for a factor",
        ),
        ("[[factor]]\nid = 'child'\nknown_as = ['kid']\n", r"factor 'child': field known_as: for a control"),
        ("not toml at all", r"own.toml: not valid TOML"),
    ],
)
def test_a_fault_names_file_entry_and_field(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        load(DEFAULT_FOLDER, overlay(tmp_path, text))
    assert re.search(said, "\n".join(caught.value.problems))


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no such folder"):
        load(tmp_path / "nowhere")
