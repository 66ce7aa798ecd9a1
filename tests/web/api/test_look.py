"""The API: the public record behind a token, with problems as problem+json; fuzzed from its own OpenAPI."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from wholepicture.core.contract import look
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.models import Role, Token, User
from wholepicture.web.accounts.services import issue_token, revoke_token
from wholepicture.web.audit.models import Entry
from wholepicture.web.config.wsgi import application

ADDRESS = "/api/v1/look"


def post(body: object, secret: str = "") -> object:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    data = body if isinstance(body, str) else json.dumps(body)
    return Client().post(ADDRESS, data, content_type="application/json", headers=headers)


@pytest.fixture
def secret(officer: User) -> str:
    return issue_token(user=officer, name="test")


def test_it_gives_the_same_record_as_the_shell(secret: str) -> None:
    response = post({"text": "IP is pregnant", "source": "abc"}, secret)
    assert response.status_code == 200
    assert response.json() == look(default_recogniser(), "IP is pregnant", source="abc")
    assert Entry.objects.filter(what="api.looked").count() == 1


def test_a_nul_in_the_source_is_kept_out_of_the_audit(secret: str) -> None:
    assert post({"text": "IP is pregnant", "source": "a\0b"}, secret).status_code == 200
    assert Entry.objects.get(what="api.looked").about == "source:ab"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "x" * 200_001}, 422),
        ({}, 422),
        ("not json", 400),
    ],
)
def test_bad_requests_are_problems(body: object, status: int, secret: str) -> None:
    response = post(body, secret)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= set(response.json())


def test_no_token_or_a_wrong_one_is_refused(db: None) -> None:
    for secret in ("", "wrong"):
        response = post({"text": "IP is pregnant"}, secret)
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"


def test_a_revoked_token_is_refused(secret: str, officer: User) -> None:
    revoke_token(token=Token.objects.get(), by=officer)
    assert post({"text": "IP is pregnant"}, secret).status_code == 401


def test_only_its_hash_is_kept(secret: str) -> None:
    assert secret not in str(Token.objects.values())


def test_a_role_without_it_may_not(make_user: Callable[..., User]) -> None:
    assert (
        post(
            {"text": "IP is pregnant"}, issue_token(user=make_user(Role.ADMINISTRATOR), name="x")
        ).status_code
        == 403
    )


def test_the_interactive_documentation_needs_nothing_from_elsewhere(db: None) -> None:
    page = Client().get("/api/v1/docs").content.decode()
    assert "https://" not in page.replace("https://github.com", "")


@pytest.mark.django_db(transaction=True)
def test_what_openapi_promises_holds(officer: User) -> None:
    token = issue_token(user=officer, name="fuzz")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def run(data: st.DataObject) -> None:
        path, verb = data.draw(
            st.sampled_from(
                [
                    ("/api/v1/look", "POST"),
                    ("/api/v1/encounters", "POST"),
                    ("/api/v1/encounters/{pk}", "GET"),
                    ("/api/v1/people/{pk}/picture", "GET"),
                ]
            )
        )
        case = data.draw(schema[path][verb].as_strategy())
        # A key used for another account, and a moment still to come, are refused for reasons no schema can say.
        left_out = [positive_data_acceptance] if path == "/api/v1/encounters" else []
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=left_out)

    run()
