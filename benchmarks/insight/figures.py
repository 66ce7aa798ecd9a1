"""How long each figure of a force takes, at a small force's year and at a large one's: made-up rows on SQLite, each figure asked alone.

python -m benchmarks.insight.figures [--accounts 5000 50000]
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import tempfile
import time
import uuid
from datetime import timedelta
from typing import Any

OBSERVED, KNOWN, OFFICERS = 4, 0.7, 200


def fill(accounts: int, dice: random.Random) -> Any:
    """A force with so many accounts in a year, four observations each, seven in ten people known (three accounts each)."""
    from django.utils import timezone

    from wholepicture.core.practice import Kind, load_default
    from wholepicture.web.accounts.models import Force, Team, User
    from wholepicture.web.encounters.models import Encounter, EncounterPerson, RecordedObservation
    from wholepicture.web.people.models import Person

    force = Force.objects.create(name=f"Made up, {accounts}")
    teams = Team.objects.bulk_create(Team(force=force, name=f"Team {n}") for n in range(12))
    officers = User.objects.bulk_create(
        User(username=f"{accounts}-{n}", force=force, team=dice.choice(teams), password="!")
        for n in range(OFFICERS)
    )
    now = timezone.now()
    concepts = [
        c.id for c in load_default().concepts.values() if c.kind in (Kind.FACTOR, Kind.FEATURE, Kind.HARM)
    ]
    known = Person.objects.bulk_create(
        Person(force=force, made_by=officers[0]) for _ in range(max(1, int(accounts * KNOWN / 3)))
    )
    made, people, seen = [], [], []
    for _ in range(accounts):
        by = dice.choice(officers)
        happened = now - timedelta(days=dice.random() * 360)
        encounter = Encounter(
            once=uuid.uuid4(),
            force=force,
            started_by=by,
            happened_at=happened,
            source="made up",
            narrative="made up",
            synthetic=True,
            catalogue_version="1",
            catalogue_hash="x",
            confirmed_at=happened + timedelta(hours=5),
        )
        person = EncounterPerson(
            encounter=encounter,
            code="p1",
            label="victim",
            role="victim",
            main=True,
            identity=dice.choice(known) if dice.random() < KNOWN else None,
        )
        made.append(encounter)
        people.append(person)
        seen += [
            RecordedObservation(
                person=person,
                concept=c,
                state="present",
                observer=by,
                observed_at=happened,
            )
            # The first are commoner, as in life.
            for c in {concepts[min(int(dice.expovariate(0.08)), len(concepts) - 1)] for _ in range(OBSERVED)}
        ]
    Encounter.objects.bulk_create(made, batch_size=2_000)
    EncounterPerson.objects.bulk_create(people, batch_size=2_000)
    RecordedObservation.objects.bulk_create(seen, batch_size=2_000)
    return force


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, nargs="+", default=[5_000, 50_000])
    options = parser.parse_args()
    os.environ["WHOLEPICTURE_VAR"], os.environ["WHOLEPICTURE_DEMO"] = (
        tempfile.mkdtemp(prefix="wp-figures-"),
        "1",
    )
    from wholepicture.cli.serve import set_up_django

    set_up_django()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from wholepicture.core.recognition import default_recogniser
    from wholepicture.web.insight.selectors.figures import Asked, figures_of

    default_recogniser()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, SQLite\n")
    rows: dict[str, list[str]] = {}
    for accounts in options.accounts:
        asked = Asked(fill(accounts, random.Random(1)), 12, timezone.now(), None)
        names = [f.id for f in figures_of(asked)]
        for name in names:
            began = time.perf_counter()
            figures_of(asked, only=name)
            rows.setdefault(name, []).append(f"{time.perf_counter() - began:.2f}")
        began = time.perf_counter()
        figures_of(asked)
        rows.setdefault("all of them, as the page asks", []).append(f"{time.perf_counter() - began:.2f}")
    print("| figure, seconds | " + " | ".join(f"{a:,} accounts" for a in options.accounts) + " |")
    print("| --- |" + " --- |" * len(options.accounts))
    for name, seconds in rows.items():
        print(f"| {name} | {' | '.join(seconds)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
