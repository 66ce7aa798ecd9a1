"""Agreement of assessors against published tables and against irrCAC 0.4 and krippendorff 0.8, whose numbers are kept here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.measurement import agreement
from wholepicture.core.measurement.raters import (
    Scale,
    cohen_kappa,
    gwet_ac2,
    in_words,
    krippendorff_alpha,
)

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", the four observers and twelve units of its section C.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
# Twelve subjects by three raters on four grades; beside them what irrCAC says.
GRADES = [
    [1, 1, 1],
    [1, 2, 1],
    [2, 2, 3],
    [3, 3, 3],
    [2, 2, 2],
    [4, 4, 3],
    [1, 1, 2],
    [3, 4, 3],
    [4, 4, 4],
    [2, 3, 2],
    [1, 1, 1],
    [3, 3, 4],
]


@pytest.mark.parametrize(
    ("scale", "alpha"), [(Scale.NOMINAL, 0.743), (Scale.ORDINAL, 0.815), (Scale.INTERVAL, 0.849)]
)
def test_alpha_of_the_published_observers(scale: Scale, alpha: float) -> None:
    assert krippendorff_alpha(OBSERVERS, scale) == pytest.approx(alpha, abs=5e-4)


def test_alpha_as_irrcac_has_it() -> None:
    assert krippendorff_alpha(list(zip(*GRADES, strict=True))) == pytest.approx(0.49275, abs=5e-6)


def test_kappa_of_a_published_table() -> None:
    """130, 56, 9 and 5: kappa .022 where the raw agreement is .675 (shared/learning.md, 4.1)."""
    one = ["y"] * 186 + ["n"] * 14
    other = ["y"] * 130 + ["n"] * 56 + ["y"] * 9 + ["n"] * 5
    assert cohen_kappa(one, other) == pytest.approx(0.022, abs=5e-4)
    assert cohen_kappa(["y"] * 4, ["y"] * 4) is None
    assert cohen_kappa([], []) is None
    with pytest.raises(ValueError, match="as many"):
        cohen_kappa(["y"], [])


def test_ac1_and_fleiss_as_irrcac_has_them() -> None:
    found = agreement([[str(v) for v in row] for row in GRADES])
    assert found
    assert found.ac1.value == pytest.approx(0.48255, abs=5e-6)
    assert found.kappa == pytest.approx(0.47826, abs=5e-6)
    # irrCAC's interval is of Student's t with 11 degrees of freedom, ours of the normal: the error beneath is the same.
    assert (found.ac1.high - found.ac1.value) / 1.959964 == pytest.approx(
        (0.7731 - 0.48255) / 2.200985, abs=5e-5
    )


def test_ac2_as_irrcac_has_it() -> None:
    assert gwet_ac2([[v - 1 for v in row] for row in GRADES], 4) == pytest.approx(0.79537, abs=5e-6)
    assert gwet_ac2([], 4) is None
    assert gwet_ac2([[0]], 4) is None
    with pytest.raises(ValueError, match="on the scale"):
        gwet_ac2([[0, 4]], 4)


rows = st.integers(2, 5).flatmap(
    lambda raters: st.lists(
        st.lists(st.integers(0, 3), min_size=raters, max_size=raters), min_size=2, max_size=20
    )
)


@given(rows)
def test_full_agreement_is_one_and_no_figure_is_above_it(judged: list[list[int]]) -> None:
    same = [[row[0]] * len(row) for row in judged]
    assert gwet_ac2(same, 4) == pytest.approx(1)
    for scale in Scale:
        full = krippendorff_alpha(list(zip(*same, strict=True)), scale)
        assert full is None or full == pytest.approx(1)
        some = krippendorff_alpha(list(zip(*judged, strict=True)), scale)
        assert some is None or some <= 1 + 1e-12
    ac2 = gwet_ac2(judged, 4)
    assert ac2 is not None
    assert ac2 <= 1 + 1e-12


@given(rows, st.randoms())
def test_who_is_named_first_does_not_matter(judged: list[list[int]], chance: object) -> None:
    mixed = [list(row) for row in judged]
    for row in mixed:
        chance.shuffle(row)  # type: ignore[attr-defined]
    assert gwet_ac2(judged, 4) == pytest.approx(gwet_ac2(mixed, 4))


def test_alpha_of_nothing_judged_twice_is_none() -> None:
    assert krippendorff_alpha([[1, None], [None, 2]]) is None
    assert krippendorff_alpha([[1, 1], [1, 1]]) is None


def test_what_a_number_says_in_words() -> None:
    few = agreement([["y", "y"]] * 5 + [["y", "n"]] * 2)
    well = agreement([["y", "y"]] * 90 + [["n", "n"]] * 60 + [["y", "n"]] * 3)
    badly = agreement([["y", "n"]] * 40 + [["y", "y"]] * 30 + [["n", "n"]] * 30)
    wide = agreement([["y", "y"]] * 14 + [["n", "n"]] * 4 + [["y", "n"]] * 4)
    assert few
    assert well
    assert badly
    assert wide
    assert in_words(few).startswith("Only 7 judged")
    assert "agree well" in in_words(well)
    assert "do not agree enough" in in_words(badly)
    assert "interval is wide" in in_words(wide)
