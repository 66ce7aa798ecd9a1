"""Frameworks as data, and a draw that can be made again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.cpd import audit_sample, read_framework, shipped_framework_text, shipped_frameworks
from wholepicture.core.learning import ContentError
from wholepicture.core.licensing import shipped_scheme, shipped_schemes


@pytest.mark.parametrize("name", shipped_frameworks())
def test_what_ships_is_whole(name: str) -> None:
    found = read_framework(shipped_framework_text(name))
    assert found.id == name
    assert len(found.topics) >= 6
    assert "not a national framework" in found.basis
    assert {q.topic for q in found.questions} <= {t.id for t in found.topics}


@pytest.mark.parametrize("name", shipped_schemes())
def test_every_scheme_ships_whole(name: str) -> None:
    found = shipped_scheme(name)
    assert found.id == name
    assert any(r.renewal for r in found.requirements)
    assert len(found.standards) >= 4


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("format = 1", "format = 2", "format = 1"),
        ('topic = "T1"', 'topic = "T99"', "T99"),
        ("cycle_months = 12", "cycle_months = 0", "cycle_months"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, said: str) -> None:
    text = shipped_framework_text("csa-chief-officers").replace(old, new)
    with pytest.raises(ContentError) as error:
        read_framework(text)
    assert said in " ".join(error.value.problems)


PEOPLE = st.lists(st.sampled_from("abcdefghij"), unique=True)


@given(
    PEOPLE,
    st.sets(st.sampled_from("abc")),
    st.sets(st.sampled_from("cdef")),
    st.floats(0, 100),
    st.text(max_size=5),
)
def test_every_risk_is_drawn_and_nobody_spared_is_drawn_by_chance(
    people: list[str], risks: set[str], spared: set[str], percent: float, seed: str
) -> None:
    found = audit_sample(people, percent=percent, seed=seed, risks=risks, spared=spared)
    assert {p for p, why in found.items() if why == "a risk"} == risks & set(people)
    by_chance = {p for p, why in found.items() if why != "a risk"}
    assert not by_chance & spared
    assert found == audit_sample(reversed(people), percent=percent, seed=seed, risks=risks, spared=spared)
    able = set(people) - risks - spared
    assert len(by_chance) >= len(able) * percent / 100 - 1e-6
    assert len(by_chance) <= len(able) * percent / 100 + 1
