"""What a phrase needs: turning it down by that must never lose a match."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wholepicture.core.practice import load_default
from wholepicture.core.recognition.needs import Words
from wholepicture.core.recognition.phrases import PhraseError, compile_phrase, compiled

WORDS = {"poss": ("his", "her")}
PATTERNS = {"number": r"(?:\d+|two)"}


@pytest.mark.parametrize(
    ("phrase", "clauses"),
    [
        ("(refus*|declin*) * (help|support)", [{"help", "support"}]),
        ("held (a |the )+knife * kitchen", [{"held"}, {"knife"}]),
        ("cut(s|ting)? * (own )?arms?", [{"arm*"}]),
        ("{number}weeks old * {poss} bed", [{"his", "her"}, {"bed"}]),
        ("can't * ip's (cope|n/k)", [{"cant"}]),
        ("(stay|go|) * (bed|{number}) rest", [{"bed", "~" + PATTERNS["number"]}]),
    ],
)
def test_it_is_told_what_a_phrase_cannot_do_without_besides_its_anchor(
    phrase: str, clauses: list[set[str]]
) -> None:
    assert [set(clause) for clause in compile_phrase(phrase, WORDS, PATTERNS).needs] == clauses


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("he refuses any help.", True),
        ("help was declined,", True),
        ("he refuses", False),
        ("he asked for help", False),
        ("unrefused help", False),
        ("refus'd ip's-help", True),
        ("n'n'n'n'n'n'n", True),
    ],
)
def test_a_text_holds_a_word_of_every_clause(text: str, held: bool) -> None:
    words = Words()
    mask = words.mask((frozenset(("refus*", "declin*")), frozenset(("help", "support"))))
    for _ in range(2):
        assert (words.of(text) & mask == mask) is held


_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789' ,/.£&?()+:*"
_CATALOGUE = load_default()
_REGEXES = [
    found
    for concept in _CATALOGUE.concepts.values()
    for phrase in concept.phrases
    if (found := compile_phrase(phrase.text, _CATALOGUE.words, _CATALOGUE.patterns)).expression
]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_the_catalogue_s_expressions_match_holds_what_they_need(data: st.DataObject) -> None:
    phrase = data.draw(st.sampled_from(_REGEXES))
    assert phrase.expression
    expression = compiled(phrase.expression)
    text = data.draw(st.from_regex(expression, alphabet=_LETTERS))
    matched = expression.search(text)
    assume(matched)
    words = Words()
    mask = words.mask(phrase.needs)
    assert words.of(text) & mask == mask


def test_no_phrase_reaches_over_a_full_stop_and_a_space() -> None:
    with pytest.raises(PhraseError, match=re.escape("a full stop and a space")):
        compile_phrase("hands * dr. {number}", WORDS, PATTERNS)
