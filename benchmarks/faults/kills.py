"""Kill the site under load, again and again, and see what became of what it said it had kept.

    python -m benchmarks.faults.kills --kills 500
    WHOLEPICTURE_DATABASE_URL=... python -m benchmarks.faults.kills --kills 500 --database

With ``--database`` PostgreSQL itself (started by scripts/postgres) is stopped at once and started again, among the rest.

Starts the site as ``wholepicture serve`` does. Six clients hand over accounts through the API, upload documents and confirm
them on the pages, and a system is told of each confirmed account; each client tries again, under the same key, until it is
answered. Meanwhile, at random moments, a web process, the worker, or everything at once is killed with SIGKILL. After each
kill the audit is verified whole. At the end: what was acknowledged and is not there, what is there twice, what the system was
not told.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

import requests

TEXT = "IP states her ex came back. She is pregnant and has nobody to turn to. Reference {}."
PATIENCE = 10


CONFIRMED = "encounter.confirmed"


@dataclass
class Seen:
    """What the clients were told, and what the system heard."""

    kept: set[str] = field(default_factory=set)
    uploaded: set[str] = field(default_factory=set)
    confirmed: set[str] = field(default_factory=set)
    heard: Counter[str] = field(default_factory=Counter)
    told_of: Counter[str] = field(default_factory=Counter)
    again: int = 0


def _receiver(seen: Seen) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.heard[self.headers["webhook-id"]] += 1
            # The demonstration's own accounts are told of again when they are assessed.
            if seen.heard[self.headers["webhook-id"]] == 1 and body["type"] == CONFIRMED:
                seen.told_of[body["data"]["encounter"]] += 1
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Site:
    """The site as it is served, which can be killed in part or whole."""

    def __init__(self, port: int, workers: int) -> None:
        self.port, self.workers = port, workers
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "wholepicture.cli.main", "serve", "--demo", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--workers", str(self.workers)], stdout=subprocess.DEVNULL, start_new_session=True
        )

    def wait(self) -> None:
        until = time.monotonic() + 90
        while time.monotonic() < until:
            try:
                if requests.get(f"http://127.0.0.1:{self.port}/approach", timeout=5).ok:
                    return
            except requests.RequestException:
                time.sleep(0.1)
        assert self.process
        left = subprocess.run(
            ["ps", "-eo", "pid,ppid,stat,args"], capture_output=True, text=True, check=True
        ).stdout
        ours = "\n".join(line for line in left.splitlines() if "wholepicture" in line)
        raise RuntimeError(f"The site did not come up (ended: {self.process.poll()}).\n{ours}")

    def children(self) -> dict[str, list[int]]:
        """The processes below the one that was started: those that serve, and the one that sends."""
        assert self.process
        found: dict[str, list[int]] = {"web": [], "worker": []}
        listing = subprocess.run(
            ["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True
        ).stdout
        for line in listing.splitlines()[1:]:
            pid, parent, args = line.split(None, 2)
            if int(parent) == self.process.pid and "resource_tracker" not in args:
                found["worker" if " worker" in args else "web"].append(int(pid))
        return found

    def kill(self, what: str, random: Random) -> bool:
        """SIGKILL a web process, the worker, or everything; whether there was anything to kill."""
        assert self.process
        if what == "database":
            subprocess.run(["scripts/postgres", "stop"], check=True, stdout=subprocess.DEVNULL)
            subprocess.run(["scripts/postgres"], check=True, stdout=subprocess.DEVNULL)
            return True
        if what == "everything":
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.start()
            return True
        alive = self.children()[what]
        if alive:
            os.kill(random.choice(alive), signal.SIGKILL)
        return bool(alive)

    def stop(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)


class Client(threading.Thread):
    """Hands over, uploads and confirms, and tries again under the same key until it is answered."""

    def __init__(self, port: int, token: str, seen: Seen, stop: threading.Event, pause: float) -> None:
        super().__init__(daemon=True)
        self.address = f"http://127.0.0.1:{port}"
        self.token, self.seen, self.stop_asked, self.pause = token, seen, stop, pause
        self.session = requests.Session()
        self.failed: str = ""

    def run(self) -> None:
        try:
            while not self.stop_asked.is_set():
                self._hand_over(uuid.uuid4().hex)
                self._upload(uuid.uuid4())
                time.sleep(self.pause)
        except Exception as error:
            self.failed = repr(error)

    def _until(self, act, good) -> requests.Response | None:  # type: ignore[no-untyped-def]
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                answer: requests.Response = act()
                if good(answer):
                    return answer
                if answer.status_code < 500 and answer.status_code not in (400, 403):
                    raise AssertionError(f"{answer.status_code}: {answer.text[:300]}")
            except requests.RequestException:
                pass
            self.seen.again += 1
            time.sleep(0.1)
        raise AssertionError("It was not answered for a minute.")

    def _hand_over(self, key: str) -> None:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        body = {"text": TEXT.format(key), "source": key}
        self._until(
            lambda: requests.post(
                f"{self.address}/api/v1/encounters", json=body, headers=headers, timeout=PATIENCE
            ),
            lambda a: a.status_code == 201,
        )
        self.seen.kept.add(key)

    def _page(self, path: str, data: dict[str, str], files: dict[str, tuple[str, bytes]] | None = None):  # type: ignore[no-untyped-def]
        """Post as a browser does, signed in; the page it leads to is not fetched."""
        if "csrftoken" not in self.session.cookies or "sessionid" not in self.session.cookies:
            self.session.get(f"{self.address}/sign-in?switch=1", timeout=PATIENCE)
            self.session.post(
                f"{self.address}/demo/sign-in/demo-officer",
                data={"csrfmiddlewaretoken": self.session.cookies["csrftoken"]},
                timeout=PATIENCE,
                allow_redirects=False,
            )
        return self.session.post(
            self.address + path,
            data={"csrfmiddlewaretoken": self.session.cookies["csrftoken"], **data},
            files=files,
            timeout=PATIENCE,
            allow_redirects=False,
        )

    def _upload(self, once: uuid.UUID) -> None:
        name = f"{once.hex}.txt"
        document = {"document": (name, TEXT.format(once.hex).encode())}
        answer = self._until(
            lambda: self._page("/encounters/new", {"once": str(once), "narrative": ""}, document),
            lambda a: a.status_code == 302 and "/findings" in a.headers["Location"],
        )
        assert answer
        number = re.findall(r"encounters/([0-9a-f-]{36})/", answer.headers["Location"])[0]
        self.seen.uploaded.add(name)
        self._until(
            lambda: self._page(f"/encounters/{number}/confirm", {}),
            lambda a: a.status_code == 302 and "/people/" in a.headers["Location"],
        )
        self.seen.confirmed.add(number)


def _setup(seen: Seen) -> tuple[str, ThreadingHTTPServer]:
    import django

    receiver = _receiver(seen)
    os.environ["WHOLEPICTURE_WEBHOOK_HOSTS"] = f"127.0.0.1:{receiver.server_port}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wholepicture.web.config.settings")
    django.setup()
    from django.core.management import call_command

    from wholepicture.web.accounts import services
    from wholepicture.web.accounts.models import User

    call_command("migrate", verbosity=0)
    services.make_demo_force()
    administrator = User.objects.get(username="demo-administrator")
    services.add_webhook(
        name="Receiver", address=f"http://127.0.0.1:{receiver.server_port}/", by=administrator
    )
    return services.issue_token(user=User.objects.get(username="demo-officer"), name="kills"), receiver


def _audit_faults() -> list[str]:
    from wholepicture.core.audit_chain import faults
    from wholepicture.web.audit.selectors import links

    return list(faults(links(), [], key=None))


def _settled(seen: Seen) -> dict[str, int]:
    """What is wrong between what was acknowledged and what is there."""
    from wholepicture.web.accounts.models import Outgoing
    from wholepicture.web.audit.models import Entry
    from wholepicture.web.encounters.models import Encounter

    sources = Counter(Encounter.objects.values_list("source", flat=True))
    confirmed = {str(pk) for pk in Encounter.objects.exclude(confirmed_at=None).values_list("pk", flat=True)}
    twice = Counter(Entry.objects.filter(what="encounter.confirmed").values_list("about", flat=True))
    rows = Counter(Outgoing.objects.filter(body__type=CONFIRMED).values_list("about", flat=True))
    return {
        "lost": len([k for k in seen.kept | seen.uploaded if not sources[k]])
        + len(seen.confirmed - confirmed),
        "doubled": sum(n > 1 for n in sources.values())
        + sum(n > 1 for n in twice.values())
        + sum(n > 1 for n in rows.values()),
        "not_told": len(confirmed - set(seen.told_of)),
        "told_under_two_numbers": sum(n > 1 for n in seen.told_of.values()),
        "said_twice_under_one_number": sum(n > 1 for n in seen.heard.values()),
        "waiting": Outgoing.objects.exclude(state="sent").count(),
    }


def run(kills: int, clients: int, pause: float, seed: int, workers: int, database: bool) -> dict[str, object]:
    """Do it; what was found."""
    from django.db import close_old_connections

    seen, random, stop = Seen(), Random(seed), threading.Event()
    token, receiver = _setup(seen)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        site = Site(free.getsockname()[1], workers)
    site.start()
    site.wait()
    threads = [Client(site.port, token, seen, stop, pause) for _ in range(clients)]
    for thread in threads:
        thread.start()
    done: Counter[str] = Counter()
    broken: list[str] = []
    began = time.monotonic()
    try:
        while sum(done.values()) < kills and not broken:
            time.sleep(random.uniform(0.05, 0.8))
            what = random.choices(["web", "worker", "everything", "database"], [5, 4, 1, int(database)])[0]
            if site.kill(what, random):
                done[what] += 1
                site.wait()
                close_old_connections()
                broken = _audit_faults()
        stop.set()
        for thread in threads:
            thread.join(90)
        _drain()
    finally:
        stop.set()
        site.stop()
        receiver.shutdown()
    return {
        "kills": dict(done),
        "minutes": round((time.monotonic() - began) / 60, 1),
        "handed over": len(seen.kept),
        "uploaded": len(seen.uploaded),
        "confirmed": len(seen.confirmed),
        "tried again": seen.again,
        "audit faults": broken or _audit_faults(),
        "clients that failed": [t.failed for t in threads if t.failed],
        **_settled(seen),
    }


def _drain() -> None:
    """Wait until the worker has sent everything; what a killed one held comes up again when its lease is over."""
    from wholepicture.web.accounts.models import Outgoing

    until = time.monotonic() + 180
    while Outgoing.objects.filter(state="waiting").exists() and time.monotonic() < until:
        time.sleep(0.5)


def main() -> int:
    """0 if nothing was lost or doubled and the audit is whole."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--pause", type=float, default=0.3, help="seconds between a client's rounds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", action="store_true", help="restart PostgreSQL too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WHOLEPICTURE_VAR"] = str(Path(folder))
        os.environ["WHOLEPICTURE_DEMO"] = "1"
        found = run(
            options.kills, options.clients, options.pause, options.seed, options.workers, options.database
        )
    print(json.dumps(found, indent=1))
    bad = (
        "audit faults",
        "clients that failed",
        "lost",
        "doubled",
        "not_told",
        "told_under_two_numbers",
        "waiting",
    )
    return 1 if any(found[b] for b in bad) else 0


if __name__ == "__main__":
    sys.exit(main())
