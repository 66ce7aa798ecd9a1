"""As it is served with real data: settings that the demo does not have, looked at in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.migrated import migrated_into

ROOT = Path(__file__).resolve().parents[2]
LONG = "a long random text that is for this test alone and is over fifty characters"


def run(code: str, tmp_path: Path, **given: str) -> Any:
    """Run code with production's settings; what it prints, as JSON."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("WHOLEPICTURE_", "DJANGO_"))}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "wholepicture.web.config.settings",
        "WHOLEPICTURE_VAR": str(tmp_path),
        "WHOLEPICTURE_HOSTS": "wp.example.police.uk",
        "WHOLEPICTURE_SECRET_KEY": LONG,
        **given,
    }
    if "migrate" in code and not (tmp_path / "wholepicture.sqlite3").exists():
        migrated_into(tmp_path)
    setup = "import json, django; django.setup()\nfrom django.conf import settings\n"
    done = subprocess.run(
        [sys.executable, "-c", setup + code],
        env=environment,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_django_itself_finds_nothing_to_mend(tmp_path: Path) -> None:
    code = "from django.core.management import call_command\ncall_command('check', deploy=True, fail_level='WARNING')\nprint('[]')"
    assert run(code, tmp_path) == []


ASK = """
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
client = Client(HTTP_HOST="wp.example.police.uk")
"""


def test_everything_is_over_tls_with_cookies_that_stay_here(tmp_path: Path) -> None:
    code = ASK + (
        "page = client.get('/sign-in', secure=True)\n"
        "plain = client.get('/sign-in')\n"
        "system = client.get('/api/v1/openapi.json')\n"
        "print(json.dumps({'page': dict(page.headers), 'cookies': page.cookies.output(), 'plain': [plain.status_code, plain.headers.get('Location')],"
        " 'system': [system.status_code, system.json()['title']]}))"
    )
    found = run(code, tmp_path)
    assert found["page"]["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
    assert found["page"]["X-Content-Type-Options"] == "nosniff"
    assert found["page"]["Referrer-Policy"] == "same-origin"
    assert "__Host-csrf=" in found["cookies"]
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in found["cookies"]
    assert "Domain=" not in found["cookies"]
    assert found["plain"] == [301, "https://wp.example.police.uk/sign-in"]
    assert found["system"] == [403, "Not encrypted"]


def test_who_a_request_is_from_is_taken_from_a_proxy_only_where_there_is_one(tmp_path: Path) -> None:
    code = ASK + (
        "page = client.get('/sign-in', HTTP_X_FORWARDED_PROTO='https')\nprint(json.dumps(page.status_code))"
    )
    assert run(code, tmp_path) == 301
    assert run(code, tmp_path, WHOLEPICTURE_PROXIES="1") == 200


def test_the_demo_and_its_people_are_not_there(tmp_path: Path) -> None:
    code = ASK + (
        "from wholepicture.web.accounts.models import User\n"
        "print(json.dumps([client.post('/demo/sign-in/demo-officer', secure=True).status_code, User.objects.count(), settings.DEBUG]))"
    )
    assert run(code, tmp_path) == [404, 0, False]


def test_without_a_secret_key_it_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="Set WHOLEPICTURE_SECRET_KEY"):
        run("print('[]')", tmp_path, WHOLEPICTURE_SECRET_KEY="")


def test_secrets_come_from_files_and_the_database_is_asked_over_tls(tmp_path: Path) -> None:
    kept = tmp_path / "database"
    kept.write_text("postgresql://wp:p%40ss@db.example:5432/wp?sslmode=verify-full\n")
    code = "d = settings.DATABASES['default']\nprint(json.dumps([d['PASSWORD'], d['HOST'], d['OPTIONS']]))"
    found = run(code, tmp_path, WHOLEPICTURE_DATABASE_URL_FILE=str(kept))
    assert found == ["p@ss", "db.example", {"sslmode": "verify-full"}]


def test_secrets_stay_readable_when_the_key_is_changed(tmp_path: Path) -> None:
    seal = "from wholepicture.web.accounts.sealed import cipher\nprint(json.dumps(cipher('x').encrypt(b'kept').decode()))"
    sealed = run(seal, tmp_path)
    read = f"from wholepicture.web.accounts.sealed import cipher\nprint(json.dumps(cipher('x').decrypt({sealed!r}.encode()).decode()))"
    assert run(read, tmp_path, WHOLEPICTURE_SECRET_KEY=LONG + "2", WHOLEPICTURE_SECRET_KEY_OLD=LONG) == "kept"


def test_a_log_is_one_line_whatever_it_holds(tmp_path: Path) -> None:
    code = (
        "import logging, io\n"
        "out = io.StringIO()\nlogging.getLogger().handlers[0].setStream(out)\n"
        "logging.getLogger('x').warning('first\\n{\"level\": \"ERROR\"}\\u2028')\n"
        "print(json.dumps(out.getvalue()))"
    )
    line = run(code, tmp_path)
    assert line.count("\n") == 1
    assert json.loads(line)["level"] == "WARNING"
    assert json.loads(line)["at"].endswith("+00:00")
