"""What a machine asks of the site."""

from __future__ import annotations

import uuid
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client

from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.services import start_encounter


@pytest.mark.django_db
def test_it_lives_and_is_ready() -> None:
    assert Client().get("/live").json() == {"live": True}
    response = Client().get("/ready")
    assert (response.status_code, response.json()) == (200, {"database": True, "shape": True})
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_it_is_not_ready_while_the_database_is_away_or_of_another_shape() -> None:
    with patch("wholepicture.web.config.watching.unapplied", return_value=["insight.0002"]):
        assert Client().get("/ready").status_code == 503
    with patch("wholepicture.web.accounts.doctor.connection.cursor", side_effect=OperationalError("gone")):
        response = Client().get("/ready")
    assert (response.status_code, response.json()["database"]) == (503, False)


def test_figures_for_whoever_has_the_token_and_nothing_of_any_person(officer: User, settings: Any) -> None:
    start_encounter(narrative="Mary Quill is pregnant.", source="test", once=uuid.uuid4(), by=officer)
    settings.METRICS_TOKEN = "a token"
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404
    response = Client().get("/metrics", headers={"Authorization": "Bearer a token"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "wholepicture_accounts_total 1.0" in text
    assert "wholepicture_reviews_waiting 0.0" in text
    assert "Quill" not in text
    assert officer.username not in text
