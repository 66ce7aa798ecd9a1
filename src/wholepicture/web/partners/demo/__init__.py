"""A made-up area's directory, its partner workers, and requests in several states, so that the demo force's pages have something to show."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from wholepicture.core.partners.lifecycle import Step
from wholepicture.core.partners.sharing import digest_of
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.encounters.services import confirm, start_encounter
from wholepicture.web.partners.models import Membership, Organisation, Referral, Service
from wholepicture.web.partners.selectors import drafting
from wholepicture.web.partners.services import answering, importing, planning, sending, steps, watching

DIRECTORY = Path(__file__).with_name("directory.json")
_SAID = {
    "agreement": "given",
    "override_why": "",
    "safe_contact": "Text only, after 10:00 (made up)",
    "ring": "01632 960199",
}


@transaction.atomic
def make_demo_partners(force: Force) -> None:
    """Everything, made once; nothing is done a second time."""
    if Service.objects.filter(force=force).exists():
        return
    run = importing.begin_import(
        force=force, by=None, name="Aldermere directory (made up)", content=DIRECTORY.read_text("utf-8")
    )
    importing.read_through(run)
    people = {u.username: u for u in User.objects.filter(force=force, demo=True)}
    advocate = _joins(force, people["demo-advocate"], "Haven", "Independent advocate")
    worker = _joins(force, people["demo-social-worker"], "Aldermere Borough", "Duty social worker")
    officer, second = people["demo-officer"], people["demo-second-officer"]
    her = _account(second, "1-ex-partner.txt")
    asked = _ask(her, "independent-advocate", "Independent domestic violence advocates", second)
    _answered(asked, advocate)
    told = _ask(her, "childrens-social-care", "Children’s social care front door", second)
    answering.take(
        referral=told,
        step=Step.DECLINE,
        why="What is written does not reach our threshold. Who is with the children at weekends? (made up)",
        who=answering.worker(worker),
    )
    him = _account(officer, "2-welfare-check.txt")
    _ask(him, "adult-at-risk", "Adult social care: adults at risk", officer)
    _draft(him, "health", officer)
    _plan(her, people["demo-safeguarding"])
    watching.refresh_person(her)
    watching.refresh_person(him)


def _joins(force: Force, user: User, name: str, post: str) -> User:
    organisation = Organisation.objects.get(force=force, name__startswith=name)
    organisation.named, organisation.named_phone = "the duty manager", "01632 960150"
    organisation.save()
    Membership.objects.update_or_create(user=user, defaults={"organisation": organisation, "post": post})
    return user


def _account(by: User, file: str) -> EncounterPerson:
    demo = Path(__file__).parents[2] / "encounters" / "demo" / file
    title, _, narrative = demo.read_text("utf-8").partition("\n")
    encounter = start_encounter(
        narrative=narrative.strip(), source=title, once=uuid.uuid4(), by=by, synthetic=True
    )
    confirm(encounter=encounter, by=by)
    return max(encounter.people.all(), key=lambda p: len(drafting.open_pathways(p)))


def _draft(person: EncounterPerson, route: str, by: User) -> Referral:
    offer = next(o for o in drafting.offers_for(person) if o.route.id == route)
    return sending.begin(
        person=person,
        route=route,
        actions=[a.id for a, _ in offer.actions[:2]],
        pathways=list(dict.fromkeys(p for _, ps in offer.actions[:2] for p in ps)),
        once=uuid.uuid4(),
        by=by,
    )


def _ask(person: EncounterPerson, route: str, service: str, by: User) -> Referral:
    made = _draft(person, route, by)
    chosen = Service.objects.get(force=by.force, name=service)
    way = steps.route_of(made)
    parts: Sequence[dict[str, object]] = (
        {
            "answers": {
                q.id: text or "Not known yet; we will ask." for q, text in drafting.answers_for(made)
            },
            "wishes": "To be left alone, and to sleep.",
            "opinion": "",
        },
        {"include": [c.item.concept for c in drafting.items_for(made) if c.suggested], "left_out": {}},
        {**_SAID, "basis": way.bases[0]},
    )
    made = sending.fill(referral=made, version=made.version, part={}, by=by, service=chosen)
    for part in parts:
        made = sending.fill(referral=made, version=made.version, part=part, by=by)
    return sending.send(referral=made, digest=digest_of(drafting.assemble(made)), by=by)


def _answered(referral: Referral, by: User) -> None:
    who = answering.worker(by)
    for step in (Step.OPEN, Step.ACKNOWLEDGE, Step.ACCEPT):
        answering.take(referral=referral, step=step, why="", who=who)
    answering.put_in_place(
        referral=referral,
        control="marac-and-advocate",
        holder="Leila Haddad, advocate",
        ends_on=timezone.localdate() + timedelta(days=12),
        words="Rang her on a safe number; safety plan made (made up).",
        who=who,
    )


def _plan(person: EncounterPerson, by: User) -> None:
    today = timezone.localdate()
    plan = planning.begin_plan(
        person=person,
        aim="She and the children are safe at home",
        review_on=today + timedelta(days=14),
        by=by,
    )
    planning.add_action(
        plan=plan,
        text="Apply for a non-molestation order before bail ends",
        owner="Leila Haddad",
        organisation=Organisation.objects.get(force=by.force, name__startswith="Haven"),
        due=today + timedelta(days=2),
        by=by,
    )
