"""Whoever an addition reaches is joined anew, as if all were; and again the same where it was stopped after it was written."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from wholepicture.bulk import joining
from wholepicture.bulk.folder import Folder, write_table
from wholepicture.bulk.linking import PAIRS
from wholepicture.bulk.tables import connect

BIRTHS = (None, date(1990, 4, 3), date(1962, 9, 30))
SAID = pa.schema(
    [
        ("mention", pa.string()),
        ("given_plain", pa.string()),
        ("born", pa.date32()),
        ("family_plain", pa.string()),
        ("person_number", pa.string()),
    ]
)


@st.composite
def runs(draw: st.DrawFn) -> tuple[list[dict[str, object]], list[dict[str, object]], int]:
    """Mentions, certain pairs of them of different weight, and how many of the mentions came first."""
    size = draw(st.integers(3, 8))
    mentions = [
        {
            "mention": f"m{n}",
            "given_plain": draw(st.sampled_from(["liam", "leah", None])),
            "born": draw(st.sampled_from(BIRTHS)),
            "family_plain": None,
            "person_number": None,
        }
        for n in range(size)
    ]
    each = [(a, b) for a in range(size) for b in range(a + 1, size)]
    chosen = draw(st.lists(st.sampled_from(each), unique=True, max_size=12))
    weights = draw(st.permutations(range(len(chosen))))
    pairs = [
        {"one": f"m{a}", "other": f"m{b}", "weight": float(w), "chance": 0.99}
        for (a, b), w in zip(chosen, weights, strict=True)
    ]
    return mentions, pairs, draw(st.integers(1, size - 1))


def known(folder: Folder, mentions: list[dict[str, object]]) -> joining.duckdb.DuckDBPyConnection:
    db = connect(folder)
    db.register("given", pa.Table.from_pylist(mentions, schema=SAID))
    db.execute("CREATE TABLE mentions AS FROM given")
    return db


@settings(max_examples=20, deadline=None)
@given(runs())
def test_joined_anew_it_is_as_if_all_were(
    run: tuple[list[dict[str, object]], list[dict[str, object]], int],
) -> None:
    mentions, pairs, first = run
    old = {str(m["mention"]) for m in mentions[:first]}
    before = [p for p in pairs if p["one"] in old and p["other"] in old]
    added = pa.Table.from_pylist([p for p in pairs if p not in before], schema=PAIRS)
    with TemporaryDirectory() as path:
        folder = Folder(Path(path))
        with known(folder, mentions[:first]) as db:
            people, crossing = joining.all_of(db, pa.Table.from_pylist(before, schema=PAIRS))
        write_table(folder.part("pairs", "all"), pa.Table.from_pylist(before, schema=PAIRS))
        write_table(folder.part("crossing", joining.FIRST), crossing)
        write_table(folder.part("linked", "people"), people)
        with known(folder, mentions) as db:
            all_anew, all_crossing = joining.all_of(db, pa.Table.from_pylist(pairs, schema=PAIRS))
        wanted = all_crossing.sort_by([("one", "ascending"), ("other", "ascending")]).to_pylist()
        for _ in range(2):  # the second time as after a stop: everything stands but the record of it
            with known(folder, mentions) as db:
                people, crossing = joining.anew(db, folder, added, "001-00000")
            assert people.to_pylist() == all_anew.to_pylist()
            assert crossing.to_pylist() == wanted
            write_table(folder.part("pairs", "001-00000"), added)
            write_table(folder.part("crossing", "001-00000"), crossing)
            write_table(folder.part("linked", "people"), people)
