"""Twenty users at once on the site, over the database that people/matching.py and people/history.py filled.

    WHOLEPICTURE_DATABASE_URL=... python -m benchmarks.people.site --people 1000000

They match while they type, search, open their first page, the review queue and people who are in accounts. Starts the site
itself with two workers. Each user asks once a second on average, each time about somebody else, as in
people/matching.py. Times are the users': they take in the web, the session, the audit entry and the page. The users share
the machine with the site and the database.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import requests
from benchmarks.people.matching import questions

from wholepicture.core.identity import Details

PORT = 8233
KINDS = ("match while typing", "search", "today", "reviews", "person")
Asked = tuple[str, float]


def _sessions(users: int) -> list[tuple[str, str]]:
    """A session cookie, and the address of a person of an account of their own, for each user."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from wholepicture.web.accounts.models import Force, Role, User
    from wholepicture.web.encounters.services import start_encounter

    made = []
    for number in range(users):
        user, _ = User.objects.get_or_create(
            username=f"user{number}", defaults={"force": Force.objects.get(), "role": Role.SUPERVISOR}
        )
        User.objects.filter(pk=user.pk).update(role=Role.SUPERVISOR)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        account = start_encounter(
            narrative="She is pregnant.", source="benchmark", once=uuid.uuid4(), by=user
        )
        made.append(
            (str(session.session_key), f"/encounters/{account.pk}/people/{account.people.get().code}")
        )
    return made


def _form(said: Details) -> dict[str, str]:
    born = said.born[0] if said.born else None
    parts = {"born_day": born.day, "born_month": born.month, "born_year": born.year} if born else {}
    return {
        "given": said.given[0],
        "family": said.family[0],
        "phone": said.phones[0] if said.phones else "",
        "why": "benchmark",
        **{k: str(v) for k, v in parts.items()},
    }


def _user(
    number: int, cookie: str, person: str, asked: list[Details], pages: list[str], until: float
) -> list[Asked]:
    rng = Random(number)
    http = requests.Session()
    http.cookies.set("sessionid", cookie)
    page = http.get(f"http://127.0.0.1:{PORT}{person}/who", timeout=30)
    page.raise_for_status()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert found
    token = found[1]
    took: list[Asked] = []
    while time.time() < until:
        time.sleep(rng.uniform(0, 2))
        kind = rng.choice(KINDS)
        address = {
            "match while typing": f"{person}/matches",
            "search": "/people",
            "today": "/",
            "reviews": "/assessments",
        }
        to = f"http://127.0.0.1:{PORT}{address.get(kind) or rng.choice(pages)}"
        body = {**_form(rng.choice(asked)), "csrfmiddlewaretoken": token}
        began = time.perf_counter()
        if kind in ("match while typing", "search"):
            answer = http.post(to, data=body, timeout=30)
        else:
            answer = http.get(to, timeout=30)
        took.append((kind, 1000 * (time.perf_counter() - began)))
        answer.raise_for_status()
    return took


def main() -> None:
    """Start, ask, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    os.environ["WHOLEPICTURE_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wholepicture.web.config.settings")
    import django

    django.setup()
    from wholepicture.web.encounters.models import EncounterPerson

    sessions = _sessions(options.users)
    asked = [said for _, _, said in questions(options.people, 300)]
    with_accounts = EncounterPerson.objects.filter(identity__isnull=False).order_by("id")[:300]
    pages = [f"/people/{pk}" for pk in with_accounts.values_list("identity_id", flat=True)] or ["/people"]
    program = Path(sys.executable).parent / "wholepicture"
    site = subprocess.Popen(
        [str(program), "serve", "--port", str(PORT), "--workers", "2"], stdout=subprocess.DEVNULL
    )
    try:
        time.sleep(8)
        until = time.time() + options.seconds
        with ThreadPoolExecutor(options.users) as pool:
            runs = [pool.submit(_user, n, c, p, asked, pages, until) for n, (c, p) in enumerate(sessions)]
            took = [one for run in runs for one in run.result()]
    finally:
        site.terminate()
        site.wait()
    print(
        f"{options.people:,} people, {options.users} users at once, {os.cpu_count()} cores for site, database and users\n"
    )
    print("| | asked | median ms | 95th percentile ms | slowest ms |\n| --- | --- | --- | --- | --- |")
    for kind in sorted({k for k, _ in took}):
        times = [t for k, t in took if k == kind]
        spread = statistics.quantiles(times, n=20)
        print(
            f"| {kind} | {len(times)} | {statistics.median(times):.0f} | {spread[-1]:.0f} | {max(times):.0f} |"
        )


if __name__ == "__main__":
    main()
