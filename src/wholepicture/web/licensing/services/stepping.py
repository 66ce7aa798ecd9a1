"""Steps of a licence: each locked, asked of the machine of states, recorded, followed by its credentials and told to its holder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from wholepicture.core.licensing import MOVE, Actor, Condition, Event, Step, cannot
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.licensing import selectors
from wholepicture.web.licensing.access import may_assess, may_run
from wholepicture.web.licensing.models import Licence, LicenceEvent, StandardDecision
from wholepicture.web.licensing.services.credentials import follow
from wholepicture.web.programmes.services import CannotDoError

REGISTRARS_STEPS = frozenset(
    {
        Step.RETURN,
        Step.ACCEPT,
        Step.FORWARD,
        Step.RENEW,
        Step.EXTEND,
        Step.PAUSE,
        Step.RESUME,
        Step.INTERIM,
        Step.END_INTERIM,
        Step.PROPOSE,
    }
)
HOLDERS_STEPS = frozenset({Step.SUBMIT, Step.WITHDRAW, Step.REPRESENT, Step.SURRENDER, Step.APPEAL})


@dataclass(frozen=True, slots=True)
class Taken:
    """What comes with a step."""

    why: str = ""
    until: date | None = None
    conditions: tuple[Condition, ...] = field(default=())
    assessor: User | None = None
    second: User | None = None


def locked(licence: Licence) -> Licence:
    """A licence, locked until the transaction ends."""
    return (
        Licence.objects.select_for_update(of=("self",))
        .select_related("scheme__force", "holder", "assessor", "second_assessor")
        .get(pk=licence.pk)
    )


def can(licence: Licence, step: Step, by: Sequence[User], taken: Taken, on: date) -> str:
    """Why a step cannot be taken; "" when it can."""
    new = Event(step, on, tuple(u.username for u in by), taken.why, taken.until, taken.conditions)
    return cannot(licence.told, new, licence.scheme.content.rules, holder=licence.holder.username)


def open_steps(licence: Licence, steps: frozenset[Step], by: User) -> list[Step]:
    """Steps that might be taken now, as far as where it stands goes: what is missing of them is asked on their page."""
    state = licence.standing().state
    today = timezone.localdate()
    found = []
    for step in Step:
        if step not in steps or state not in MOVE[step].before:
            continue
        probe = Taken(why="x", until=None)
        problem = can(licence, step, [by], probe, today)
        if not problem or problem.startswith(("Give", "Say at least", "Away")):
            found.append(step)
    return found


@transaction.atomic
def take(*, licence: Licence, step: Step, taken: Taken, by: User, on: date | None = None) -> LicenceEvent:
    """Take a step that is one person's: the holder's or the licensing lead's.

    Raises:
        CannotDoError: the machine of states, the scheme or what is missing forbids it.
    """
    licence = locked(licence)
    if step in HOLDERS_STEPS:
        allowed = by.pk == licence.holder_id
    elif step in REGISTRARS_STEPS:
        allowed = may_run(by) and by.force_id == licence.scheme.force_id and by.pk != licence.holder_id
    else:
        allowed = False
    if not allowed:
        raise PermissionDenied
    _asked(licence, step, taken)
    made = append(licence, step, [by], taken, on)
    if step is Step.ACCEPT:
        licence.assessor, licence.second_assessor = taken.assessor, taken.second
        licence.save(update_fields=["assessor", "second_assessor"])
    return made


def _asked(licence: Licence, step: Step, taken: Taken) -> None:
    """What a step asks beyond the machine: requirements met, assessors named, a second assessment made."""
    if step is Step.SUBMIT:
        left = [
            t
            for t in selectors.missing(licence)
            if t.requirement.by not in ("vetting", "occupational health")
        ]
        if left:
            raise CannotDoError("Not met yet: " + " ".join(f"{t.requirement.id}. {t.said}" for t in left))
        bare = [
            s.id
            for s in licence.scheme.content.standards
            if not any(s.id in e.standards for e in licence.evidence.filter(withdrawn_at=None))
        ]
        if bare:
            raise CannotDoError(f"No evidence yet for: {', '.join(bare)}.")
    if step is Step.ACCEPT:
        left = selectors.missing(licence)
        if left:
            raise CannotDoError("Not met yet: " + " ".join(f"{t.requirement.id}. {t.said}" for t in left))
        if taken.assessor is None or not may_assess(taken.assessor):
            raise CannotDoError("Name an assessor.")
        both = {u.pk for u in (taken.assessor, taken.second) if u}
        if licence.holder_id in both or (taken.second and len(both) < 2):
            raise CannotDoError("Assessors must be two people, neither of them the applicant.")
        if selectors.twice(licence) and taken.second is None:
            raise CannotDoError(
                "This application was drawn to be assessed twice. Name a second assessor too."
            )
    if step is Step.FORWARD and licence.second_assessor_id:
        done = set(licence.decisions.filter(second=True).values_list("standard", flat=True))
        left_over = [s.id for s in licence.scheme.content.standards if s.id not in done]
        if left_over:
            raise CannotDoError(f"The second assessor has still to decide: {', '.join(left_over)}.")
    if step is Step.RENEW:
        left = selectors.missing(licence, renewal=True)
        if left:
            raise CannotDoError("Not met yet: " + " ".join(f"{t.requirement.id}. {t.said}" for t in left))


def append(
    licence: Licence, step: Step, by: Sequence[User], taken: Taken, on: date | None = None
) -> LicenceEvent:
    """Record a step of a locked licence. Called in a transaction.

    Raises:
        CannotDoError: it cannot be taken, or somebody took another meanwhile.
    """
    day = on or timezone.localdate()
    problem = can(licence, step, by, taken, day)
    if problem:
        raise CannotDoError(problem)
    try:
        with transaction.atomic():
            made = LicenceEvent.objects.create(
                licence=licence,
                number=licence.events.count(),
                step=step,
                on=day,
                by=[u.username for u in by],
                names=[str(u) for u in by],
                why=taken.why.strip(),
                until=taken.until,
                conditions=[
                    {
                        "text": c.text,
                        "measure": c.measure,
                        "seen_to_by": c.seen_to_by,
                        "until": c.until.isoformat(),
                    }
                    for c in taken.conditions
                ],
            )
    except IntegrityError:
        raise CannotDoError("Somebody else took a step meanwhile. Look at it again.") from None
    follow(licence)
    if MOVE[step].by is not Actor.HOLDER:
        tell_people(
            [licence.holder],
            about=f"licence:{licence.pk}",
            subject=f"Your licence: {licence.scheme}",
            text="Something was decided about your licence or application. Open Licences in Wholepicture to read it.",
        )
    record(by=by[0], what=f"licence.{step}", about=f"licence:{licence.pk}", why=taken.why)
    return made


@transaction.atomic
def decide_standard(
    *, licence: Licence, standard: str, said: str, feedback: str, by: User
) -> StandardDecision:
    """An assessor decides a standard; the second one without sight of the first.

    Raises:
        CannotDoError: it is not being assessed, there is no evidence, or something is left unsaid.
    """
    licence = locked(licence)
    if not may_assess(by) or by.pk not in (licence.assessor_id, licence.second_assessor_id):
        raise PermissionDenied
    second = by.pk == licence.second_assessor_id
    state = licence.standing().state
    if state.value != "being assessed" and not (second and state.value == "assessed"):
        raise CannotDoError(f"It is {state.value}. Nothing can be assessed now.")
    if standard not in {s.id for s in licence.scheme.content.standards}:
        raise CannotDoError("There is no such standard.")
    if said not in StandardDecision.Said.values or not feedback.strip():
        raise CannotDoError("Choose whether it is met, and say why.")
    evidence = [e for e in licence.evidence.filter(withdrawn_at=None) if standard in e.standards]
    if said == StandardDecision.Said.MET and not evidence:
        raise CannotDoError("There is no evidence for this standard. It cannot be met.")
    made = StandardDecision.objects.create(
        licence=licence, standard=standard, said=said, feedback=feedback.strip(), second=second, by=by
    )
    record(by=by, what="licence.standard-decided", about=f"licence:{licence.pk}", why=f"{standard}: {said}")
    return made


@transaction.atomic
def finish_assessment(*, licence: Licence, why: str, by: User) -> LicenceEvent:
    """The assessor has decided every standard.

    Raises:
        CannotDoError: a standard is left, or no summary is given.
    """
    licence = locked(licence)
    if by.pk != licence.assessor_id or not may_assess(by):
        raise PermissionDenied
    decided = set(licence.decisions.filter(second=False).values_list("standard", flat=True))
    left = [s.id for s in licence.scheme.content.standards if s.id not in decided]
    if left:
        raise CannotDoError(f"Not decided yet: {', '.join(left)}.")
    return append(licence, Step.ASSESS, [by], Taken(why=why))
