"""``wholepicture audit``: verify the chain, sign a checkpoint, export the entries."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wholepicture.core.audit_chain import faults, read_checkpoints


def add_parser(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("audit", help="verify the audit, sign a checkpoint, export the entries")
    acts = parser.add_subparsers(dest="act", required=True)
    verify = acts.add_parser("verify", help="say whether any entry was removed, changed or moved")
    checkpoint = acts.add_parser("checkpoint", help="sign how far each chain has come (run it hourly)")
    for act in (verify, checkpoint):
        act.add_argument("--folder", type=Path, help="where key and checkpoints are (default: var/audit)")
    export = acts.add_parser(
        "export", help="write every entry as JSON Lines, for audit_chain.py on another machine"
    )
    export.add_argument("out", type=Path)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run it; 1 if the audit is not whole."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wholepicture.web.config.settings")
    import django

    django.setup()
    from django.conf import settings

    from wholepicture.web.audit import checkpoints, selectors

    if options.act == "export":
        with options.out.open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(asdict(link), ensure_ascii=False) + "\n" for link in selectors.links())
        print(f"Written to {options.out}")
        return 0
    folder = options.folder or Path(settings.VAR) / "audit"
    if options.act == "checkpoint":
        made = checkpoints.write(folder)
        key = checkpoints.public_key(checkpoints.signing_key(folder)).hex()
        print(f"{len(made)} chains signed in {folder / 'checkpoints.jsonl'}. Public key: {key}")
        return 0
    path = folder / "checkpoints.jsonl"
    known = read_checkpoints(path) if path.exists() else []
    key = checkpoints.public_key(checkpoints.signing_key(folder)) if known else None
    found = list(faults(selectors.links(), known, key=key))
    print(
        "\n".join(found) if found else f"The audit is whole ({len(known)} checkpoints).",
        file=sys.stderr if found else sys.stdout,
    )
    return 1 if found else 0
