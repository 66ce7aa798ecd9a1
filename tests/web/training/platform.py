"""A learning system for the tests: Open edX's own LTI 1.3 code (lti-consumer-xblock) behind a small server on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse
from lti_consumer.data import Lti1p3LaunchData
from lti_consumer.lti_1p3.consumer import LtiAdvantageConsumer

OWN = "http://testserver"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"


def new_key() -> str:
    """A private key (PEM)."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


class Platform:
    """Open edX's consumer with the addresses it needs. ``scores`` are the marks it was sent."""

    def __init__(
        self, address: str, *, client_id: str = "client-1", deployment: str = "1", key: str = ""
    ) -> None:
        self.address = address
        self.scores: list[dict[str, Any]] = []
        self.members: list[dict[str, Any]] = []
        self.client_id, self.deployment, self.key = client_id, deployment, key or new_key()
        self.launch_url = f"{OWN}{reverse('training:lti-launch')}"
        self.down = False
        self.consumer = self.made()

    def made(self, **other: Any) -> LtiAdvantageConsumer:
        """A consumer; ``other`` differs from what is set up here."""
        given = {
            "iss": self.address,
            "lti_oidc_url": f"{OWN}{reverse('training:lti-login')}",
            "lti_launch_url": self.launch_url,
            "client_id": self.client_id,
            "deployment_id": self.deployment,
            "rsa_key": self.key,
            "rsa_key_id": "1",
            "redirect_uris": [self.launch_url],
        }
        return LtiAdvantageConsumer(**(given | other))

    def launch(
        self,
        client: Client,
        *,
        user: str = "sub-1",
        role: str = "student",
        custom: dict[str, str] | None = None,
        consumer: LtiAdvantageConsumer | None = None,
        deep: bool = False,
        change: dict[str, Any] | None = None,
    ) -> Any:
        """Both legs of a launch in a browser: begin, be sent back, come with a token. What is posted is kept in ``posted``."""
        consumer = consumer or self.consumer
        consumer.set_user_data(
            user_id=user, role=role, full_name="Nia Clarke", email_address="nia@example.org"
        )
        consumer.set_resource_link_claim("link-1", title="Training")
        consumer.set_context_claim("course-1", context_title="Vulnerability")
        consumer.set_custom_parameters(custom or {})
        if deep:
            consumer.enable_deep_linking(self.launch_url, f"{self.address}/deep")
        else:
            consumer.enable_ags(f"{self.address}/lineitems", f"{self.address}/lineitems/7", True)
            consumer.enable_nrps(f"{self.address}/members")
        data = Lti1p3LaunchData(
            user_id=user,
            user_role=role,
            config_id="1",
            resource_link_id="link-1",
            message_type="LtiDeepLinkingRequest" if deep else "LtiResourceLinkRequest",
        )
        begun = client.get(consumer.prepare_preflight_url(data).removeprefix(OWN))
        assert begun.status_code == 302, begun.content
        asked = dict(parse_qsl(urlsplit(begun.headers["Location"]).query))
        if change:
            consumer.set_extra_claim(change)
        self.posted = consumer.generate_launch_request(asked)
        if isinstance(self.posted["id_token"], bytes):
            self.posted["id_token"] = self.posted["id_token"].decode()
        return client.post(self.launch_url.removeprefix(OWN), self.posted)


@contextmanager
def running(**given: Any) -> Iterator[Platform]:
    """A platform whose keys, tokens, marks and roster are served over loopback."""
    holder: dict[str, Platform] = {}

    class Handler(BaseHTTPRequestHandler):
        def answer(self, value: Any, status: int = 200) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def allowed(self, scope: str) -> bool:
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            return bool(holder["p"].consumer.check_token(token, [scope]))

        def do_GET(self) -> None:
            platform = holder["p"]
            if self.path == "/keys":
                return self.answer(platform.consumer.get_public_keyset())
            if self.path == "/members" and self.allowed(ROSTER):
                return self.answer({"id": "x", "context": {"id": "course-1"}, "members": platform.members})
            return self.answer({}, 404)

        def do_POST(self) -> None:
            platform = holder["p"]
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if platform.down:
                return self.answer({}, 503)
            if self.path == "/token":
                form = {k: v[0] for k, v in parse_qs(body).items()}
                return self.answer(platform.consumer.access_token(form))
            if self.path == "/lineitems/7/scores" and self.allowed(SCORE):
                platform.scores.append(json.loads(body))
                return self.answer({})
            return self.answer({}, 404)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    holder["p"] = Platform(f"http://127.0.0.1:{server.server_port}", **given)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield holder["p"]
    finally:
        server.shutdown()
        server.server_close()
