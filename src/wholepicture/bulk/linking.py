"""The third stage: which mentions are one person. Splink on DuckDB, a model trained on the extract itself, kept and explained."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from wholepicture.bulk import joining
from wholepicture.bulk.clustering import CERTAIN, UNCERTAIN
from wholepicture.bulk.folder import Folder, told, write_table, write_whole
from wholepicture.bulk.tables import connect, glob, parts_of, single

SEED = 7
QUIET = "ERROR"
# Learnt from the generator's made-up people, for extracts that are too small to learn from.
STARTING = Path(__file__).with_name("starting-model.json")
LEAST_ROWS, LEAST_AGREED, FEW_ROWS = 2_000, 100, 500
# Something that more people share than this tells nobody apart: a hostel's telephone, a station's address.
HUBS = {"phone": 12, "postcode": 480, "person_number": 12}
PAIRS = pa.schema(
    [("one", pa.string()), ("other", pa.string()), ("weight", pa.float64()), ("chance", pa.float64())]
)
# Two are compared if they have all of one of these in common.
KEYS = (
    ("born", "given_key"),
    ("born", "family_key"),
    ("born", "postcode"),
    ("phone",),
    ("given_plain", "family_plain"),
    ("family_plain", "postcode"),
    ("given_plain", "postcode"),
    ("person_number",),
)
BLOCKS = tuple(block_on(*keys) for keys in KEYS)


def settings() -> SettingsCreator:
    """What is compared, and how: names as they sound and slip, birth dates with a figure wrong or turned round, telephone, place,
    and a person's own number where the extract has one.

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
    number = comparisons.CustomComparison(
        output_column_name="person_number",
        comparison_levels=[
            levels.NullLevel("person_number"),
            # Given, not learnt. A number is one person's, by what it is; yet the same person often has two in a force's records.
            _given(levels.ExactMatchLevel("person_number"), 0.7, 1e-6),
            # A slip, or the next in the list, such as a sister's: it says little, and a sister is told by her name or birth.
            _given(levels.DamerauLevenshteinLevel("person_number", 1), 0.05, 0.001),
            _given(levels.ElseLevel(), 0.25, 0.999),
        ],
    )
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="mention",
        blocking_rules_to_generate_predictions=list(BLOCKS),
        comparisons=[
            _name("given_plain", "family_plain"),
            _name("family_plain", "given_plain"),
            born,
            phone,
            comparisons.ExactMatch("postcode").configure(term_frequency_adjustments=True),
            number,
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def _name(column: str, other: str) -> Any:
    """A name: the same (it weighs more the rarer it is), in the other's place, a slip or two away."""
    return comparisons.CustomComparison(
        output_column_name=column,
        comparison_levels=[
            levels.NullLevel(column),
            levels.ExactMatchLevel(column, term_frequency_adjustments=True),
            levels.CustomLevel(
                f"{column}_l = {other}_r AND {other}_l = {column}_r", "given and family name turned round"
            ),
            levels.DamerauLevenshteinLevel(column, 1),
            levels.DamerauLevenshteinLevel(column, 2),
            levels.ElseLevel(),
        ],
    )


def _given(level: Any, m: float, u: float) -> Any:
    return level.configure(m_probability=m, u_probability=u, fix_m_probability=True, fix_u_probability=True)


def _mentions(db: duckdb.DuckDBPyConnection, folder: Folder, *, ordered: bool) -> None:
    """The mentions with what they are compared by. What a hub shares is left out of each, never the mention.

    ``ordered``: in order, so that what is learnt from them is the same from run to run.
    """
    db.execute(
        f"""CREATE TABLE mentions AS SELECT mention, nullif(given_plain, '') AS given_plain, nullif(family_plain, '') AS family_plain, born,
               nullif(phone, '') AS phone, nullif(postcode, '') AS postcode, nullif(person_number, '') AS person_number,
               nullif(left(given_plain, 2), '') AS given_key, nullif(left(family_plain, 3), '') AS family_key
            FROM read_parquet('{glob(folder, "people")}') WHERE given_plain <> '' OR family_plain <> '' OR phone <> '' OR person_number <> ''
            {"ORDER BY mention" if ordered else ""}"""
    )
    for column, most in HUBS.items():
        # By how many different names it is used, not by how many reports: those of few reports need not be looked at.
        db.execute(
            f"""UPDATE mentions SET {column} = NULL WHERE {column} IN (
                SELECT {column} FROM mentions SEMI JOIN (SELECT {column} FROM mentions GROUP BY {column} HAVING count(*) > {most}) USING ({column})
                GROUP BY {column} HAVING count(DISTINCT given_plain || ' ' || family_plain) > {most})"""
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


def _starting(db: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The model that comes with the product. Of a few rows nobody can say how rare a name is, so that it weighs the same whichever it is."""
    model: dict[str, Any] = json.loads(STARTING.read_text("utf-8"))
    if single(db, "SELECT count(*) FROM mentions") < FEW_ROWS:
        for comparison in model["comparisons"]:
            for level in comparison["comparison_levels"]:
                level.pop("tf_adjustment_column", None)
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
    """Which mentions are one person. ``new``: parts added to a run that was linked before; only their pairs are looked for,
    and only whom they reach is joined anew.

    ``find``: finds all pairs in place of DuckDB.

    Writes the model, every pair that may be one person, those to be looked at, and who each mention is; of an addition, whose
    picture must be drawn anew. Returns counts.
    """
    with told(folder.path), connect(folder) as db:
        model_path = folder.path / "model" / "model.json"
        _mentions(db, folder, ordered=not model_path.exists())
        if not model_path.exists():
            trained = _train(db) if _enough(db) else _starting(db)
            write_whole(model_path, json.dumps(trained, indent=1, sort_keys=True) + "\n")
        model = json.loads(model_path.read_text("utf-8"))
        name = max(new) if new and folder.part("linked", "people").exists() else ""
        if name:
            pairs = _in_order(_new_pairs(db, folder, model, new))
            people, crossing = joining.anew(db, folder, pairs, name)
        else:
            pairs = _in_order((find or _pairs)(db, folder, model))
            people, crossing = joining.all_of(db, pairs)
        uncertain = pairs.filter(pa.compute.less(pairs["chance"], CERTAIN))
        write_table(folder.part("pairs", name or "all"), pairs)
        write_table(folder.part("review", name or "pairs"), uncertain)
        write_table(folder.part("crossing", name or joining.FIRST), crossing)
        # Not again after a stop: by then "linked" may hold what it became.
        if name and not folder.part("touched", name).exists():
            write_table(folder.part("touched", name), joining.touched(db))
        # Last: what is written above is made from what this was before.
        write_table(folder.part("linked", "people"), people)
        db.register("everybody", people)
        return {
            "mentions": people.num_rows,
            "pairs": _rows(folder, "pairs"),
            "people": single(db, "SELECT count(DISTINCT person) FROM everybody"),
            "to_look_at": _rows(folder, "review"),
        }


def _rows(folder: Folder, stage: str) -> int:
    return sum(pq.read_metadata(p).num_rows for p in folder.parts(stage))


def _in_order(pairs: pa.Table) -> pa.Table:
    return pairs.sort_by([("weight", "descending"), ("one", "ascending"), ("other", "ascending")])


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
    parts = parts_of(folder.part("people", p) for p in new)
    db.execute(f"CREATE TABLE fresh AS SELECT DISTINCT mention FROM {parts}")
    db.execute("CREATE TABLE added AS SELECT * FROM mentions WHERE mention IN (FROM fresh) ORDER BY mention")
    # Of the others those alone that can be compared with one of these.
    shared = " OR ".join(
        f"EXISTS (FROM added a WHERE {' AND '.join(f'a.{k} = m.{k}' for k in keys)})" for keys in KEYS
    )
    db.execute(
        f"CREATE TABLE held AS SELECT * FROM mentions m WHERE mention NOT IN (FROM fresh) AND ({shared})"
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
