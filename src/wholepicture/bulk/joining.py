"""Certain pairs become people in a run's tables: all of them, or, after an addition, whoever its pairs lead to."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from wholepicture.bulk.clustering import CERTAIN, Mention, joined
from wholepicture.bulk.folder import Folder
from wholepicture.bulk.tables import parts_of, single

# What the certain pairs of two people are called as the whole was linked.
FIRST = "all"
PEOPLE = pa.schema([("mention", pa.string()), ("person", pa.string())])


def all_of(db: duckdb.DuckDBPyConnection, pairs: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Who each mention is, by the pairs that are certain, the surest first, and never against what cannot be; and the certain
    pairs of two people, which were refused."""
    certain = pairs.filter(pa.compute.greater_equal(pairs["chance"], CERTAIN))
    db.register("certain", certain)
    db.execute("CREATE TABLE paired AS SELECT one AS mention FROM certain UNION SELECT other FROM certain")
    roots, crossing = _roots(db, "paired", "certain")
    return _everybody(db, roots, "mentions"), crossing


def _roots(db: duckdb.DuckDBPyConnection, among: str, certain: str) -> tuple[pa.Table, pa.Table]:
    """Each of some mentions with the first of its person; and those of the certain pairs whose two are not one person.

    ``among``: the mentions; all that the pairs have are there.
    """
    # By numbers, in the order of the mentions: there are millions of pairs.
    db.execute(
        f"""CREATE OR REPLACE TABLE numbered AS
            SELECT (row_number() OVER (ORDER BY mention) - 1)::INT AS n, mention, given_plain, born, family_plain, person_number
            FROM mentions WHERE mention IN (SELECT mention FROM {among})"""
    )
    rows = db.execute("FROM numbered ORDER BY n").fetchall()
    known = [
        Mention(m, given or "", born, family or "", own or "") for _, m, given, born, family, own in rows
    ]
    pairs = db.execute(
        f"""SELECT a.n AS one, b.n AS other FROM {certain} JOIN numbered a ON a.mention = one JOIN numbered b ON b.mention = other
            ORDER BY weight DESC, a.n, b.n"""
    ).fetchnumpy()
    roots = joined(known, zip(pairs["one"].tolist(), pairs["other"].tolist(), strict=True))
    mentions = pa.array([m.id for m in known], pa.string())
    root_of = pa.array(roots, pa.int32())
    one, other = pa.array(pairs["one"]), pa.array(pairs["other"])
    apart = pa.compute.not_equal(root_of.take(one), root_of.take(other))
    crossing = pa.table(
        {"one": mentions.take(one.filter(apart)), "other": mentions.take(other.filter(apart))}
    )
    return pa.table({"mention": mentions, "root": mentions.take(root_of)}), crossing


def _everybody(db: duckdb.DuckDBPyConnection, roots: pa.Table, of: str) -> pa.Table:
    db.register("roots", roots)
    return (
        db.sql(
            f"""SELECT mention, 'P' || coalesce(root, mention) AS person FROM {of} LEFT JOIN roots USING (mention) ORDER BY mention"""
        )
        .to_arrow_table()
        .cast(PEOPLE)
    )


def anew(
    db: duckdb.DuckDBPyConnection, folder: Folder, pairs: pa.Table, name: str
) -> tuple[pa.Table, pa.Table]:
    """Who each mention is after an addition: whoever certain pairs lead to from its pairs is joined anew, the rest are as they were.

    It is what joining all anew would give: what no pair leads to has no part in it. ``pairs``: those of the addition, called
    ``name``. With the certain pairs that are of two people after it.
    """
    db.register("added_pairs", pairs)
    before = [p for p in folder.parts("pairs") if p.stem != name]
    # Certain pairs lead to all of a person, so that it is enough to go from person to person; whoever is new is one alone.
    db.execute(f"CREATE TABLE linked AS FROM {parts_of([folder.part('linked', 'people')])}")
    db.execute(f"CREATE TABLE crossed AS SELECT DISTINCT one, other FROM {parts_of(_crossed(folder, name))}")
    db.execute(f"CREATE TABLE sure AS SELECT one, other, weight FROM added_pairs WHERE chance >= {CERTAIN}")
    db.execute(
        """CREATE TABLE crossing AS SELECT coalesce(a.person, one) AS one, coalesce(b.person, other) AS other
           FROM (FROM crossed UNION ALL SELECT one, other FROM sure)
           LEFT JOIN linked a ON a.mention = one LEFT JOIN linked b ON b.mention = other
           WHERE coalesce(a.person, one) <> coalesce(b.person, other)"""
    )
    db.execute(
        """CREATE TABLE edge AS SELECT coalesce(person, m) AS who
           FROM (SELECT DISTINCT unnest([one, other]) AS m FROM sure) LEFT JOIN linked ON mention = m"""
    )
    db.execute("CREATE TABLE whose (who VARCHAR)")
    while single(db, "SELECT count(*) FROM edge"):
        db.execute("INSERT INTO whose SELECT DISTINCT who FROM edge")
        db.execute(
            """CREATE OR REPLACE TABLE edge AS SELECT DISTINCT who FROM (
                 SELECT other AS who FROM crossing WHERE one IN (FROM edge) UNION ALL SELECT one FROM crossing WHERE other IN (FROM edge))
               WHERE who NOT IN (FROM whose)"""
        )
    db.execute(
        """CREATE TABLE reached AS SELECT mention FROM linked WHERE person IN (FROM whose)
           UNION SELECT who FROM whose WHERE who IN (SELECT mention FROM mentions)"""
    )
    db.execute(
        f"""CREATE TABLE led_to AS SELECT one, other, weight FROM {parts_of(before)} WHERE chance >= {CERTAIN} AND one IN (FROM reached)
            UNION ALL FROM sure"""
    )
    roots, refused = _roots(db, "reached", "led_to")
    db.register("reached_people", _everybody(db, roots, "reached"))
    db.execute(
        """CREATE TABLE alone AS SELECT mention, 'P' || mention AS person FROM mentions
           WHERE mention NOT IN (SELECT mention FROM linked UNION ALL FROM reached)"""
    )
    left = db.sql("FROM crossed WHERE one NOT IN (FROM reached)").to_arrow_table()
    people = (
        db.sql(
            """SELECT mention, person FROM linked WHERE mention NOT IN (FROM reached)
               UNION ALL FROM reached_people UNION ALL FROM alone ORDER BY mention"""
        )
        .to_arrow_table()
        .cast(PEOPLE)
    )
    return people, pa.concat_tables([left, refused]).sort_by([("one", "ascending"), ("other", "ascending")])


def _crossed(folder: Folder, name: str) -> list[Path]:
    """The certain pairs of two people, as the last addition before this one left them.

    After a stop also as this one left them: by then "linked" may hold what it became, and whom it parted must be gone through again.
    """
    parts = folder.parts("crossing")
    earlier = [p for p in parts if p.stem < name]
    return [max(earlier, default=folder.part("crossing", FIRST)), *(p for p in parts if p.stem == name)]


def touched(db: duckdb.DuckDBPyConnection) -> pa.Table:
    """After ``anew``, whose picture must be drawn anew: whoever a mention came to or went from, or was told of anew."""
    return db.sql(
        """SELECT DISTINCT person FROM (
               SELECT unnest([now.person, linked.person]) AS person FROM (FROM reached_people UNION ALL FROM alone) now
               LEFT JOIN linked USING (mention) WHERE linked.person IS DISTINCT FROM now.person)
           WHERE person IS NOT NULL ORDER BY person"""
    ).to_arrow_table()
