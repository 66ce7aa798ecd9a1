"""The language phrases are written in."""

import pytest

from wholepicture.core.recognition.phrases import PhraseError, compile_phrase, compiled

WORDS = {"poss": ("his", "her")}
PATTERNS = {"number": r"(?:\d+|two)", "name": "[a-z]{2,15}"}


def matches(phrase: str, text: str) -> bool:
    found = compile_phrase(phrase, WORDS, PATTERNS)
    if found.expression:
        return bool(compiled(found.expression).search(text)) and any(s in text for s in found.strings)
    return any(text == s or (s.endswith("*") and text.startswith(s[:-1])) for s in found.strings)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("self-harm", "self harm"),
        ("strangl*", "strangled"),
        ("hand(s)? on {poss} neck", "hands on her neck"),
        ("firearms? licence", "firearm licence"),
        ("hands * throat", "hands tightly around her throat"),
        ("{number} weeks pregnant", "two weeks pregnant"),
        ("can't cope", "cant cope"),
        ("grab* by the neck", "grabbed by the neck"),
        ("held (a |the |big )+knife", "held a big knife"),
        ("held (a |the )+?knife", "held knife"),
        ("key ?worker", "key worker"),
        ("key ?worker", "keyworker"),
        ("(his |her )? ?(will|deeds) changed", "her will changed"),
        ("lost £? ?{number}", "lost £ 20"),
        ("mr {name},? who", "mr lee, who"),
        ("mr {name},? who", "mr lee who"),
        ("\\(8{number}\\)", "(812)"),
    ],
)
def test_a_phrase_matches(phrase: str, text: str) -> None:
    assert matches(phrase, text)


def test_a_repeat_is_at_least_one_and_at_most_four() -> None:
    assert not matches("held (a |the )+knife", "held knife")
    assert not matches("held (a )+knife", "held a a a a a knife")


@pytest.mark.parametrize(
    ("phrase", "starts", "ends"),
    [
        ("(showing|owing) {number}", True, False),
        ("{number} (a |the )?pounds", False, True),
        ("{number}(owing|money) {number}", False, False),
    ],
)
def test_an_anchor_knows_whether_it_is_a_whole_word(phrase: str, starts: bool, ends: bool) -> None:
    found = compile_phrase(phrase, WORDS, PATTERNS)
    assert (found.starts_word, found.ends_word) == (starts, ends)


def test_a_gap_stops_at_the_end_of_a_sentence() -> None:
    assert not matches("hands * throat", "hands up. her throat")


@pytest.mark.parametrize(
    "phrase",
    ["(open", "close)", "{nobody} here", "{number}", "who (did it)??", "s.? 136", "hit (him |her )*again"],
)
def test_a_phrase_that_does_not_read_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        compile_phrase(phrase, WORDS, PATTERNS)
