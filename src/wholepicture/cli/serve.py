"""``wholepicture serve``: bring the database up to date and serve the site."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any


def add_parser(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("serve", help="bring the database up to date and serve the site")
    parser.add_argument(
        "--demo", action="store_true", help="the demo force with made-up people, and a role switcher"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    parser.set_defaults(run=run)
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
    token.set_defaults(run=make_token)


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wholepicture.web.config.settings")
    import django

    django.setup()


def run(options: argparse.Namespace) -> int:
    """Serve until stopped."""
    if options.demo:
        os.environ["WHOLEPICTURE_DEMO"] = "1"
    _django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    if options.demo:
        from wholepicture.web.accounts.services import make_demo_force

        make_demo_force()
    from granian import Granian
    from granian.constants import Interfaces

    print(f"\n  Wholepicture is at http://localhost:{options.port}/")
    if options.demo:
        print(
            "  To sign in, choose one of the made-up people on the first page. Every person here is made up."
        )
    print("  Stop it with Ctrl-C.\n", flush=True)
    server = Granian(
        "wholepicture.web.config.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=4,
        log_enabled=False,
    )
    server.serve()
    return 0


def add_user(options: argparse.Namespace) -> int:
    """Add the first administrator of a force, or anybody else."""
    _django()
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
    _django()
    from wholepicture.web.accounts.models import User
    from wholepicture.web.accounts.services import issue_token

    user = User.objects.filter(username=options.username).first()
    if user is None:
        print(f"wholepicture: there is no user called '{options.username}'.", file=sys.stderr)
        return 2
    print(issue_token(user=user, name=options.name))
    return 0
