"""The directory as Open Referral UK 3.0 serves it: held against the standard's own compiled schemas, and read in again by ourselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator

from wholepicture.web.accounts.models import Force
from wholepicture.web.partners.models import Import, Service
from wholepicture.web.partners.services import importing

STANDARD = Path(__file__).parent / "standard"


@pytest.fixture
def served(force: Force, directory: list[Service]) -> Any:
    def get(path: str, **query: str) -> Any:
        answer = Client().get(f"{reverse('partners:open-about', args=[force.pk])}{path}", query)
        assert answer.status_code == 200, path
        assert answer["Access-Control-Allow-Origin"] == "*"
        return answer.json()

    return get


def faults(name: str, rows: list[Any]) -> list[str]:
    schema = json.loads((STANDARD / name).read_text("utf-8"))
    checks = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{e.json_path}: {e.message}" for row in rows for e in checks.iter_errors(row)]


def test_it_says_what_it_is(served: Any) -> None:
    assert served("")["version"] == "HSDS-UK-3.0"


def test_a_page_is_in_the_standards_envelope(served: Any, directory: list[Service]) -> None:
    shown = len([s for s in directory if not s.withheld])
    page = served("/services", page="2", per_page="10")
    keys = ("total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty")
    assert [page[k] for k in keys] == [shown, 4, 2, 10, False, False, False]
    every = [
        r["id"] for n in range(1, 5) for r in served("/services", page=str(n), per_page="10")["contents"]
    ]
    assert len(set(every)) == shown


def test_what_is_served_fits_the_standards_schemas(served: Any) -> None:
    listed = served("/services", per_page="100")["contents"]
    assert faults("service_list.json", listed) == []
    whole = [served(f"/services/{r['id']}") for r in listed]
    assert faults("service.json", whole) == []
    places = served("/service_at_locations", per_page="100")["contents"]
    assert len(places) > 20
    assert faults("service_at_location_list.json", places) == []
    assert served(f"/service_at_locations/{places[0]['id']}")["id"] == places[0]["id"]


def test_nothing_of_our_own_is_served(served: Any) -> None:
    text = json.dumps(
        [served(f"/services/{r['id']}") for r in served("/services", per_page="100")["contents"]]
    )
    assert "wholepicture" not in text.casefold().replace("wholepicture kinds of partner", "")
    assert "duty-0@aldermere.example" not in text


def test_searched_by_words_kind_and_age(served: Any) -> None:
    terms = {t["name"]: t["id"] for t in served("/taxonomy_terms", per_page="100")["contents"]}
    names = {r["name"] for r in served("/services", taxonomy_term_id=terms["Housing"])["contents"]}
    assert names == {"Housing options and homelessness"}
    assert len(served("/services", search="hoard")["contents"]) == 1
    old = {r["name"] for r in served("/services", minimum_age="40", per_page="100")["contents"]}
    assert "Early help for families" not in old
    near = served("/service_at_locations", postcode="ZZ3 2QP", per_page="2")["contents"]
    assert near[0]["location"]["addresses"][0]["postal_code"] == "ZZ3 2QP"
    assert served(f"/taxonomy_terms/{terms['Housing']}")["name"] == "Housing"


@pytest.mark.parametrize("path", ["/services/none", "/taxonomies/none", "/taxonomy_terms/none"])
def test_what_is_not_there_is_not_found(path: str, force: Force) -> None:
    assert Client().get(f"{reverse('partners:open-about', args=[force.pk])}{path}").status_code == 404


def test_what_we_serve_we_read_again(served: Any, directory: list[Service]) -> None:
    second = Force.objects.create(name="Second")
    listed = served("/services", per_page="100")["contents"]
    rows = [served(f"/services/{r['id']}") for r in listed]
    run = importing.begin_import(force=second, by=None, name="Copy", content=json.dumps({"contents": rows}))
    importing.read_through(run)
    assert (run.state, run.refused_count, run.taken) == (Import.State.DONE, 0, len(rows))
    copy = {s.external_id: {k.kind for k in s.kinds.all()} for s in Service.objects.filter(force=second)}
    own = {s.external_id: {k.kind for k in s.kinds.all()} for s in directory if not s.withheld}
    assert copy == own
