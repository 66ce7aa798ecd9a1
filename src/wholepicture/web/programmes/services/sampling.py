"""Internal quality assurance: drawing decisions, changing the draw with a reason, and what the verifier says of each."""

from __future__ import annotations

import secrets
from collections import defaultdict
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from wholepicture.core.measurement.assurance import Decision as Drawable
from wholepicture.core.measurement.assurance import Plan, sampling_plan
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.programmes.access import may_verify, may_verify_decision
from wholepicture.web.programmes.models import (
    Cohort,
    Decision,
    Difference,
    Evidence,
    Sampled,
    SamplingPlan,
    Verification,
    Version,
)
from wholepicture.web.programmes.services.deciding import differ

NEW_ASSESSOR = 10


def standing_decisions(cohort: Cohort) -> list[Decision]:
    """The decision that counts of each criterion of each place, where it is an assessor's own."""
    found: dict[tuple[int, str], Decision] = {}
    for decision in (
        Decision.objects.filter(place__cohort=cohort)
        .exclude(part=Decision.Part.SECOND)
        .select_related("by", "place")
        .order_by("at", "pk")
    ):
        found[decision.place_id, decision.criterion] = decision
    return [d for d in found.values() if d.part == Decision.Part.FIRST]


def drawable(cohort: Cohort, decisions: list[Decision]) -> list[Drawable]:
    """Decisions with what makes each a risk: a new assessor, a new module, near the line, disagreed with before."""
    new_modules = _new_modules(cohort.version)
    disagreed = _disagreed_with(cohort)
    kinds = dict(Evidence.objects.filter(place__cohort=cohort).values_list("pk", "kind"))
    by_text = {str(pk): kind for pk, kind in kinds.items()}
    earlier = _earlier(decisions)
    found = []
    for d in decisions:
        module = cohort.content.module_of(d.criterion)
        methods = sorted({by_text[e] for e in d.evidence if e in by_text})
        found.append(
            Drawable(
                id=str(d.pk),
                learner=str(d.place_id),
                assessor=str(d.by_id),
                module=module.id if module else "",
                method=methods[0] if methods else "",
                site=cohort.venue,
                new_assessor=earlier[d.pk] < NEW_ASSESSOR,
                new_module=bool(module and module.id in new_modules),
                borderline=d.borderline,
                disagreed_before=d.by_id in disagreed,
            )
        )
    return found


def _earlier(decisions: list[Decision]) -> dict[int, int]:
    """How many decisions the assessor of each had made before it, in any cohort."""
    wanted = {d.pk for d in decisions}
    made: dict[int, int] = defaultdict(int)
    found = {}
    assessors = {d.by_id for d in decisions}
    rows = Decision.objects.filter(by_id__in=assessors).order_by("at", "pk").values_list("pk", "by_id")
    for pk, by in rows:
        if pk in wanted:
            found[pk] = made[by]
        made[by] += 1
    return found


def _new_modules(version: Version) -> set[str]:
    """Modules that the version approved before this one did not have."""
    before = (
        version.programme.versions.filter(state=Version.State.APPROVED, number__lt=version.number)
        .order_by("-number")
        .first()
    )
    if before is None:
        return set()
    return {m.id for m in version.content.modules} - {m.id for m in before.content.modules}


def _disagreed_with(cohort: Cohort) -> set[int]:
    """Assessors whose decision a verifier did not agree with, or that was settled otherwise."""
    programme = cohort.version.programme_id
    found = set(
        Verification.objects.filter(
            said=Verification.Said.NOT_AGREED,
            sampled__decision__place__cohort__version__programme=programme,
        ).values_list("sampled__decision__by", flat=True)
    )
    for d in Difference.objects.filter(
        place__cohort__version__programme=programme, settled__isnull=False
    ).select_related("one", "settled"):
        if d.settled and d.one.said != d.settled.said:
            found.add(d.one.by_id)
    return found


def draw(cohort: Cohort, seed: str, verifier: User) -> Plan:
    """The plan that a seed gives for a cohort as it stands: the same again for the same decisions.

    Decisions that were looked at before are left out.
    """
    done = set(
        Verification.objects.filter(sampled__plan__cohort=cohort).values_list("sampled__decision", flat=True)
    )
    decisions = [d for d in standing_decisions(cohort) if d.pk not in done]
    return sampling_plan(drawable(cohort, decisions), seed=seed, verifier=str(verifier.pk))


@transaction.atomic
def make_plan(*, cohort: Cohort, kind: str, by: User, seed: str = "") -> SamplingPlan:
    """Draw decisions for a verifier to look at again. Without a seed one is made, and kept.

    Raises:
        CannotDoError: nothing is there to draw from but what is their own or was looked at before.
    """
    if not may_verify(by) or cohort.version.programme.force_id != by.force_id:
        raise PermissionDenied
    seed = (seed.strip() or secrets.token_hex(6))[:40]
    plan = draw(cohort, seed, by)
    if not plan.drawn:
        raise CannotDoError(
            "There is nothing to draw: no decision that is not your own waits to be looked at again."
        )
    made = SamplingPlan.objects.create(
        cohort=cohort,
        verifier=by,
        kind=kind,
        seed=seed,
        of=len(plan.drawn) + len(plan.left),
        left=[[int(d.id), why] for d, why in plan.left],
    )
    Sampled.objects.bulk_create(
        Sampled(plan=made, decision_id=int(d.decision.id), reasons=list(d.reasons)) for d in plan.drawn
    )
    record(
        by=by,
        what="sample.drawn",
        about=f"cohort:{cohort.pk}",
        why=f"{len(plan.drawn)} of {made.of}, seed {seed}",
    )
    return made


@transaction.atomic
def add_to_plan(*, plan: SamplingPlan, decision: Decision, why: str, by: User) -> Sampled:
    """Add a decision to a plan by hand.

    Raises:
        CannotDoError: it is the verifier's own, of another cohort, in the plan already, or no reason is given.
    """
    if not may_verify(by) or plan.cohort.version.programme.force_id != by.force_id:
        raise PermissionDenied
    if decision.place.cohort_id != plan.cohort_id:
        raise CannotDoError("That decision is of another cohort.")
    if not may_verify_decision(by, decision):
        raise CannotDoError(
            "Nobody looks at their own decisions, nor at a portfolio in which they have a part."
        )
    if not why.strip():
        raise CannotDoError("Say why it is added.")
    item, made = Sampled.objects.get_or_create(
        plan=plan, decision=decision, defaults={"reasons": [f"added: {why.strip()[:200]}"], "added_by": by}
    )
    if not made and item.out_at is None:
        raise CannotDoError("It is in the plan already.")
    if not made:
        item.out_at, item.out_why = None, ""
        item.reasons = [*item.reasons, f"put back: {why.strip()[:200]}"]
        item.save(update_fields=["out_at", "out_why", "reasons"])
    record(by=by, what="sample.added", about=f"cohort:{plan.cohort_id}", why=f"decision {decision.pk}: {why}")
    return item


@transaction.atomic
def take_from_plan(*, sampled: Sampled, why: str, by: User) -> Sampled:
    """Take a decision out of a plan. It stays there with the reason.

    Raises:
        CannotDoError: it was looked at, or no reason is given.
    """
    sampled = (
        Sampled.objects.select_for_update(of=("self",))
        .select_related("plan__cohort__version__programme")
        .get(pk=sampled.pk)
    )
    if not may_verify(by) or sampled.plan.cohort.version.programme.force_id != by.force_id:
        raise PermissionDenied
    if Verification.objects.filter(sampled=sampled).exists():
        raise CannotDoError("It has been looked at. What was said of it stays.")
    if not why.strip():
        raise CannotDoError("Say why it is taken out.")
    sampled.out_at, sampled.out_why = timezone.now(), why.strip()[:300]
    sampled.save(update_fields=["out_at", "out_why"])
    record(
        by=by,
        what="sample.taken-out",
        about=f"cohort:{sampled.plan.cohort_id}",
        why=f"decision {sampled.decision_id}: {why}",
    )
    return sampled


@transaction.atomic
def verify(
    *, sampled: Sampled, said: str, feedback: str, by: User, due_on: date | None = None
) -> Verification:
    """Say of a sampled decision whether one agrees. The assessor is told. Where one does not, a difference opens.

    Raises:
        CannotDoError: somebody else said so meanwhile, it is one's own, or something is left unsaid.
    """
    sampled = (
        Sampled.objects.select_for_update(of=("self",))
        .select_related("plan__cohort", "decision__place__cohort__version__programme", "decision__by")
        .get(pk=sampled.pk)
    )
    decision = sampled.decision
    if not may_verify(by) or decision.place.cohort.version.programme.force_id != by.force_id:
        raise PermissionDenied
    if not may_verify_decision(by, decision):
        raise CannotDoError(
            "Nobody looks at their own decisions, nor at a portfolio in which they have a part."
        )
    before = Verification.objects.filter(sampled=sampled).select_related("by").first()
    if before:
        raise CannotDoError(
            f"{before.by} has decided it meanwhile: {before.get_said_display().lower()}. What you wrote was not kept."
        )
    if sampled.out_at:
        raise CannotDoError("It was taken out of the plan meanwhile.")
    if not feedback.strip():
        raise CannotDoError("Say why. The assessor reads it.")
    if said == Verification.Said.ACTION and due_on is None:
        raise CannotDoError("Say by when it is to be done.")
    try:
        with transaction.atomic():
            made = Verification.objects.create(
                sampled=sampled,
                said=said,
                feedback=feedback.strip(),
                due_on=due_on if said == Verification.Said.ACTION else None,
                by=by,
            )
    except IntegrityError:
        raise CannotDoError("Somebody else has decided it meanwhile. Look at it again.") from None
    if said == Verification.Said.NOT_AGREED:
        open_one = Difference.objects.filter(
            place=decision.place, criterion=decision.criterion, settled=None
        ).exists()
        if not open_one:
            differ(one=decision, other=None, why=feedback.strip(), by=by)
    tell_people(
        [decision.by],
        about=f"verification:{made.pk}",
        subject=f"Internal quality assurance: {decision.criterion} of {decision.place.number}",
        text=f"{by} has looked at a decision of yours: {made.get_said_display().lower()}. Open Today in Wholepicture to read why.",
    )
    record(by=by, what=f"decision.{said}", about=f"place:{decision.place_id}", why=decision.criterion)
    return made


@transaction.atomic
def do_action(*, verification: Verification, done: str, by: User) -> Verification:
    """The assessor says what they did about what a verifier asked.

    Raises:
        CannotDoError: nothing was asked, it is done, or nothing is said.
    """
    verification = (
        Verification.objects.select_for_update(of=("self",))
        .select_related("sampled__decision")
        .get(pk=verification.pk)
    )
    if verification.sampled.decision.by_id != by.pk:
        raise PermissionDenied
    if verification.due_on is None or verification.done_at:
        raise CannotDoError("Nothing is left to do here.")
    if not done.strip():
        raise CannotDoError("Say what you did.")
    verification.done_at, verification.done = timezone.now(), done.strip()
    verification.save(update_fields=["done_at", "done"])
    record(by=by, what="decision.action-done", about=f"place:{verification.sampled.decision.place_id}")
    return verification
