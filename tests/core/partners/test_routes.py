"""Ways of asking: the shipped ones are whole and lawful here and now; faults are each named."""

from __future__ import annotations

from datetime import date

import pytest

from wholepicture.core.learning import ContentError
from wholepicture.core.partners.routes import FILE, Agreement, Route, in_force, read_routes, shipped_routes
from wholepicture.core.practice import Kind, Nation
from wholepicture.core.recognition import default_recogniser

CATALOGUE = default_recogniser().catalogue
ROUTES = shipped_routes(CATALOGUE)
ON = date(2026, 11, 26)


def test_every_kind_of_partner_an_action_names_can_be_asked() -> None:
    wanted = {k for a in CATALOGUE.of_kind(Kind.ACTION) for k in a.partner_kinds}
    assert wanted - {k for r in ROUTES.routes.values() for k in r.kinds} == set()


def test_the_ways_that_practice_names_are_there() -> None:
    named = {
        "multi-agency-hub",
        "adult-at-risk",
        "childrens-social-care",
        "marac",
        "national-referral-mechanism",
        "channel",
        "health",
        "housing",
        "fire-service",
        "independent-advocate",
        "sexual-violence",
        "voluntary",
    }
    assert named <= ROUTES.routes.keys()


@pytest.mark.parametrize("route", ROUTES.routes.values(), ids=lambda r: r.id)
def test_each_has_what_an_officer_needs(route: Route) -> None:
    assert route.threshold.endswith(".")
    assert route.phone
    assert route.minimise
    assert route.questions
    assert route.bases
    if route.agreement is Agreement.NEEDED:
        assert "consent" in route.bases


def test_law_of_another_nation_is_not_offered() -> None:
    def ids(nation: Nation) -> set[str]:
        found = ROUTES.for_kinds(("adult-social-care",), catalogue=CATALOGUE, on=ON, nation=nation)
        return {r.id for r in found}

    assert ids(Nation.ENGLAND) == {"adult-at-risk"}
    assert ids(Nation.WALES) == {"adult-at-risk-wales"}


def test_law_not_yet_in_force_is_not_offered() -> None:
    route = ROUTES.routes["adult-at-risk"]
    assert in_force(route, catalogue=CATALOGUE, on=ON, nation=Nation.ENGLAND)
    assert not in_force(route, catalogue=CATALOGUE, on=date(2010, 1, 1), nation=Nation.ENGLAND)


def test_ages() -> None:
    children, adults = ROUTES.routes["childrens-social-care"], ROUTES.routes["adult-at-risk"]
    assert (children.open_to(17), children.open_to(18), children.open_to(None)) == (True, False, True)
    assert (adults.open_to(17), adults.open_to(18)) == (False, True)


def test_every_fault_of_a_file_is_named() -> None:
    text = FILE.read_text("utf-8")
    broken = (
        text.replace('below = "early-help"', 'below = "nowhere"', 1)
        .replace('concepts = ["child-out-of-sight"', 'concepts = ["unheard-of"', 1)
        .replace('bases = ["consent"]', 'bases = ["because"]', 1)
    )
    with pytest.raises(ContentError) as caught:
        read_routes(broken, CATALOGUE)
    said = str(caught.value)
    assert "nowhere" in said
    assert "unheard-of" in said
    assert "because" in said
