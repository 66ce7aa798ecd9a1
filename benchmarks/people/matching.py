"""Match-as-you-type among many people in PostgreSQL: ours beside pg_trgm's similarity, asked the same in the same run.

    scripts/postgres; WHOLEPICTURE_DATABASE_URL=... python -m benchmarks.people.matching --people 1000000

Names are made from syllables and dealt by rank (Zipf), so that a few are very common, as in life. The database must be empty: the benchmark fills it. Each question is a person on record,
their name one letter wrong, alone or with date of birth or telephone. A hit: the person is among the five offered.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from wholepicture.core.identity import Details, search_keys

if TYPE_CHECKING:
    from wholepicture.web.accounts.models import User

SYLLABLES = [
    "ba",
    "ber",
    "bri",
    "cal",
    "can",
    "dal",
    "dan",
    "el",
    "en",
    "far",
    "fin",
    "gar",
    "gra",
    "hal",
    "han",
    "hol",
    "in",
    "jam",
    "jo",
    "kel",
    "ken",
    "lan",
    "les",
    "mar",
    "mil",
    "mor",
    "nel",
    "nor",
    "ol",
    "pat",
    "per",
    "ral",
    "ren",
    "ros",
    "sal",
    "sam",
    "tal",
    "tom",
    "ul",
    "ver",
    "wal",
    "wes",
    "win",
]


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up person."""

    pk: str
    given: str
    family: str
    born: date
    phone: str

    def details(self) -> Details:
        """As the product takes them."""
        return Details((self.given,), (self.family,), (self.born,), (self.phone,))


def _names(rng: random.Random, count: int, parts: int) -> tuple[list[str], list[float]]:
    made: dict[str, None] = {}
    while len(made) < count:
        made["".join(rng.choices(SYLLABLES, k=rng.randint(2, parts))).capitalize()] = None
    return list(made), list(accumulate(1 / (rank + 8) for rank in range(count)))


def people(count: int, seed: int = 7) -> Iterator[Made]:
    """So many made-up people, the same each time."""
    rng = random.Random(seed)
    given, given_weights = _names(rng, 3_000, 3)
    family, family_weights = _names(rng, 30_000, 4)
    for _ in range(count):
        yield Made(
            str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            rng.choices(given, cum_weights=given_weights)[0],
            rng.choices(family, cum_weights=family_weights)[0],
            date(1930, 1, 1) + timedelta(days=rng.randrange(33_000)),
            f"07{rng.randrange(10**9):09d}",
        )


def _keys(batch: list[Made]) -> list[tuple[str, str]]:
    return [(key, made.pk) for made in batch for key in search_keys(made.details())]


def _batches(count: int, size: int = 20_000) -> Iterator[list[Made]]:
    batch: list[Made] = []
    for made in people(count):
        batch.append(made)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def fill(count: int) -> tuple[User, float]:
    """Fill the database by COPY, as fast as it takes it. Returns the user who asks, and the seconds."""
    from django.core.management import call_command
    from django.db import connection

    from wholepicture.web.accounts.models import Force, User

    call_command("migrate", verbosity=0)
    force, _ = Force.objects.get_or_create(name="Benchmark (synthetic)")
    user, _ = User.objects.get_or_create(username="asks", force=force)
    began = time.perf_counter()
    with connection.cursor() as cursor, ProcessPoolExecutor(2) as pool:
        for batch, keys in zip(_batches(count), pool.map(_keys, _batches(count)), strict=True):
            with cursor.copy(
                "COPY people_person (id, force_id, made_at, made_by_id, restricted) FROM STDIN"
            ) as out:
                for made in batch:
                    out.write_row((made.pk, force.pk, "2026-01-01", user.pk, False))
            with cursor.copy(
                "COPY people_detail (person_id, kind, value, said_at, said_by_id) FROM STDIN"
            ) as out:
                for made in batch:
                    for kind, value in (
                        ("name", f"{made.given} / {made.family}"),
                        ("born", made.born.isoformat()),
                        ("phone", made.phone),
                    ):
                        out.write_row((made.pk, kind, value, "2026-01-01", user.pk))
            with cursor.copy("COPY people_searchkey (force_id, key, person_id) FROM STDIN") as out:
                for key, pk in keys:
                    out.write_row((force.pk, key, pk))
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute(
            "CREATE INDEX peer ON people_detail USING gin (value gin_trgm_ops) WHERE kind = 'name'"
        )
        cursor.execute("ANALYZE")
    return user, time.perf_counter() - began


def slip(name: str, rng: random.Random) -> str:
    """A name with one letter left out, doubled or swapped with the next."""
    at = rng.randrange(1, len(name) - 1)
    return rng.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        )
    )


def questions(count: int, asked: int) -> Iterator[tuple[str, Made, Details]]:
    """Kind of question, who is meant, and what is typed."""
    rng = random.Random(11)
    wanted = set(rng.sample(range(count), asked))
    for number, made in enumerate(people(count)):
        if number in wanted:
            name = ((made.given,), (slip(made.family, rng),))
            yield "name", made, Details(*name)
            yield "name and date of birth", made, Details(*name, (made.born,))
            yield "name and telephone", made, Details(*name, (), (made.phone,))


def _peer(said: Details) -> list[str]:
    from django.db import connection

    typed = f"{said.given[0]} / {said.family[0]}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM people_detail WHERE kind = 'name' AND value %% %s ORDER BY similarity(value, %s) DESC LIMIT 5",
            [typed, typed],
        )
        return [str(pk) for (pk,) in cursor.fetchall()]


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--asked", type=int, default=200)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wholepicture.web.config.settings")
    import django

    django.setup()
    from wholepicture.web.people.selectors import matches

    user, seconds = fill(options.people)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {options.people:,} people, filled in {seconds:.0f} s\n"
    )
    times: dict[tuple[str, str], list[float]] = {}
    hits: dict[tuple[str, str], int] = {}
    for kind, made, said in questions(options.people, options.asked):
        for who in ("ours", "pg_trgm similarity"):
            began = time.perf_counter()
            ours = who == "ours"
            found = [str(c.person.pk) for c in matches(said, user=user)] if ours else _peer(said)
            times.setdefault((kind, who), []).append(1000 * (time.perf_counter() - began))
            hits[kind, who] = hits.get((kind, who), 0) + (made.pk in found)
    print(
        "| typed (one letter wrong) | | median ms | 95th percentile ms | slowest ms | among the five |\n| --- | --- | --- | --- | --- | --- |"
    )
    for (kind, who), took in times.items():
        spread = statistics.quantiles(took, n=20)
        print(
            f"| {kind} | {who} | {statistics.median(took):.1f} | {spread[-1]:.1f} | {max(took):.1f} | {hits[kind, who]} of {len(took)} |"
        )


if __name__ == "__main__":
    main()
