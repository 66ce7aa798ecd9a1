"""The out-feed to a learning record store: valid to an independent model, queued, tried again, and nobody named in it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from ralph.models.xapi.base.statements import BaseXapiStatement

from tests.web.training.conftest import complete, play
from wholepicture.web.accounts.models import Outgoing, User
from wholepicture.web.accounts.services import deliver_due
from wholepicture.web.training.models import Enrolment
from wholepicture.web.training.services.xapi import actor_of


class Store:
    """What a record store was sent."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.status = 204
        self.address = ""


@pytest.fixture
def store(settings: Any) -> Iterator[Store]:
    held = Store()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            held.kept.append((self.path, dict(self.headers), body))
            self.send_response(held.status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    held.address = f"http://127.0.0.1:{server.server_port}/xapi"
    settings.XAPI_URL, settings.XAPI_KEY, settings.XAPI_SECRET = held.address, "key", "secret"
    settings.ADDRESS = "https://training.example"
    yield held
    server.shutdown()
    server.server_close()


def test_statements_are_valid_and_name_nobody(store: Store, enrolment: Enrolment, learner: User) -> None:
    learner.email = "nia@example.org"
    learner.save()
    complete(enrolment)
    deliver_due()
    assert len(store.kept) == 13
    for path, headers, body in store.kept:
        statement = BaseXapiStatement.model_validate(body)
        assert str(statement.id) in path
        assert headers["X-Experience-Api-Version"] == "1.0.3"
        assert headers["Authorization"].startswith("Basic ")
        text = json.dumps(body)
        assert "nia@example.org" not in text
        assert "mbox" not in text
        assert "Clarke" not in text
        assert learner.username not in text
    verbs = [b["verb"]["id"].rsplit("/")[-1] for _, _, b in store.kept]
    assert verbs.count("completed") == 1
    assert verbs.count("passed") == 12
    assert len({b["actor"]["account"]["name"] for _, _, b in store.kept}) == 1


def test_what_could_not_be_sent_is_sent_again_under_the_same_id(store: Store, enrolment: Enrolment) -> None:
    store.status = 500
    play(enrolment, "noise-again")
    deliver_due()
    item = Outgoing.objects.get()
    assert (item.state, item.problem) == (Outgoing.State.WAITING, "It answered 500.")
    store.status = 204
    Outgoing.objects.update(due=item.made_at)
    deliver_due()
    assert Outgoing.objects.get().state == Outgoing.State.SENT
    assert store.kept[0][2]["id"] == store.kept[1][2]["id"]


def test_a_store_that_has_it_already_is_content(store: Store, enrolment: Enrolment) -> None:
    store.status = 409
    play(enrolment, "noise-again")
    deliver_due()
    assert Outgoing.objects.get().state == Outgoing.State.SENT


def test_nothing_is_told_unless_a_store_is_set_up(enrolment: Enrolment) -> None:
    play(enrolment, "noise-again")
    assert Outgoing.objects.count() == 0


def test_the_actor_is_the_same_each_time_and_another_for_another(learner: User, trainer: User) -> None:
    assert actor_of(learner) == actor_of(learner)
    assert actor_of(learner) != actor_of(trainer)
