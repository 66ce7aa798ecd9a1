"""People and accounts for the web tests."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client

from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.encounters.models import Encounter
from wholepicture.web.encounters.services import start_encounter

ACCOUNT = (
    "IP states her ex partner turned up at HA again. He is on bail with conditions, these run out on Friday. Last month he put both his hands round "
    "her throat. She is 14 weeks pregnant. Her two kids aged 3 and 6 were upstairs asleep. She is not suicidal."
)


@pytest.fixture
def force(db: None) -> Force:
    return Force.objects.create(name="First")


@pytest.fixture
def make_user(force: Force) -> Callable[..., User]:
    def make(role: str = Role.OFFICER, force: Force = force) -> User:
        return User.objects.create_user(username=uuid.uuid4().hex, role=role, force=force)

    return make


@pytest.fixture
def officer(make_user: Callable[..., User]) -> User:
    return make_user()


@pytest.fixture
def encounter(officer: User) -> Encounter:
    return start_encounter(narrative=ACCOUNT, source="test", once=uuid.uuid4(), by=officer)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


# An answer that does not come.
HANGS = 0


@dataclass
class Heard:
    """A system that is told: what came, and what it answers."""

    address: str = ""
    answers: list[int] = field(default_factory=list)
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hangs: float = 0.0


@pytest.fixture
def system(settings: Any) -> Iterator[Heard]:
    heard = Heard()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.came.append(({k.lower(): v for k, v in self.headers.items()}, body))
            status = heard.answers.pop(0) if heard.answers else 204
            if status == HANGS:
                time.sleep(heard.hangs)
                status = 204
            self.send_response(status)
            if status == 302:
                self.send_header("Location", heard.address + "elsewhere")
            with contextlib.suppress(OSError):  # whoever asked has gone
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    heard.address = f"http://127.0.0.1:{server.server_port}/hook"
    settings.WEBHOOK_HOSTS = [f"127.0.0.1:{server.server_port}"]
    yield heard
    server.shutdown()
