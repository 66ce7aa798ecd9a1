"""What in an account is about somebody else."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.identity import Details
from wholepicture.core.redaction import BLOCK, Blocked, blocked_out, merged, of_words, proposed

TEXT = (
    "IP Karen Jones (born 04/05/1981, 07700 900123) stated her ex partner Dave Smith came to 14 Acacia Road with his brother Liam. "
    "Dave's number is 07700 900999. Her daughter Kylie Jones, 6, was there. Neighbour Mrs Patel of 9 Elm Street, AB1 2CD, born 1.2.50, called."
)
KAREN = Details(("Karen",), ("Jones",), (date(1981, 5, 4),), ("07700900123",), ("14 Acacia Road, Anytown",))
OTHERS = ["her ex partner Dave Smith", "his brother Liam", "Her daughter Kylie", "Neighbour Mrs Patel"]


def given_to_karen(**more: object) -> str:
    spans = proposed(
        TEXT,
        own=KAREN,
        own_labels=["IP Karen Jones"],
        others=[Details(("Liam",), ("Brown",))],
        other_labels=OTHERS,
    )
    return blocked_out(TEXT, spans)


def test_other_people_are_blocked_out_and_her_own_is_left() -> None:
    text = given_to_karen()
    for word in ("Dave", "Smith", "Liam", "Kylie", "Patel", "900999", "Elm Street", "AB1 2CD", "1.2.50"):
        assert word not in text
    for word in ("Karen Jones", "04/05/1981", "07700 900123", "14 Acacia Road", "ex partner", "daughter"):
        assert word in text


def test_a_block_does_not_tell_how_long_the_name_was() -> None:
    spans = of_words("Bo saw Bartholomew", ["Bo", "Bartholomew"])
    assert blocked_out("Bo saw Bartholomew", spans) == f"{BLOCK * 5} saw {BLOCK * 5}"


def test_words_are_whole_and_of_any_case() -> None:
    assert (
        blocked_out("The annex and ANN", of_words("The annex and ANN", ["ann"]))
        == f"The annex and {BLOCK * 5}"
    )


SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda p: Blocked(p[0], p[0] + p[1], ""))
)


@given(st.text(min_size=40, max_size=60), SPANS)
def test_nothing_inside_a_span_is_left_and_nothing_outside_is_lost(text: str, spans: list[Blocked]) -> None:
    inside = {i for b in spans for i in range(b.start, b.end)}
    kept = "".join(c for i, c in enumerate(text) if i not in inside)
    shown = blocked_out(text, spans)
    assert len(shown) == len(kept) + 5 * len(merged(spans))
