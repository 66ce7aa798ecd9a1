"""The third stage: which mentions are one person. Splink on DuckDB, a model trained on the extract itself, kept and explained."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from math import log2
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from wholepicture.bulk.aligning import connect, glob, single
from wholepicture.bulk.clustering import CERTAIN, UNCERTAIN, Mention, joined
from wholepicture.bulk.folder import Folder, told, write_table, write_whole

SEED = 7
QUIET = "ERROR"
# Learnt from the generator's made-up people, for extracts that are too small to learn from.
STARTING = Path(__file__).with_name("starting-model.json")
LEAST_ROWS, LEAST_AGREED = 2_000, 100
# Something that more people share than this tells nobody apart: a hostel's telephone, a station's address.
HUB = 12
PAIRS = pa.schema(
    [("one", pa.string()), ("other", pa.string()), ("weight", pa.float64()), ("chance", pa.float64())]
)
PEOPLE = pa.schema([("mention", pa.string()), ("person", pa.string())])
BLOCKS = (
    block_on("born", "given_key"),
    block_on("born", "family_key"),
    block_on("born", "postcode"),
    block_on("phone"),
    block_on("given_plain", "family_plain"),
    block_on("family_plain", "postcode"),
    block_on("given_plain", "postcode"),
)


def settings() -> SettingsCreator:
    """What is compared, and how: names as they sound and slip, birth dates with a figure wrong or turned round, telephone, place.

    Sex and ethnicity are not among it.
    """
    born = comparisons.CustomComparison(
        output_column_name="born",
        comparison_levels=[
            levels.NullLevel("born"),
            levels.ExactMatchLevel("born"),
            levels.CustomLevel(
                "day(born_l) = month(born_r) AND month(born_l) = day(born_r) AND year(born_l) = year(born_r)",
                "day and month turned round",
            ),
            levels.CustomLevel(
                "CAST(year(born_l) = year(born_r) AS INT) + CAST(month(born_l) = month(born_r) AS INT) + CAST(day(born_l) = day(born_r) AS INT) = 2",
                "one part of three differs",
            ),
            levels.ElseLevel(),
        ],
    )
    phone = comparisons.CustomComparison(
        output_column_name="phone",
        comparison_levels=[
            levels.NullLevel("phone"),
            levels.ExactMatchLevel("phone"),
            # People change their telephone: that it differs says little, however seldom it does in an extract.
            levels.ElseLevel().configure(m_probability=0.4, fix_m_probability=True),
        ],
    )
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="mention",
        blocking_rules_to_generate_predictions=list(BLOCKS),
        comparisons=[
            comparisons.DamerauLevenshteinAtThresholds("given_plain", [1, 2]).configure(
                term_frequency_adjustments=True
            ),
            comparisons.DamerauLevenshteinAtThresholds("family_plain", [1, 2]).configure(
                term_frequency_adjustments=True
            ),
            born,
            phone,
            comparisons.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def _mentions(db: duckdb.DuckDBPyConnection, folder: Folder) -> None:
    """The mentions with what they are compared by. What a hub shares is left out of each, never the mention."""
    db.execute(
        f"""CREATE TABLE said AS SELECT mention, nullif(given_plain, '') AS given_plain, nullif(family_plain, '') AS family_plain, born,
               nullif(phone, '') AS phone, nullif(postcode, '') AS postcode
            FROM read_parquet('{glob(folder, "people")}') WHERE given_plain <> '' OR family_plain <> '' OR phone <> ''"""
    )
    for column in ("phone", "postcode"):
        # By how many different names it is used, not by how many reports.
        db.execute(
            f"""CREATE TABLE hub_{column} AS SELECT {column} FROM said WHERE {column} IS NOT NULL
                GROUP BY {column} HAVING count(DISTINCT given_plain || ' ' || family_plain) > {HUB * (1 if column == "phone" else 40)}"""
        )
    db.execute(
        """CREATE TABLE mentions AS SELECT said.* REPLACE (
               CASE WHEN said.phone IN (SELECT phone FROM hub_phone) THEN NULL ELSE said.phone END AS phone,
               CASE WHEN said.postcode IN (SELECT postcode FROM hub_postcode) THEN NULL ELSE said.postcode END AS postcode),
               left(given_plain, 2) AS given_key, left(family_plain, 3) AS family_key
           FROM said ORDER BY mention"""
    )


def _train(db: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """A model of the extract. One thread and rounded figures, so that it is the same from run to run."""
    cores = single(db, "SELECT current_setting('threads')")
    db.execute("SET threads = 1")
    # A sample by households of names keeps the pairs that training lives on.
    db.execute(
        """CREATE TABLE learnt AS SELECT * FROM mentions WHERE hash(coalesce(family_plain, mention)) % 1000000 <
           (SELECT 1000000 * least(1.0, 150000 / greatest(1, count(*))) FROM mentions) ORDER BY mention"""
    )
    api = DuckDBAPI(db)
    linker = Linker(api.register("learnt"), settings(), log_level=QUIET)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("born", "given_plain", "family_plain"), block_on("phone", "given_plain")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=SEED)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("born", "given_key"))
    linker.training.estimate_parameters_using_expectation_maximisation(
        block_on("given_plain", "family_plain")
    )
    db.execute(f"SET threads = {cores}")
    model: dict[str, Any] = _rounded(linker.misc.save_model_to_json())
    # A number by chance, which says nothing of the model.
    model.pop("linker_uid", None)
    return model


def _enough(db: duckdb.DuckDBPyConnection) -> bool:
    """Whether an extract has enough in it to learn from: fewer are linked by the model that comes with the product."""
    rows = single(db, "SELECT count(*) FROM mentions")
    agreed = single(
        db,
        """SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM mentions
           WHERE born IS NOT NULL AND given_plain IS NOT NULL AND family_plain IS NOT NULL
           GROUP BY born, given_plain, family_plain)""",
    )
    return bool(rows >= LEAST_ROWS and agreed >= LEAST_AGREED)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_rounded(v) for v in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


Find = Callable[[duckdb.DuckDBPyConnection, Folder, dict[str, Any]], pa.Table]


def link(folder: Folder, *, new: Sequence[str] = (), find: Find | None = None) -> dict[str, int]:
    """Which mentions are one person. ``new``: parts added to a run that was linked before; only their pairs are looked for.

    ``find``: finds all pairs in place of DuckDB.

    Writes the model, every pair that may be one person, those to be looked at, and who each mention is. Returns counts.
    """
    with told(folder.path), connect(folder) as db:
        _mentions(db, folder)
        model_path = folder.path / "model" / "model.json"
        if not model_path.exists():
            trained = _train(db) if _enough(db) else json.loads(STARTING.read_text("utf-8"))
            write_whole(model_path, json.dumps(trained, indent=1, sort_keys=True) + "\n")
        model = json.loads(model_path.read_text("utf-8"))
        before = folder.part("pairs", "all")
        pairs = (
            _new_pairs(db, folder, model, new)
            if new and before.exists()
            else (find or _pairs)(db, folder, model)
        )
        if new and before.exists():
            pairs = pa.concat_tables([pq.read_table(before), pairs])
        pairs = pairs.sort_by([("weight", "descending"), ("one", "ascending"), ("other", "ascending")])
        people = _joined(db, pairs)
    with told(folder.path):
        write_table(before, pairs)
        write_table(folder.part("linked", "people"), people)
        uncertain = pairs.filter(pa.compute.less(pairs["chance"], CERTAIN))
        write_table(folder.part("review", "pairs"), uncertain)
    return {
        "mentions": people.num_rows,
        "pairs": pairs.num_rows,
        "people": len(set(people["person"].to_pylist())),
        "to_look_at": uncertain.num_rows,
    }


_ASK = """SELECT mention_l AS one, mention_r AS other, round(match_weight, 4) AS weight, round(match_probability, 6) AS chance FROM {}"""


def _linker(db: duckdb.DuckDBPyConnection, model: dict[str, Any]) -> tuple[DuckDBAPI, Linker]:
    api = DuckDBAPI(db)
    return api, Linker(api.register("mentions"), SettingsCreator.from_path_or_dict(model), log_level=QUIET)


def _pairs(db: duckdb.DuckDBPyConnection, folder: Folder, model: dict[str, Any]) -> pa.Table:
    _, linker = _linker(db, model)
    found = linker.inference.predict(threshold_match_probability=UNCERTAIN)
    return db.sql(_ASK.format(found.physical_name)).to_arrow_table().cast(PAIRS)


def _new_pairs(
    db: duckdb.DuckDBPyConnection, folder: Folder, model: dict[str, Any], new: Sequence[str]
) -> pa.Table:
    """Pairs of mentions of new parts, with one another and with all that there were."""
    paths = [str(folder.part("people", p)) for p in new]
    db.execute("CREATE TABLE fresh AS SELECT DISTINCT mention FROM read_parquet(?)", [paths])
    db.execute("CREATE TABLE added AS SELECT * FROM mentions WHERE mention IN (FROM fresh) ORDER BY mention")
    db.execute(
        "CREATE TABLE held AS SELECT * FROM mentions WHERE mention NOT IN (FROM fresh) ORDER BY mention"
    )
    api, linker = _linker(db, model)
    for column in ("given_plain", "family_plain", "postcode"):
        linker.table_management.compute_tf_table(column)
    added, held = api.register("added"), api.register("held")
    found = [
        linker.inference.predict_between(held, added, threshold_match_probability=UNCERTAIN),
        linker.inference.predict_within(added, threshold_match_probability=UNCERTAIN),
    ]
    return pa.concat_tables(
        [db.sql(_ASK.format(f.physical_name)).to_arrow_table().cast(PAIRS) for f in found]
    )


def _joined(db: duckdb.DuckDBPyConnection, pairs: pa.Table) -> pa.Table:
    """Who each mention is, by the pairs that are certain, the surest first, and never against what cannot be."""
    certain = pairs.filter(pa.compute.greater_equal(pairs["chance"], CERTAIN))
    db.register("certain", certain)
    rows = db.execute(
        """SELECT mention, given_plain, born, family_plain FROM mentions WHERE mention IN (SELECT one FROM certain UNION SELECT other FROM certain)"""
    ).fetchall()
    known = {m: Mention(m, given or "", born, family or "") for m, given, born, family in rows}
    roots = joined(known, zip(certain["one"].to_pylist(), certain["other"].to_pylist(), strict=True))
    every = [m for (m,) in db.execute("SELECT mention FROM mentions ORDER BY mention").fetchall()]
    return pa.Table.from_pydict(
        {"mention": every, "person": [f"P{roots.get(m, m)}" for m in every]}, schema=PEOPLE
    )


def weights_of(path: Path) -> list[tuple[str, list[tuple[str, float]]]]:
    """What each kind of agreement weighs in a saved model, for the chart that explains it: bits of evidence for one person."""
    model = json.loads(path.read_text("utf-8"))
    found = []
    for comparison in model["comparisons"]:
        rows = [
            (level["label_for_charts"], round(log2(level["m_probability"] / level["u_probability"]), 2))
            for level in comparison["comparison_levels"]
            if level.get("m_probability") and level.get("u_probability")
        ]
        found.append((comparison["output_column_name"], rows))
    return found
