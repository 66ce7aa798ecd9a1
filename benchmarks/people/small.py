"""A twentieth of it in SQLite: 50,000 people, 100,000 accounts, 500,000 observations, through the models.

WHOLEPICTURE_VAR=/tmp/small python -m benchmarks.people.small
WHOLEPICTURE_VAR=/tmp/small python -m benchmarks.people.site --people 50000
"""

from __future__ import annotations

import os
import random
import uuid
from datetime import timedelta

PEOPLE, ACCOUNTS, OFFICERS = 50_000, 100_000, 100


def main() -> None:
    """Fill."""
    os.environ["WHOLEPICTURE_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wholepicture.web.config.settings")
    import django

    django.setup()
    from benchmarks.people.matching import people
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    from wholepicture.core.identity import search_keys
    from wholepicture.core.practice import Kind
    from wholepicture.core.practice.load import load_default
    from wholepicture.web.accounts.models import Force, User
    from wholepicture.web.encounters import models as encounters
    from wholepicture.web.encounters.services.words import keep_words
    from wholepicture.web.people.models import Detail, Person, SearchKey

    call_command("migrate", verbosity=0)
    rng, now = random.Random(3), timezone.now()
    force, _ = Force.objects.get_or_create(name="Benchmark")
    officers = User.objects.bulk_create(
        User(username=f"officer{n}", force=force, password="!") for n in range(OFFICERS)
    )
    concepts = [c.id for c in load_default().concepts.values() if c.kind in (Kind.FACTOR, Kind.FEATURE)]
    made = list(people(PEOPLE))
    with transaction.atomic():
        Person.objects.bulk_create((Person(id=m.pk, force=force, made_by=officers[0]) for m in made), 2000)
        Detail.objects.bulk_create(
            (
                Detail(person_id=m.pk, kind=kind, value=value, said_by=officers[0])
                for m in made
                for kind, value in (
                    ("name", f"{m.given} / {m.family}"),
                    ("born", m.born.isoformat()),
                    ("phone", m.phone),
                )
            ),
            2000,
        )
        SearchKey.objects.bulk_create(
            (
                SearchKey(force_id=force.pk, key=k, person_id=m.pk)
                for m in made
                for k in search_keys(m.details())
            ),
            2000,
        )
        encounters.Retention.objects.bulk_create(
            (
                encounters.Retention(
                    person_id=m.pk, force=force, due=(now + timedelta(days=rng.randrange(2200))).date()
                )
                for m in made
            ),
            2000,
        )
    text = (
        "IP says he came back to the address number {} and she is worried for the children who were upstairs."
    )
    for start in range(0, ACCOUNTS, 5000):
        with transaction.atomic():
            kept = []
            for n in range(start, start + 5000):
                at = now - timedelta(days=rng.random() * 2200)
                kept.append(
                    encounters.Encounter(
                        once=uuid.uuid4(),
                        force=force,
                        started_by=rng.choice(officers),
                        how="visit",
                        happened_at=at,
                        source=f"LOG {n}",
                        narrative=text.format(n),
                        synthetic=True,
                        catalogue_version="1",
                        catalogue_hash="benchmark",
                        confirmed_at=None if n % 500 == 0 else at,
                    )
                )
            encounters.Encounter.objects.bulk_create(kept, 1000)
            who = encounters.EncounterPerson.objects.bulk_create(
                (
                    encounters.EncounterPerson(
                        encounter=e,
                        code="p1",
                        label="IP",
                        role="victim",
                        main=True,
                        identity_id=rng.choice(made).pk,
                    )
                    for e in kept
                ),
                1000,
            )
            encounters.RecordedObservation.objects.bulk_create(
                (
                    encounters.RecordedObservation(
                        person=p,
                        concept=concepts[(n + 13 * k) % len(concepts)],
                        state="present",
                        evidence="she is worried",
                        observer=p.encounter.started_by,
                        observed_at=p.encounter.happened_at,
                    )
                    for n, p in enumerate(who)
                    for k in range(5)
                ),
                1000,
            )
            encounters.Assessment.objects.bulk_create(
                encounters.Assessment(
                    once=uuid.uuid4(),
                    person=p,
                    by=p.encounter.started_by,
                    at=p.encounter.happened_at,
                    grade="medium",
                    threat="He has come back.",
                    worst=n % 5,
                    force=force,
                    waiting=n % 1000 == 0,
                )
                for n, p in enumerate(who)
                if n % 10 == 0
            )
    keep_words(force.pk, text)
    print(f"{PEOPLE:,} people, {ACCOUNTS:,} accounts, {5 * ACCOUNTS:,} observations")


if __name__ == "__main__":
    main()
