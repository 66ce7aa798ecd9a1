"""Our credentials before a verifier that shares nothing with us: @digitalcredentials/verifier-core 1.0.0-beta.11, with its own JSON-LD
and RDF canonicaliser, built into one file with esbuild, in Chromium."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.core.credentials.test_credentials import DID, DID_METHOD, KEY, badge, changed
from wholepicture.core.credentials import sign, status_list

pytestmark = pytest.mark.journey
VERIFIER = Path(__file__).parent / "verifier.min.js"
ASK = "async credential => verifyCredential({credential, knownDIDRegistries: []})"
BIT = 94_567


def said(browser: Browser, credential: dict[str, Any], revoked: list[int]) -> dict[str, Any]:
    """What the verifier says of each check (None: it did not come to it)."""

    def answer(route: Route) -> None:
        address = route.request.url
        if address == "https://wp.example/licences/status/1":
            listed = status_list(address=address, issuer=DID, bits=revoked, valid_from="2026-01-01T00:00:00Z")
            signed = sign(listed, KEY, method=DID_METHOD, created="2026-01-01T00:00:00Z")
            route.fulfill(
                status=200,
                content_type="application/json",
                body=json.dumps(signed),
                headers={"Access-Control-Allow-Origin": "*"},
            )
        elif address == "https://verifier.example/":
            route.fulfill(status=200, content_type="text/html", body="<!doctype html><title>v</title>")
        else:
            route.abort()

    context = browser.new_context()
    page = context.new_page()
    page.route("**/*", answer)
    page.goto("https://verifier.example/")
    page.add_script_tag(path=VERIFIER)
    found = page.evaluate(ASK, credential)
    context.close()
    checks = {c["id"]: c.get("valid") for c in found.get("log", [])}
    checks["errors"] = [e["name"] for e in found.get("errors", [])]
    return checks


def test_an_unrelated_verifier_agrees(browser: Browser) -> None:
    def checks(credential: dict[str, Any], revoked: tuple[int, ...] = ()) -> tuple[object, ...]:
        found = said(browser, credential, list(revoked))
        return (
            found.get("valid_signature"),
            found.get("expiration"),
            found.get("revocation_status"),
            found["errors"],
        )

    assert checks(badge()) == (True, True, True, [])
    assert checks(badge(), (1, 2, 94_566)) == (True, True, True, [])
    assert checks(badge(), (BIT,))[2] is False
    assert checks(badge(valid_until="2026-02-01T00:00:00Z"))[1] is False
    assert checks(changed(badge(), "name", to="CSA Supervisor"))[3] == ["invalid_signature"]
