"""The same run on Apache Spark: recognition and surfacing as Arrow functions over the parts, pairs by Splink's Spark backend.

The folder must be where every worker reaches it. What comes of it is what one machine makes: each part is made by the same code.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import splink
from pyspark.sql import SparkSession
from splink import Linker, SettingsCreator, SparkAPI

from wholepicture.bulk import screening, surfacing
from wholepicture.bulk.clustering import UNCERTAIN
from wholepicture.bulk.folder import Folder, write_table
from wholepicture.bulk.linking import PAIRS, QUIET, settings
from wholepicture.bulk.reading import Say
from wholepicture.bulk.working import ready

_JAR = Path(splink.__file__).parent / "internals/files/spark_jars/scala-udf-similarity-0.2.1_spark4.x.jar"
_COUNT = "done INT"


class Spark:
    """An engine. ``master``: "local[4]", or a cluster's address such as spark://host:7077."""

    def __init__(self, master: str) -> None:
        here = master.startswith("local")
        if here:  # on a cluster the workers' own Python is set there (docs/analyst.md)
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        made = SparkSession.builder.appName("wholepicture").master(master).config("spark.jars", str(_JAR))
        made = made.config("spark.sql.execution.arrow.maxRecordsPerBatch", "1").config(
            "spark.ui.enabled", "false" if here else "true"
        )
        if here:
            made = made.config("spark.driver.bindAddress", "127.0.0.1").config(
                "spark.driver.host", "127.0.0.1"
            )
            made = made.config("spark.sql.shuffle.partitions", "8").config("spark.driver.memory", "6g")
        self.session: SparkSession = made.getOrCreate()
        self.session.sparkContext.setLogLevel("ERROR")

    def close(self) -> None:
        """Let the cluster go."""
        self.session.stop()

    def screen(self, folder: Folder, parts: Sequence[str], say: Say) -> None:
        """Recognise what the parts say, a part a task."""
        root = folder.path

        def recognise(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            ready()
            for batch in batches:
                done = [screening.part(root, p) for p in batch.column("part").to_pylist()]
                yield pa.RecordBatch.from_pydict({"done": pa.array(done, pa.int32())})

        say(self._spread("part", parts, recognise))

    def surface(self, folder: Folder, buckets: Sequence[tuple[str, str]], at: datetime, say: Say) -> None:
        """Draw everybody of the buckets, a bucket a task."""
        root = folder.path
        rows = [f"{bucket} {name}" for bucket, name in buckets]

        def drawn(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            ready()
            for batch in batches:
                done = []
                for row in batch.column("bucket").to_pylist():
                    bucket, _, name = row.partition(" ")
                    done.append(surfacing.bucket(root, bucket, name, at))
                yield pa.RecordBatch.from_pydict({"done": pa.array(done, pa.int32())})

        say(self._spread("bucket", rows, drawn))

    def _spread(
        self,
        column: str,
        rows: Sequence[str],
        work: Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]],
    ) -> int:
        if not rows:
            return 0
        frame = self.session.createDataFrame([(r,) for r in rows], f"{column} STRING").repartition(len(rows))
        return sum(r["done"] for r in frame.mapInArrow(work, _COUNT).collect())

    def pairs(self, db: duckdb.DuckDBPyConnection, folder: Folder, model: dict[str, Any]) -> pa.Table:
        """Every pair that may be one person, by the model that was learnt."""
        path = folder.part("mentions", "all")
        write_table(path, db.sql("SELECT * FROM mentions ORDER BY mention").to_arrow_table())
        api = SparkAPI(spark_session=self.session, break_lineage_method="persist")  # type: ignore[no-untyped-call]
        frame = self.session.read.parquet(str(path))
        linker = Linker(api.register(frame), told_to_spark(model), log_level=QUIET)
        found = linker.inference.predict(threshold_match_probability=UNCERTAIN)
        asked = self.session.sql(
            f"""SELECT mention_l AS one, mention_r AS other, round(match_weight, 4) AS weight,
                round(match_probability, 6) AS chance FROM {found.physical_name}"""
        )
        table: pa.Table = asked.toArrow().cast(PAIRS)
        shutil.rmtree(path.parent)
        return table


def told_to_spark(model: dict[str, Any]) -> SettingsCreator:
    """A model that DuckDB learnt, in Spark's own words: the same levels with the same weights."""
    told = settings().create_settings_dict("spark")
    told["probability_two_random_records_match"] = model["probability_two_random_records_match"]
    for comparison, learnt in zip(told["comparisons"], model["comparisons"], strict=True):
        for level, same in zip(comparison["comparison_levels"], learnt["comparison_levels"], strict=True):
            for key in ("m_probability", "u_probability"):
                if key in same:
                    level[key] = same[key]
    return SettingsCreator.from_path_or_dict(json.loads(json.dumps(told)))
