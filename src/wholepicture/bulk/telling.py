"""What a run found, asked of its parts: the lists and counts that the report shows, each row with the reports that make it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from wholepicture.bulk.folder import Folder
from wholepicture.bulk.tables import connect, glob, parts_of, quoted
from wholepicture.core.practice import Catalogue

# Fewer people than this in a group: nothing is said of it.
FEWEST = 10
SHOWN = 300
# What the order of every list rests on: the gravest harm that is open, then how much is open, then how much is unguarded.
ORDER = "worst DESC, len(surfaced.open) DESC, len(unguarded) DESC, reports DESC, person"


@dataclass(frozen=True, slots=True)
class Told:
    """One report of somebody: its number, day, source and row, and the words recognised of them."""

    report: str
    on: date | None
    source: str
    row: int
    words: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Surfaced:
    """One person of a list, with the reports that make them up."""

    person: str
    name: str
    born: date | None
    row: dict[str, Any]
    reports: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says of somebody: name, birth, telephone, postcode, and the report it is of."""

    name: str
    born: date | None
    phone: str
    postcode: str
    report: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """Two rows that may be one person; ``chance`` from 0 to 1."""

    chance: float
    one: Row
    other: Row


@dataclass(frozen=True, slots=True)
class Counts:
    """A run in figures."""

    reports: int
    mentions: int
    people: int
    observed: int
    repeated: int
    open: int
    hidden: int
    rising: int
    first: date | None
    last: date | None


class Teller:
    """A run's parts, open to be asked."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.db: duckdb.DuckDBPyConnection = connect(folder)
        self.db.execute(f"CREATE VIEW people AS SELECT * FROM read_parquet('{glob(folder, 'people')}')")
        self.db.execute(f"CREATE VIEW reports AS SELECT * FROM read_parquet('{glob(folder, 'reports')}')")
        self.db.execute(f"CREATE VIEW findings AS SELECT * FROM read_parquet('{glob(folder, 'findings')}')")
        self.db.execute(f"CREATE TABLE linked AS SELECT * FROM read_parquet('{glob(folder, 'linked')}')")
        self._surfaced()

    def _surfaced(self) -> None:
        """Everybody as drawn last. Of a run that was added to: whom an addition drew again, what was drawn of them before is of no more use."""
        parts = self.folder.parts("surfaced")
        later = [p for p in parts if _number(p) > _number(parts[0])]
        if not later:
            self.db.execute(f"CREATE TABLE surfaced AS SELECT * FROM {parts_of(parts)}")
            return
        # An addition may have joined some, who are then nobody of their own, or left others nothing: it touched them and drew nobody.
        touched = self.folder.parts("touched")
        changed = [f"SELECT person, {_ADDITION} AS addition FROM {parts_of(later, filename=True)}"]
        if touched:
            changed.append(f"SELECT person, {_ADDITION} FROM {parts_of(touched, filename=True)}")
        self.db.execute(
            f"CREATE TABLE changed AS SELECT person, max(addition) AS latest FROM ({' UNION ALL '.join(changed)}) GROUP BY person"
        )
        first = [p for p in parts if p not in later]
        self.db.execute(
            f"""CREATE TABLE surfaced AS SELECT * FROM {parts_of(first)} WHERE person NOT IN (SELECT person FROM changed)
                UNION ALL SELECT drawn.* EXCLUDE (filename) FROM {parts_of(later, filename=True)} drawn
                JOIN changed USING (person) WHERE latest = {_ADDITION}"""
        )

    def __enter__(self) -> Teller:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a question in SQL."""
        return self.db.execute(question, list(values)).fetchall()

    def counts(self) -> Counts:
        """The run in figures."""
        ((reports, first, last),) = self.ask(
            "SELECT count(*), min(happened)::DATE, max(happened)::DATE FROM reports"
        )
        ((mentions,),) = self.ask("SELECT count(*) FROM people")
        ((linked,),) = self.ask("SELECT count(DISTINCT person) FROM linked")
        ((observed, repeated, open_, hidden, rising),) = self.ask(
            f"""SELECT count(*), count(*) FILTER (reports > 1), count(*) FILTER (len(open) + len(unguarded) > 0),
                count(*) FILTER (len(only_together) > 0), count(*) FILTER ({RISING}) FROM surfaced"""
        )
        return Counts(reports, mentions, linked, observed, repeated, open_, hidden, rising, first, last)

    def listed(self, where: str, most: int = SHOWN) -> list[Surfaced]:
        """People for whom something holds, in the order that every list has."""
        (found,) = self.lists((where, most))
        return found

    def lists(self, *asked: tuple[str, int]) -> list[list[Surfaced]]:
        """Several lists at once, each of what holds for its people and of how many: what is told of them is gone through once."""
        each = [self._rows(where, most) for where, most in asked]
        told = self._with_reports({r["person"]: r for rows in each for r in rows})
        return [[told[r["person"]] for r in rows] for rows in each]

    def _rows(self, where: str, most: int) -> list[dict[str, Any]]:
        cursor = self.db.execute(f"SELECT * FROM surfaced WHERE {where} ORDER BY {ORDER} LIMIT {most}")
        names = [d[0] for d in cursor.description or ()]
        return [dict(zip(names, r, strict=True)) for r in cursor.fetchall()]

    def _with_reports(self, rows: Mapping[str, dict[str, Any]]) -> dict[str, Surfaced]:
        self.db.execute(
            "CREATE OR REPLACE TEMP TABLE wanted AS SELECT unnest(?::VARCHAR[]) AS person", [list(rows)]
        )
        self.db.execute(
            """CREATE OR REPLACE TEMP TABLE whose AS
               SELECT person, mention AS who FROM linked JOIN wanted USING (person)
               UNION ALL SELECT person, person[2:] FROM wanted WHERE person[1] = 'W'"""
        )
        who = {
            person: (f"{given} {family}".strip(), born)
            for person, given, family, born in self.ask(
                """SELECT person, coalesce(arg_min(given, mention) FILTER (given <> ''), ''), coalesce(arg_min(family, mention) FILTER (family <> ''), ''),
                   arg_min(born, mention) FILTER (born IS NOT NULL)
                   FROM whose JOIN people ON mention = who GROUP BY person"""
            )
        }
        found: dict[str, list[Told]] = {}
        words: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
        for person, report, concept, state, text, _ in self.ask(
            """SELECT DISTINCT person, report, concept, state, text, start FROM findings JOIN whose USING (who)
               WHERE state <> 'not_known' ORDER BY person, report, start, concept"""
        ):
            words.setdefault((person, report), []).append((concept, state, text))
        for person, report, on, source, row in self.ask(
            """SELECT DISTINCT wanted.person, r.report, r.happened::DATE, r.source, r.row FROM wanted
               JOIN (SELECT person, unnest("of") AS report FROM surfaced) USING (person) JOIN reports r USING (report)
               ORDER BY 1, 3, 2"""
        ):
            found.setdefault(person, []).append(
                Told(report, on, source, row, tuple(words.get((person, report), ())))
            )
        nobody = ("", None)
        return {
            person: Surfaced(person, *who.get(person, nobody), row, tuple(found.get(person, ())))
            for person, row in rows.items()
        }

    def write_everybody(self, target: Path, catalogue: Catalogue) -> None:
        """Write everybody for whom something is open, as CSV, in the order of every list."""
        names = pa.table(
            {"pathway": list(catalogue.pathways), "name": [p.name for p in catalogue.pathways.values()]}
        )
        self.db.register("names", names)
        called = "array_to_string([called[p] FOR p IN {0} IF called[p] IS NOT NULL], '; ')"
        part = target.with_suffix(".tmp")
        self.db.execute(
            f"""COPY (SELECT person, reports, {called.format("open")} AS open, {called.format("unguarded")} AS "open as far as we know",
                        {called.format("only_together")} AS "only together", "first", "last", array_to_string("of", ' ') AS "report numbers"
                      FROM surfaced, (SELECT map(list(pathway), list(name)) AS called FROM names) WHERE len(open) + len(unguarded) > 0 ORDER BY {ORDER})
                TO {quoted(part)} (FORMAT csv, HEADER)"""
        )
        part.replace(target)

    def unsure(self, most: int = 100) -> list[Unsure]:
        """Pairs of rows that may be one person and nobody knows, the likeliest first; pairs since taken as one are left out."""
        parts = self.folder.parts("review")
        if not parts:
            return []
        likeliest = f"SELECT one, other, chance FROM {parts_of(parts)} ORDER BY chance DESC, one, other"
        # Few are one person by now: as many of them as are wanted stand among the first, and all need not be looked up.
        rows = self._unsure_among(f"{likeliest} LIMIT {20 * most}", most)
        if len(rows) < most:
            rows = self._unsure_among(likeliest, most)
        return [Unsure(row[0], Row(*row[1:6]), Row(*row[6:])) for row in rows]

    def _unsure_among(self, likeliest: str, most: int) -> list[tuple[Any, ...]]:
        return self.ask(
            f"""WITH pairs AS (
                    SELECT one, other, chance FROM ({likeliest}) p
                    JOIN linked a ON a.mention = one JOIN linked b ON b.mention = other
                    WHERE a.person <> b.person ORDER BY chance DESC, one, other LIMIT {most}),
                rows AS (SELECT * FROM people WHERE mention IN (SELECT unnest([one, other]) FROM pairs))
                SELECT chance, {_SIDE.format("x")}, {_SIDE.format("y")}
                FROM pairs JOIN rows x ON x.mention = one JOIN rows y ON y.mention = other ORDER BY chance DESC, one, other"""
        )

    def pathways(self) -> list[tuple[str, int, int]]:
        """For how many people each pathway is open or unguarded, and for how many of them only their reports together say so."""
        return self.ask(
            """WITH a AS (SELECT person, unnest(open || unguarded) AS pathway FROM surfaced),
                    b AS (SELECT person, unnest(only_together) AS pathway FROM surfaced)
               SELECT a.pathway, count(*), count(b.person) FROM a LEFT JOIN b USING (person, pathway)
               GROUP BY a.pathway ORDER BY 2 DESC, 1"""
        )

    def together(self, most: int = 12) -> list[tuple[list[str], int]]:
        """What is most often seen of one person together, three or more at once."""
        return self.ask(
            f"""SELECT list_sort(held) AS all_of, count(*) FROM surfaced WHERE len(held) BETWEEN 3 AND 8
                GROUP BY 1 HAVING count(*) >= {FEWEST} ORDER BY 2 DESC, 1 LIMIT {most}"""
        )

    def failing(self) -> list[tuple[str, int]]:
        """Controls that failed again and again, and for how many people."""
        return self.ask(
            """SELECT split_part(c, ' ', 1), count(*) FROM (SELECT unnest(failing) AS c FROM surfaced) GROUP BY 1 ORDER BY 2 DESC, 1"""
        )

    def places(self, most: int = 40) -> list[tuple[str, int, int, int]]:
        """Places with three reports or more: how many reports, people, and people with something open."""
        return self.ask(
            f"""WITH said AS MATERIALIZED (SELECT mention, upper(address) AS place, report FROM people WHERE address <> ''),
                     often AS (SELECT place FROM said GROUP BY place HAVING count(*) >= 3),
                     here AS MATERIALIZED (SELECT place, report, mention FROM said SEMI JOIN often USING (place)),
                     told AS (SELECT place, count(*) AS reports FROM (SELECT DISTINCT place, report FROM here) GROUP BY place),
                     loose AS (SELECT person FROM surfaced WHERE len(open) + len(unguarded) > 0),
                     there AS (SELECT place, count(*) AS people, count(loose.person) AS loose
                               FROM (SELECT DISTINCT place, person FROM here JOIN linked USING (mention)) LEFT JOIN loose USING (person)
                               GROUP BY place)
                SELECT place, reports, people, loose FROM told JOIN there USING (place) WHERE reports >= 3
                ORDER BY loose DESC, reports DESC, place LIMIT {most}"""
        )

    def fairness(self) -> list[tuple[str, str, int, int, int]]:
        """By what the extract says of sex, ethnicity and age: how many people, how many surfaced, how many hidden. For looking at; no list uses it."""
        return self.ask(
            f"""WITH each AS (SELECT person, {_first("sex")} AS sex, {_first("ethnicity")} AS ethnicity, {_BAND} AS age
                              FROM people JOIN linked USING (mention) GROUP BY person),
                     told AS (SELECT person, len(open) + len(unguarded) > 0 AS something, len(only_together) > 0 AS hidden FROM surfaced),
                     alike AS (SELECT sex, ethnicity, age, count(*) AS n, count(*) FILTER (something) AS o, count(*) FILTER (hidden) AS h
                               FROM each LEFT JOIN told USING (person) GROUP BY ALL),
                     long AS (SELECT unnest(['Sex', 'Ethnicity', 'Age']) AS what, unnest([sex, ethnicity, age]) AS said, n, o, h FROM alike)
                SELECT what, said, sum(n)::BIGINT, sum(o)::BIGINT, sum(h)::BIGINT
                FROM long WHERE coalesce(said, '') <> '' GROUP BY what, said HAVING sum(n) >= {FEWEST} ORDER BY what DESC, said"""
        )


def _number(part: Path) -> int:
    """Which reading or addition a part is of."""
    return int(part.stem.partition("-")[0])


_ADDITION = "regexp_extract(filename, '([0-9]+)-[0-9]+\\.parquet$', 1)::INT"
_SIDE = "trim({0}.given || ' ' || {0}.family), {0}.born, {0}.phone, {0}.postcode, {0}.report"
RISING = "in_last_year >= 3 AND in_last_year > 2 * in_year_before"


def _first(column: str) -> str:
    """What the first row that says so says: the same whichever way the rows are gone through."""
    return f"arg_min({column}, mention) FILTER ({column} <> '')"


_BORN = "arg_min(born, mention) FILTER (born IS NOT NULL)"
_YEARS = f"date_diff('year', {_BORN}, (SELECT max(happened)::DATE FROM reports))"
_BAND = f"""CASE WHEN {_BORN} IS NULL THEN '' WHEN {_YEARS} < 18 THEN 'under 18'
    WHEN {_YEARS} < 65 THEN '18 to 64' ELSE '65 and over' END"""
