"""What goes to a partner: nobody else is named, what was sent is known by its digest, what they ask is filled in from the record."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from wholepicture.core.partners.routes import shipped_routes
from wholepicture.core.partners.sharing import (
    age_on,
    canonical,
    digest_of,
    items_of,
    prefilled,
    suggested,
    without_names,
)
from wholepicture.core.picture import Observation, draw
from wholepicture.core.practice import State
from wholepicture.core.recognition import default_recogniser

CATALOGUE = default_recogniser().catalogue
AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
NAMES = st.sampled_from(["Barry", "Smith", "Ann Lee", "Lee", "O'Neil"])


@given(
    before=st.text(" abc,.", max_size=8), name=NAMES, after=st.text(" ,.!", max_size=4), upper=st.booleans()
)
def test_no_name_of_another_survives(before: str, name: str, after: str, upper: bool) -> None:
    text = f"{before} {name.upper() if upper else name}{after} came"
    found, named = without_names(
        text, {"Barry": "suspect", "Smith": "suspect", "Ann Lee": "child", "Lee": "child", "O'Neil": "x"}
    )
    assert name.casefold() not in found.casefold()
    assert named


def test_a_word_that_only_holds_a_name_is_left() -> None:
    assert without_names("Leeds is near", {"Lee": "child"}) == ("Leeds is near", ())


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=6))
def test_the_digest_is_of_what_it_says_not_of_its_order(document: dict[str, object]) -> None:
    turned = dict(reversed(list(document.items())))
    assert digest_of(document) == digest_of(turned)
    assert json.loads(canonical(document)) == document


def seen(concept: str, state: State, words: str) -> Observation:
    return Observation(
        id=concept,
        person="p1",
        concept=concept,
        state=state,
        observed_at=AT,
        recorded_at=AT,
        evidence=words,
        observer="PC Okafor",
    )


def test_what_is_known_is_shared_and_what_is_not_is_not() -> None:
    picture = draw(
        CATALOGUE,
        [
            seen("pregnant", State.PRESENT, "Barry knows she is pregnant"),
            seen("strangulation", State.ABSENT, "no strangulation"),
            seen("civil-protection-order", State.FAILED, "the order was broken"),
            seen("early-help", State.NOT_KNOWN, ""),
        ],
        at=AT,
    )
    items = {i.concept: i for i in items_of(CATALOGUE, picture, names={"Barry": "suspect"})}
    assert items.keys() == {"pregnant", "civil-protection-order"}
    assert items["pregnant"].evidence == "[suspect] knows she is pregnant"
    assert items["pregnant"].others == ("Barry",)
    assert items["civil-protection-order"].words == "Civil protection order (has failed)"


def test_their_questions_are_filled_in_from_the_record() -> None:
    picture = draw(CATALOGUE, [seen("neglect", State.SUFFERED, "no food in the house")], at=AT)
    route = shipped_routes(CATALOGUE).routes["childrens-social-care"]
    items = items_of(CATALOGUE, picture)
    worry = next(q for q in route.questions if q.id == "worry")
    assert "“no food in the house”" in prefilled(worry, items)
    assert suggested(route, items, [], CATALOGUE) == {"neglect"}
    assert suggested(shipped_routes(CATALOGUE).routes["fire-service"], items, [], CATALOGUE) == set()


def test_age_in_whole_years() -> None:
    born = date(2000, 2, 29)
    assert age_on(born, date(2018, 2, 28)) == 17
    assert age_on(born, date(2018, 3, 1)) == 18
    assert age_on(None, date(2018, 3, 1)) is None
