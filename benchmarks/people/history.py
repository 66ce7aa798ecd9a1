"""Two million accounts and ten million observations over the people that people/matching.py made. Then run people/site.py.

    WHOLEPICTURE_DATABASE_URL=... python -m benchmarks.people.history

Two thousand officers; each account is of one person known; five observations each, drawn from the catalogue; one account in ten
is assessed, and of those one in a hundred still waits for review. Foreign keys are not checked while it fills.
"""

from __future__ import annotations

import os
import time

STEPS = (
    "SET session_replication_role = replica",
    "SELECT setseed(0.5)",
    """INSERT INTO accounts_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined, role, demo, force_id, must_choose_password)
       SELECT '!', false, 'officer' || n, 'Officer', 'Number ' || n, '', false, true, now(), 'officer', false, (SELECT min(id) FROM accounts_force), false FROM generate_series(1, 2000) n""",
    """CREATE TEMP TABLE who AS SELECT id, row_number() OVER () - 1 AS n FROM accounts_user WHERE username LIKE 'officer%'""",
    """CREATE TEMP TABLE known AS SELECT id, row_number() OVER () - 1 AS n FROM people_person""",
    "CREATE UNIQUE INDEX ON who (n)",
    "CREATE UNIQUE INDEX ON known (n)",
    "ANALYZE who",
    "ANALYZE known",
    """CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS id, n, (n::bigint * 7919) % 2000 AS officer, ((n::bigint * 104729) % (SELECT count(*) FROM known)) AS person,
       now() - random() * interval '6 years' AS at FROM generate_series(1, {accounts}) n""",
    """INSERT INTO encounters_encounter (id, once, force_id, started_by_id, started_at, how, happened_at, place, source, narrative, synthetic, catalogue_version, catalogue_hash, confirmed_at)
       SELECT made.id, gen_random_uuid(), (SELECT min(id) FROM accounts_force), who.id, at, 'visit', at, '', 'LOG ' || made.n,
       'IP says he came back to the address number ' || made.n || ' and she is worried for the children who were upstairs.', true, '1.0.0', 'benchmark', CASE WHEN made.n % 500 = 0 THEN NULL ELSE at END
       FROM made JOIN who ON who.n = officer""",
    """INSERT INTO encounters_encounterperson (encounter_id, code, label, role, plural, main, given, family, born, phone, address, identity_id)
       SELECT made.id, 'p1', 'IP', 'victim', false, true, '', '', NULL, '', '', known.id FROM made JOIN known ON known.n = person""",
    "ANALYZE encounters_encounterperson",
    """INSERT INTO encounters_recordedobservation (id, person_id, concept, state, why, evidence, rule, observer_id, observed_at, recorded_at)
       SELECT gen_random_uuid(), p.id, ({concepts})[1 + (e.n + k * 13) % {many}], 'present', '', 'she is worried', '', who.id, e.at, e.at
       FROM made e JOIN encounters_encounterperson p ON p.encounter_id = e.id JOIN who ON who.n = e.officer, generate_series(1, 5) k""",
    """INSERT INTO encounters_assessment (once, person_id, by_id, at, grade, threat, harm, risk, investigation, vulnerability, engagement, actions, pathways, worst, differs, reason, force_id, waiting)
       SELECT gen_random_uuid(), p.id, who.id, e.at, 'medium', 'He has come back.', '', '', '', '', '', '[]', '{{}}', e.n % 5, '', '', (SELECT min(id) FROM accounts_force), true
       FROM made e JOIN encounters_encounterperson p ON p.encounter_id = e.id JOIN who ON who.n = e.officer WHERE e.n % 10 = 0""",
    """INSERT INTO encounters_assessmentreview (assessment_id, by_id, at, outcome, comment)
       SELECT id, by_id, at, 'agreed', '' FROM encounters_assessment WHERE id % 100 <> 0""",
    "UPDATE encounters_assessment SET waiting = false WHERE id % 100 <> 0",
    """INSERT INTO encounters_retention (person_id, force_id, "group", due, hold, proposed_why)
       SELECT id, force_id, '', (now() + random() * interval '6 years')::date, '', '' FROM people_person WHERE into_id IS NULL ON CONFLICT DO NOTHING""",
    "SET session_replication_role = DEFAULT",
    "ANALYZE",
)


def main() -> None:
    """Fill."""
    os.environ["WHOLEPICTURE_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wholepicture.web.config.settings")
    import django

    django.setup()
    from django.db import connection

    from wholepicture.core.practice import Kind
    from wholepicture.core.practice.load import load_default

    found = [c.id for c in load_default().concepts.values() if c.kind in (Kind.FACTOR, Kind.FEATURE)]
    concepts = "ARRAY[" + ", ".join(f"'{c}'" for c in found) + "]"
    with connection.cursor() as cursor:
        for step in STEPS:
            began = time.perf_counter()
            cursor.execute(step.format(accounts=2_000_000, concepts=concepts, many=len(found)))
            print(f"{time.perf_counter() - began:6.1f} s  {' '.join(step.split())[:70]}", flush=True)


if __name__ == "__main__":
    main()
