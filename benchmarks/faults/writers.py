"""Eight writers of one draft, two thousand rounds each; and one account handed over a thousand times at once under one key.

    python -m benchmarks.faults.writers
    WHOLEPICTURE_DATABASE_URL=... python -m benchmarks.faults.writers

Each writer keeps a count of its own in the draft's text, beside the others', and raises it on top of what it last read. Had
one version been written over another unsaid, a count would be behind at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import uuid
from concurrent.futures import ProcessPoolExecutor

ONCE = uuid.UUID(int=7)


def _setup() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wholepicture.web.config.settings")
    django.setup()


def write(number: int, rounds: int) -> tuple[int, int]:
    """One writer; how often it was told of another's version first, and how often that nothing was kept (SQLite's lock)."""
    _setup()
    from django.db import OperationalError

    from wholepicture.web.accounts.models import User
    from wholepicture.web.encounters.services import keep_draft

    by = User.objects.get(username="demo-officer")
    version, counts, conflicts, refused = 0, {}, 0, 0
    for turn in range(1, rounds + 1):
        while True:
            mine = {**counts, str(number): turn}
            try:
                answer = keep_draft(
                    once=ONCE, text=json.dumps(mine, sort_keys=True), place="", version=version, by=by
                )
            except OperationalError:
                refused += 1
                continue
            version, counts = answer.draft.version, json.loads(answer.draft.text or "{}")
            if not answer.conflict:
                break
            conflicts += 1
    return conflicts, refused


def post(numbers: range) -> set[str]:
    """Hand the same account over under the same key; the accounts it became."""
    _setup()
    from wholepicture.web.accounts.models import User
    from wholepicture.web.encounters.services import start_encounter

    by = User.objects.get(username="demo-officer")
    return {
        str(start_encounter(narrative="She is pregnant.", source="one", once=ONCE, by=by).pk) for _ in numbers
    }


def main() -> int:
    """0 if nothing was written over unsaid and one account was made."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(WHOLEPICTURE_VAR=folder, WHOLEPICTURE_DEMO="1")
        _setup()
        from django.core.management import call_command
        from django.db import connections

        from wholepicture.web.accounts.services import make_demo_force
        from wholepicture.web.encounters.models import Draft, Encounter

        call_command("migrate", verbosity=0)
        make_demo_force()
        Draft.objects.filter(once=ONCE).delete()
        connections.close_all()
        began = time.monotonic()
        with ProcessPoolExecutor(options.writers) as pool:
            told = list(pool.map(write, range(options.writers), [options.rounds] * options.writers))
            seconds = time.monotonic() - began
            made = set().union(*pool.map(post, [range(125)] * 8))
        counts = json.loads(Draft.objects.get(once=ONCE).text)
        behind = [n for n in range(options.writers) if counts.get(str(n)) != options.rounds]
        found = {
            "writers": options.writers,
            "rounds": options.rounds,
            "minutes": round(seconds / 60, 1),
            "told of another's version": sum(c for c, _ in told),
            "told that nothing was kept": sum(r for _, r in told),
            "written over unsaid": len(behind),
            "accounts made by 1,000 posts under one key": Encounter.objects.filter(once=ONCE).count(),
            "numbers answered": len(made),
        }
        connections.close_all()
    print(json.dumps(found, indent=1))
    return 0 if not behind and len(made) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
