"""A joint plan: its actions, its meetings, and what they decide, as observations of the person."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.models import User
from wholepicture.web.audit.services import record
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.encounters.services import observe
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners import access
from wholepicture.web.partners.models import Meeting, Minute, Organisation, Plan, PlanAction
from wholepicture.web.partners.services.watching import refresh_person


@transaction.atomic
def begin_plan(*, person: EncounterPerson, aim: str, review_on: date, by: User) -> Plan:
    """Begin a joint plan for somebody; one that is there already is given back.

    Raises:
        CannotDoError: it has no aim, or its review is not to come.
    """
    if not access.may_run_plans(by) or not access.people_in_sight(by).filter(pk=person.pk).exists():
        raise PermissionDenied
    held = Plan.objects.filter(person=person).first()
    if held:
        return held
    if not aim.strip():
        raise CannotDoError("Say what the plan is to achieve.")
    if review_on <= timezone.localdate():
        raise CannotDoError("The day of its review must be to come.")
    made = Plan.objects.create(
        force_id=by.force_id, person=person, aim=aim.strip()[:400], lead=by, review_on=review_on
    )
    record(by=by, what="plan.begun", about=f"plan:{made.pk}")
    return made


def _held(plan: Plan, by: User) -> Plan:
    plan = Plan.objects.select_for_update(of=("self",)).select_related("person__encounter").get(pk=plan.pk)
    if not access.plans_of(by).filter(pk=plan.pk).exists():
        raise PermissionDenied
    if plan.closed_at:
        raise CannotDoError("The plan is closed.")
    return plan


@transaction.atomic
def add_action(
    *, plan: Plan, text: str, owner: str, organisation: Organisation | None, due: date, by: User
) -> PlanAction:
    """Somebody does something by a day."""
    plan = _held(plan, by)
    if not text.strip() or not owner.strip():
        raise CannotDoError("Say what is done, and who does it.")
    if due < timezone.localdate():
        raise CannotDoError("The day is past. Give one that is to come.")
    made = PlanAction.objects.create(
        plan=plan,
        text=text.strip()[:300],
        owner=owner.strip()[:120],
        organisation=organisation,
        due=due,
        made_by=by,
    )
    record(by=by, what="plan.action-added", about=f"plan:{plan.pk}", why=text)
    return made


@transaction.atomic
def finish_action(*, action: PlanAction, came_of_it: str, by: User) -> PlanAction:
    """Say what came of an action."""
    _held(action.plan, by)
    action = PlanAction.objects.select_for_update().get(pk=action.pk)
    if action.done_at:
        raise CannotDoError("It is done already.")
    if not came_of_it.strip():
        raise CannotDoError("Say what came of it.")
    action.done_at, action.came_of_it = timezone.now(), came_of_it.strip()[:400]
    action.save(update_fields=["done_at", "came_of_it"])
    record(by=by, what="plan.action-done", about=f"plan:{action.plan_id}", why=came_of_it)
    return action


@transaction.atomic
def hold_meeting(*, plan: Plan, held_at: datetime, present: str, by: User) -> Meeting:
    """A meeting on the plan: when, and who was there."""
    plan = _held(plan, by)
    if not present.strip():
        raise CannotDoError("Say who is there, and for which agency.")
    made = Meeting.objects.create(plan=plan, held_at=held_at, present=present.strip(), chair=by)
    record(by=by, what="plan.meeting-held", about=f"plan:{plan.pk}")
    return made


@transaction.atomic
def minute(
    *, meeting: Meeting, text: str, control: str, state: str, ends_on: date | None, by: User
) -> Minute:
    """Minute a decision. With a control and its state it is an observation of the person too.

    Raises:
        CannotDoError: nothing is said, or the control cannot be in that state.
    """
    plan = _held(meeting.plan, by)
    if not text.strip():
        raise CannotDoError("Say what was decided.")
    told = None
    if control:
        if control not in default_recogniser().catalogue.concepts:
            raise CannotDoError("Choose the control from the list.")
        told = observe(
            person=plan.person,
            concept=control,
            state=state,
            words=text.strip()[:400],
            told_by=f"the meeting of {timezone.localtime(meeting.held_at):%-d %B %Y}",
            rule="minuted at a meeting",
            by=by,
            ends_on=ends_on,
        )
        refresh_person(plan.person)
    made = Minute.objects.create(meeting=meeting, text=text.strip(), observation=told, by=by)
    record(by=by, what="plan.minuted", about=f"plan:{plan.pk}", why=text[:200])
    return made


@transaction.atomic
def close_plan(*, plan: Plan, why: str, by: User) -> Plan:
    """Close a plan once its actions are done.

    Raises:
        CannotDoError: an action is open, or no reason is given.
    """
    plan = _held(plan, by)
    left = plan.actions.filter(done_at=None).count()
    if left:
        raise CannotDoError(
            f"{left} action{'s are' if left > 1 else ' is'} not done. Say what came of each first."
        )
    if not why.strip():
        raise CannotDoError("Say why it can be closed.")
    plan.closed_at, plan.closed_why = timezone.now(), why.strip()[:400]
    plan.save(update_fields=["closed_at", "closed_why"])
    record(by=by, what="plan.closed", about=f"plan:{plan.pk}", why=why)
    return plan
