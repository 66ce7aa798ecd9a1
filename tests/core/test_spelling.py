"""Which word was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.spelling import MOST, likely, shape_of, slips_allowed, words_of

HELD = ["strangled", "struggled", "caravan", "carton", "dementia", "stalking", "talking", "her", "he"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("strangled", "strangled"),
        ("stragled", "strangled"),
        ("caravn", "caravan"),
        ("demensha", "dementia"),
        ("dementai", "dementia"),
        ("her", "her"),
    ],
)
def test_the_nearest_comes_first(typed: str, first: str) -> None:
    assert likely(typed, HELD)[0] == first


def test_a_short_word_is_taken_as_it_stands() -> None:
    assert likely("hex", HELD) == []


@given(
    st.text(alphabet="abcdeghilmnorst", min_size=3, max_size=14),
    st.lists(st.text(alphabet="abcdeghilmnorst", min_size=3, max_size=14)),
)
def test_a_word_that_is_there_is_found_first_and_there_are_never_many(word: str, others: list[str]) -> None:
    found = likely(word, [*others, word])
    assert found[0] == word
    assert len(found) <= MOST


@given(st.text(alphabet="abcdeghilmnorst", min_size=5, max_size=14), st.data())
def test_one_letter_left_out_after_the_first_is_always_found(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 1))
    typed = word[:at] + word[at + 1 :]
    if slips_allowed(typed):
        assert word in likely(typed, [word])
        assert abs(shape_of(typed).length - shape_of(word).length) <= 2
        assert shape_of(typed).first == shape_of(word).first


def test_words_are_small_letters_and_not_numbers() -> None:
    assert words_of("PC 1234 saw Ada's CAR, at 3pm; a b") == {"saw", "ada's", "car"}
