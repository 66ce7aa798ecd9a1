"""``wholepicture directory``: read a directory of services in, from a file or an address, to its end."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from wholepicture.cli.serve import set_up_django


def add_parser(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("directory", help="read a directory of services in (Open Referral UK)")
    inner = parser.add_subparsers(dest="what", required=True)
    reads = inner.add_parser("import", help="from a file (JSON or JSON Lines) or the address of an API")
    reads.add_argument("source", help="a file, or an address beginning with https://")
    reads.add_argument("--force", required=True, help="the force whose directory it is")
    reads.add_argument("--name", default="", help="what the directory is called (default: the file's name)")
    reads.set_defaults(run=read)


def read(options: argparse.Namespace) -> int:
    """Read it through, and say what was taken and refused: 0 when all was taken, 1 when some was refused, 2 when it could not be read."""
    set_up_django()
    from django.core.management import call_command

    from wholepicture.web.accounts.models import Force
    from wholepicture.web.errors import CannotDoError
    from wholepicture.web.partners.models import Import
    from wholepicture.web.partners.services.importing import begin_import, read_through

    call_command("migrate", verbosity=0)
    force = Force.objects.filter(name=options.force).first()
    if force is None:
        names = ", ".join(Force.objects.values_list("name", flat=True)) or "none yet"
        return _stop(f"there is no force called {options.force}. Forces: {names}.")
    from_address = options.source.lower().startswith(("https://", "http://"))
    name = options.name or (options.source if from_address else Path(options.source).name)
    try:
        content = "" if from_address else Path(options.source).read_text("utf-8-sig")
        run = begin_import(
            force=force, by=None, name=name, address=options.source if from_address else "", content=content
        )
    except (OSError, UnicodeDecodeError) as error:
        return _stop(f"{options.source} could not be read: {error}")
    except CannotDoError as error:
        return _stop(str(error))
    read_through(run)
    for refused in run.refused.filter(kept=False):
        where = f"page {refused.page}, row {refused.row}"
        print(f"{where} ({refused.identifier or 'no id'}): {refused.said}", file=sys.stderr)
    print(f"{run.taken} taken, {run.unchanged} unchanged, {run.refused_count} refused, {run.gone} gone.")
    if run.state != Import.State.DONE:
        return _stop(
            f"it stopped at page {run.next_page}: {run.problem} The worker tries again, and goes on from there."
        )
    return 1 if run.refused_count else 0


def _stop(said: str) -> int:
    print(f"wholepicture: {said}", file=sys.stderr)
    return 2
