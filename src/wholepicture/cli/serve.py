"""``wholepicture serve``: bring the database up to date and serve the site."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

POLL_SECONDS = 1.0


def add_parser(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("serve", help="bring the database up to date and serve the site")
    parser.add_argument(
        "--demo", action="store_true", help="the demo force with made-up people, and a role switcher"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument(
        "--no-worker", action="store_true", help="the worker runs on its own (wholepicture worker)"
    )
    parser.set_defaults(run=run)
    worker = commands.add_parser(
        "worker", help="send what waits to be sent, and sign checkpoints of the audit"
    )
    worker.add_argument("--once", action="store_true", help="do what is due now, and end")
    worker.add_argument(
        "--beside", type=int, metavar="PID", help="end when this process is no longer the parent"
    )
    worker.set_defaults(run=work)
    user = commands.add_parser("user", help="add a user; prints a password to pass on, which serves once")
    user.add_argument("username")
    user.add_argument("--first", required=True, help="first name")
    user.add_argument("--last", required=True, help="last name")
    user.add_argument("--role", default="administrator", help="such as officer or administrator")
    user.add_argument("--force", required=True, help="the force's name; made where it is not there")
    user.set_defaults(run=add_user)
    token = commands.add_parser("token", help="make an API token for a user; it is shown once")
    token.add_argument("username")
    token.add_argument("--name", default="made in the shell", help="what it is for")
    token.add_argument("--days", type=int, default=90, help="how long it serves (default: 90)")
    token.set_defaults(run=make_token)


class UnusableSettings(Exception):
    """The site cannot begin with the settings it is given; the text says which, and how to mend it."""


def begin_django() -> None:
    """Have Django ready, with the site's settings, or raise UnusableSettings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wholepicture.web.config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except (ImproperlyConfigured, OSError, ValueError) as error:
        raise UnusableSettings(str(error)) from error


def set_up_django() -> None:
    """Have Django ready; ends the command, saying why, where its settings do not do."""
    try:
        begin_django()
    except UnusableSettings as error:
        print(f"wholepicture: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def run(options: argparse.Namespace) -> int:
    """Serve until stopped."""
    if options.demo:
        os.environ["WHOLEPICTURE_DEMO"] = "1"
    set_up_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    if options.demo:
        from wholepicture.web.accounts.services import make_demo_force
        from wholepicture.web.insight.demo import make_demo_year
        from wholepicture.web.licensing.demo import make_demo_licences
        from wholepicture.web.partners.demo import make_demo_partners
        from wholepicture.web.programmes.services.demo import make_demo_cohorts
        from wholepicture.web.training.services.demo import make_demo_learners

        force = make_demo_force()
        make_demo_learners(force)
        make_demo_cohorts(force)
        make_demo_licences(force)
        make_demo_partners(force)
        make_demo_year(force)
    from django.conf import settings
    from django.db import connections

    from wholepicture.core.recognition import default_recogniser
    from wholepicture.web.accounts.services import set_up_code

    # Read once, before web processes are forked from this one: they share it, and one that takes another's place is ready.
    default_recogniser()
    gc.freeze()
    connections.close_all()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    print(f"\n  Wholepicture is at http://localhost:{options.port}/")
    if options.demo:
        print(
            "  To sign in, choose one of the made-up people on the first page. Every person here is made up."
        )
    code = set_up_code()
    if code:
        print(
            f"  Nobody can sign in yet. Begin at {settings.ADDRESS}/set-up/{code}\n"
            "  (the address serves once; from this machine, put the site's own name and port in it)."
        )
    print("  Stop it with Ctrl-C.\n", flush=True)
    if options.no_worker:
        _serve(options)
        return 0
    stopped = threading.Event()
    beside = threading.Thread(target=_keep_worker, args=(stopped,))
    beside.start()
    try:
        _serve(options)
    finally:
        stopped.set()
        beside.join()
    return 0


def _serve(options: argparse.Namespace) -> None:
    """Serve until told to stop. Granian begins a web process again that died, and ends when one dies twice in a few
    seconds; then it is begun afresh, for a site that is down helps nobody."""
    from granian import Granian
    from granian.constants import Interfaces

    while True:
        server = Granian(
            "wholepicture.web.config.wsgi:application",
            address=options.host,
            port=options.port,
            interface=Interfaces.WSGI,
            workers=options.workers,
            blocking_threads=4,
            log_enabled=False,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            # One that does not end when told to is not waited for without end.
            workers_kill_timeout=10,
        )
        try:
            server.serve()
            return
        except SystemExit as ended:
            if not ended.code or server.interrupt_signal:
                return
            print(
                "wholepicture: a web process died again and again; serving is begun afresh.", file=sys.stderr
            )
            time.sleep(1)


def _keep_worker(stopped: threading.Event) -> None:
    """Run the worker as a process of its own, and begin another when it dies, until told to stop."""
    command = [sys.executable, "-m", "wholepicture.cli.main", "worker", "--beside", str(os.getpid())]
    while not stopped.is_set():
        worker = subprocess.Popen(command)
        while worker.poll() is None and not stopped.wait(0.5):
            pass
        if worker.poll() is None:
            worker.terminate()
            worker.wait()
        stopped.wait(1.0)


def work(options: argparse.Namespace) -> int:
    """Send what is due and do what is due from time to time, until told to stop. Any number may run at once."""
    set_up_django()
    from django.db import OperationalError, close_old_connections

    from wholepicture.web.accounts.services import deliver_due, do_what_is_due

    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda which, _: stopping.append(which))
    while not stopping and options.beside in (None, os.getppid()):
        busy = False
        try:
            close_old_connections()
            do_what_is_due()
            busy = deliver_due() > 0
        except OperationalError as error:
            print(
                f"wholepicture worker: the database does not answer, trying again: {error}", file=sys.stderr
            )
            time.sleep(2)
        if options.once:
            break
        if not busy:
            time.sleep(POLL_SECONDS)
    return 0


def add_user(options: argparse.Namespace) -> int:
    """Add the first administrator of a force, or anybody else."""
    set_up_django()
    from django.core.management import call_command

    from wholepicture.web.accounts.models import Force, Role
    from wholepicture.web.accounts.services import CannotDoError, make_account

    call_command("migrate", verbosity=0)
    if options.role not in Role.values:
        print(f"wholepicture: a role is one of {', '.join(Role.values)}.", file=sys.stderr)
        return 2
    force, _ = Force.objects.get_or_create(name=options.force)
    try:
        _, password = make_account(
            username=options.username,
            first=options.first,
            last=options.last,
            role=options.role,
            force=force,
            by=None,
        )
    except CannotDoError as error:
        print(f"wholepicture: {error}", file=sys.stderr)
        return 2
    print(f"{options.username} may sign in with: {password}\nThey choose their own password then.")
    return 0


def make_token(options: argparse.Namespace) -> int:
    """Print a new token's secret."""
    set_up_django()
    from wholepicture.web.accounts.models import User
    from wholepicture.web.accounts.services import issue_token

    user = User.objects.filter(username=options.username).first()
    if user is None:
        print(f"wholepicture: there is no user called '{options.username}'.", file=sys.stderr)
        return 2
    print(issue_token(user=user, name=options.name, days=options.days))
    return 0
