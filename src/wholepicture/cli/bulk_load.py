"""``wholepicture bulk load``: the first people of a run, with the accounts that make them up, into the site: proposed, for people to confirm."""

from __future__ import annotations

import argparse
import sys
import uuid
from collections.abc import Sequence
from typing import Any

from wholepicture.cli.serve import set_up_django

# A number that a report of a run always has here, so that it comes in once however often it is loaded.
_RUNS = uuid.UUID("5b7f7c9e-2f0a-5c53-9a3e-8f0a4d1b6c11")


def load(options: argparse.Namespace) -> int:
    """Bring them in: 0 when done, 2 when it cannot be, saying why."""
    set_up_django()
    import duckdb
    from django.core.management import call_command

    from wholepicture.bulk.folder import RECORD, Folder
    from wholepicture.bulk.telling import Teller
    from wholepicture.web.accounts.models import User
    from wholepicture.web.encounters.access import may_record

    call_command("migrate", verbosity=0)
    if not (options.run_folder / RECORD).exists() or not (options.run_folder / "report.html").exists():
        return _stop(f"{options.run_folder} holds no run that is done. Run wholepicture bulk run first.")
    by = User.objects.filter(username=options.by, force__name=options.force, is_active=True).first()
    if by is None:
        return _stop(f"there is no user {options.by} of {options.force}.")
    if not may_record(by):
        return _stop(
            f"{by} may not record accounts. Name somebody who may: it is to them that these are proposed."
        )
    made = there = 0
    try:
        with Teller(Folder(options.run_folder)) as teller:
            people = teller.listed("len(only_together) > 0", max(1, options.most))
            reports = list(dict.fromkeys(t.report for p in people for t in p.reports))
            for report in reports:
                new = _account(teller, report, by, options.synthetic)
                made, there = made + new, there + (not new)
    except duckdb.Error as error:
        return _stop(
            f"a part of {options.run_folder} is missing or damaged ({str(error).splitlines()[0][:200]}). Run wholepicture bulk run "
            "into a new folder, and load that. What came in before stays as proposed."
        )
    print(
        f"{len(people):,} people: {made:,} accounts came in for {by} to look at and confirm, {there:,} were there already. "
        "Nothing counts until it is confirmed."
    )
    return 0


def _account(teller: Any, report: str, by: Any, synthetic: bool) -> bool:
    """One report as an account that nobody has confirmed; whether it is new."""
    from wholepicture.bulk.screening import attached
    from wholepicture.core.recognition import default_recogniser
    from wholepicture.web.encounters.models import Encounter
    from wholepicture.web.encounters.services import describe, start_encounter, take_for
    from wholepicture.web.encounters.services.recording import Circumstances

    once = uuid.uuid5(_RUNS, f"{by.force_id} {report}")
    if Encounter.objects.filter(once=once).exists():
        return False
    ((narrative, happened, source),) = teller.ask(
        "SELECT narrative, happened, source FROM reports WHERE report = ?", report
    )
    made = start_encounter(
        narrative=narrative,
        source=f"{source}: {report}",
        once=once,
        by=by,
        synthetic=synthetic,
        circumstances=Circumstances(happened_at=happened),
    )
    rows = {r["mention"]: r for r in _people(teller, report)}
    who = attached(report, default_recogniser().recognise(narrative), list(rows.values()), happened)
    for person in made.people.all():
        row = rows.get(who.get(person.code, ""))
        if row:
            describe(
                person=person,
                by=by,
                given=row["given"],
                family=row["family"],
                born=row["born"],
                phone=row["phone"],
                address=row["address"],
            )
            if row["person"]:
                number = uuid.uuid5(_RUNS, f"{by.force_id} person {row['person']}")
                take_for(person=person, number=number, by=by)
    return True


def _people(teller: Any, report: str) -> Sequence[dict[str, Any]]:
    columns = "mention, role, given, family, given_plain, family_plain, born, age, phone, address, person"
    rows = teller.ask(
        f"SELECT {columns} FROM people LEFT JOIN linked USING (mention) WHERE report = ? ORDER BY mention",
        report,
    )
    return [dict(zip(columns.split(", "), row, strict=True)) for row in rows]


def _stop(said: str) -> int:
    print(f"wholepicture: {said}", file=sys.stderr)
    return 2
