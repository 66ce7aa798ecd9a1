"""What a picture says to a judgement: prompts under six heads, and where grade and pathways differ."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wholepicture.core.contract import observations
from wholepicture.core.picture import Grade, Head, Picture, disagreement, draw, prompts, worst
from wholepicture.core.practice import load_default
from wholepicture.core.recognition import default_recogniser

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def picture(text: str) -> Picture:
    recognised = default_recogniser().recognise(text)
    found = observations(load_default(), recognised, text=text, at=NOW)
    return draw(load_default(), found.get(recognised.main or "", []), at=NOW, known_at=NOW)


STRANGLED = "IP states her ex partner strangled her. She is 14 weeks pregnant."
QUIET = "IP reports a lost bicycle."


@pytest.mark.parametrize(
    ("text", "grade", "differs"),
    [
        (STRANGLED, Grade.STANDARD, True),
        (STRANGLED, Grade.HIGH, False),
        (QUIET, Grade.STANDARD, False),
        (QUIET, Grade.HIGH, True),
    ],
)
def test_where_grade_and_picture_differ_it_is_said(text: str, grade: Grade, differs: bool) -> None:
    assert bool(disagreement(load_default(), picture(text), grade)) is differs


def test_every_head_is_prompted_from_the_picture() -> None:
    found = {p.head: p.holds for p in prompts(load_default(), picture(STRANGLED))}
    assert set(found) == set(Head)
    assert "Pregnant or recently given birth" in found[Head.VULNERABILITY]
    assert "Strangled or suffocated" in found[Head.THREAT]
    assert found[Head.INVESTIGATION]


def test_the_gravest_open_harm_orders_the_queue() -> None:
    assert worst(load_default(), picture(STRANGLED)) == 5
    assert worst(load_default(), picture(QUIET)) == 0
