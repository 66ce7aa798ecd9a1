"""``wholepicture bulk``: a whole force's extract in; the people whose small reports add up, out."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

EXAMPLES = """examples:
  wholepicture bulk run incidents.csv people.csv --out run/    read, screen, link, surface, report; again: goes on where it stopped
  wholepicture bulk run incidents.csv december.csv --out run/  add a month to a run that is done
  wholepicture bulk run "postgresql://host/db#incidents" --out run/
  wholepicture bulk generate trial/ --reports 100000           a made-up extract to try it on
  wholepicture bulk load run/ --force "Your Constabulary" --by sam.okafor
                                                               bring the first people into the site, as proposed
"""
NEEDS = "wholepicture: this needs DuckDB, Splink and PyArrow. In a copy of the repository run: make bulk"


def add_parser(commands: Any) -> None:
    """Add the command."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = commands.add_parser(
        "bulk", help="a whole force's extract", epilog=EXAMPLES, formatter_class=shape
    )
    inner = parser.add_subparsers(dest="what", required=True)
    runs = inner.add_parser(
        "run", help="read, screen, link, surface and report", epilog=EXAMPLES, formatter_class=shape
    )
    runs.add_argument("extract", nargs="+", help=".csv, .parquet, .jsonl, or a database's address#table")
    runs.add_argument("--out", required=True, type=Path, help="a folder for what comes of it")
    runs.add_argument(
        "--cores", type=int, default=os.cpu_count() or 1, help="how many processes (default: all cores)"
    )
    runs.add_argument("--synthetic", action="store_true", help="say on the report that everybody is made up")
    runs.add_argument(
        "--engine", default="local", help='"local", or Apache Spark: spark-local[4], spark://host:7077, yarn'
    )
    runs.set_defaults(run=run)
    makes = inner.add_parser("generate", help="a made-up extract of any size, with the truth beside it")
    makes.add_argument("folder", type=Path)
    makes.add_argument("--reports", type=int, default=10_000)
    makes.add_argument("--seed", type=int, default=1)
    makes.add_argument("--parquet", action="store_true", help="Parquet in place of CSV")
    makes.set_defaults(run=generate)
    loads = inner.add_parser("load", help="bring the first people of a run into the site, as proposed")
    loads.add_argument("run_folder", type=Path, metavar="RUN", help="the folder of a run that is done")
    loads.add_argument("--force", required=True, help="the force's name")
    loads.add_argument("--by", required=True, help="the user to whom the accounts are proposed")
    loads.add_argument("--most", type=int, default=25, help="how many people (default: 25)")
    loads.add_argument("--synthetic", action="store_true", help="everybody in it is made up")
    loads.set_defaults(run=load)


class Bar:
    """Progress in the terminal, with the time that is left; a line a stage where the output is no terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.console = Console(stderr=True, highlight=False)
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self.console,
        )

    def stage(self, name: str, total: int | None) -> Callable[[int], None]:
        """A stage begins."""
        if not self.console.is_terminal:
            self.console.print(name if total is None else f"{name}: {total:,}")
        task = self.progress.add_task(name, total=total)
        return lambda done: self.progress.update(task, completed=done)

    def say(self, text: str) -> None:
        """A line of its own."""
        self.console.print(text, markup=False)


def _stop(said: str) -> int:
    print(said, file=sys.stderr)
    return 2


def run(options: argparse.Namespace) -> int:
    """Run: 0 when done; 2 when it cannot go on, saying why."""
    try:
        from wholepicture.bulk.columns import BulkError
        from wholepicture.bulk.running import run as go
    except ImportError:
        return _stop(NEEDS)
    bar = Bar()
    engine = None
    if options.engine != "local":
        try:
            from wholepicture.bulk.spark import Spark
        except ImportError:
            return _stop(
                "wholepicture: --engine needs PySpark and Java 17. In a copy of the repository run: make spark"
            )
        engine = Spark(options.engine.removeprefix("spark-"))
    try:
        with bar.progress:
            page = go(
                options.extract,
                options.out,
                cores=max(1, options.cores),
                today=date.today(),
                show=bar,
                synthetic=options.synthetic,
                engine=engine,
            )
    except BulkError as error:
        return _stop(f"wholepicture: {error}")
    except KeyboardInterrupt:
        return _stop("wholepicture: stopped. The same command goes on from here.")
    finally:
        if engine:
            engine.close()
    print(page)
    return 0


def load(options: argparse.Namespace) -> int:
    """Bring the first people into the site."""
    try:
        from wholepicture.cli.bulk_load import load as bring
    except ImportError:
        return _stop(NEEDS)
    return bring(options)


def generate(options: argparse.Namespace) -> int:
    """Write a made-up extract."""
    try:
        from wholepicture.bulk.columns import BulkError
        from wholepicture.bulk.generating import generate as make
    except ImportError:
        return _stop(NEEDS)
    if options.reports < 1:
        return _stop("wholepicture: --reports is a number from 1 on.")
    try:
        counted = make(
            options.folder,
            reports=options.reports,
            seed=options.seed,
            files="parquet" if options.parquet else "csv",
        )
    except BulkError as error:
        return _stop(f"wholepicture: {error}")
    print(
        f"{counted['reports']:,} reports, {counted['rows']:,} rows, of {counted['people']:,} people, all made up."
    )
    return 0
