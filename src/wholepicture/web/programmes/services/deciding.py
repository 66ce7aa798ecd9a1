"""What assessors decide, second opinions that are given without seeing the first, and differences that a third person settles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.programmes.portfolio import Standing
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.programmes.access import may_assess, may_name_assessor, may_settle, may_verify
from wholepicture.web.programmes.models import Decision, Difference, Place, SecondOpinion
from wholepicture.web.programmes.selectors import portfolio
from wholepicture.web.programmes.services.evidencing import locked, open_place

TESTS = ("valid", "authentic", "current", "sufficient")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an assessor says of a criterion: on which evidence, and which of the four tests of evidence hold."""

    said: str
    feedback: str
    evidence: tuple[str, ...]
    tests: tuple[str, ...] = ()
    borderline: bool = False


def _checked(place: Place, row: portfolio.Row, said: Judgement) -> None:
    there = {str(e.pk) for e in row.evidence if e.counts}
    if said.said not in Decision.Said.values:
        raise CannotDoError("Choose whether it is met.")
    if not set(said.evidence) <= there:
        raise CannotDoError(
            "Some of that evidence was withdrawn meanwhile, or is not for this criterion. Look at it again."
        )
    if said.said == Decision.Said.MET:
        if not said.evidence:
            raise CannotDoError("A criterion cannot be met on no evidence. Tick what it rests on.")
        missing = [t for t in TESTS if t not in said.tests]
        if missing:
            raise CannotDoError(
                f"To be met, its evidence must be {', '.join(missing)} too. Tick it, or say not yet."
            )
    if not said.feedback.strip():
        raise CannotDoError("Say why, so that the learner can use it.")


def _kept(place: Place, criterion: str, part: str, said: Judgement, by: User) -> Decision:
    again = None
    if said.said == Decision.Said.NOT_YET and part != Decision.Part.SECOND:
        again = timezone.localdate() + timedelta(days=place.cohort.content.days_to_show_again)
    made = Decision.objects.create(
        place=place,
        criterion=criterion,
        part=part,
        said=said.said,
        feedback=said.feedback.strip(),
        borderline=said.borderline,
        evidence=list(said.evidence),
        again_by=again,
        by=by,
    )
    record(by=by, what=f"criterion.{said.said}", about=f"place:{place.pk}", why=f"{criterion} ({part})")
    return made


@transaction.atomic
def decide(*, place: Place, criterion: str, said: Judgement, by: User) -> Decision:
    """An assessor decides a criterion that waits for them. The learner is told.

    Raises:
        CannotDoError: it does not wait, rests on nothing, or something is left unsaid.
    """
    place = locked(place.pk)
    if place.assessor_id != by.pk or not may_assess(by) or by.pk == place.learner_id:
        raise PermissionDenied
    open_place(place)
    row = portfolio.row_of(place, criterion)
    if row is None:
        raise CannotDoError(f"There is no criterion {criterion} in this programme.")
    if row.where.standing is not Standing.WAITING:
        raise CannotDoError(f"{criterion} does not wait for a decision: it is {row.where.standing.value}.")
    _checked(place, row, said)
    made = _kept(place, criterion, Decision.Part.FIRST, said, by)
    tell_people(
        [place.learner],
        about=f"place:{place.pk}",
        subject=f"{criterion}: {made.get_said_display().lower()}",
        text=f"{by} has decided {criterion} of {place.cohort}. Open your portfolio in Wholepicture to read why.",
    )
    return made


@transaction.atomic
def ask_second_opinion(
    *, decision: Decision, why: str, by: User, assessor: User | None = None
) -> SecondOpinion:
    """Have somebody else judge a criterion too. The learner and the assessor may ask; a verifier may ask and name who it is.

    Raises:
        CannotDoError: it is not the decision that counts, one is asked for already, or no reason is given.
    """
    place = locked(decision.place_id)
    verifies = may_verify(by) and place.cohort.version.programme.force_id == by.force_id
    if by.pk not in (place.learner_id, decision.by_id) and not verifies:
        raise PermissionDenied
    open_place(place)
    row = portfolio.row_of(place, decision.criterion)
    if row is None or row.ruling is None or row.ruling.pk != decision.pk or row.difference:
        raise CannotDoError("This decision does not count any more. Look at the criterion again.")
    if SecondOpinion.objects.filter(of=decision).exists():
        raise CannotDoError("A second opinion of this decision has been asked for already.")
    if not why.strip():
        raise CannotDoError("Say why. A line is enough.")
    made = SecondOpinion.objects.create(place=place, of=decision, why=why.strip()[:400], asked_by=by)
    record(by=by, what="opinion.asked", about=f"place:{place.pk}", why=f"{decision.criterion}: {why}")
    if assessor is not None:
        return name_assessor(opinion=made, assessor=assessor, by=by)
    return made


@transaction.atomic
def name_assessor(*, opinion: SecondOpinion, assessor: User, by: User) -> SecondOpinion:
    """Name who gives a second opinion.

    Raises:
        CannotDoError: they have a part in it already, or it has been given.
    """
    if not may_name_assessor(by, opinion) or assessor.force_id != by.force_id:
        raise PermissionDenied
    opinion = (
        SecondOpinion.objects.select_for_update(of=("self",)).select_related("of", "place").get(pk=opinion.pk)
    )
    if opinion.decision_id:
        raise CannotDoError("It has been given already.")
    if assessor.role not in (Role.ASSESSOR, Role.INTERNAL_QUALITY) or assessor.pk in (
        opinion.of.by_id,
        opinion.place.learner_id,
        opinion.place.supervisor_id,
    ):
        raise CannotDoError("Choose an assessor who has had no part in it.")
    opinion.assessor = assessor
    opinion.save(update_fields=["assessor"])
    tell_people(
        [assessor],
        about=f"opinion:{opinion.pk}",
        subject="A second opinion is asked of you",
        text=f"You are asked to judge {opinion.of.criterion} of {opinion.place.number}. Open Today in Wholepicture to begin.",
    )
    record(by=by, what="opinion.named", about=f"place:{opinion.place_id}", why=str(assessor))
    return opinion


@transaction.atomic
def give_opinion(*, opinion: SecondOpinion, said: Judgement, by: User) -> Decision:
    """Judge a criterion a second time. Where the two differ, a difference opens, and a third person settles it.

    Raises:
        CannotDoError: it was given, or something is left unsaid.
    """
    place = locked(opinion.place_id)
    opinion = SecondOpinion.objects.select_for_update(of=("self",)).select_related("of").get(pk=opinion.pk)
    if opinion.assessor_id != by.pk or not (may_assess(by) or may_verify(by)):
        raise PermissionDenied
    if opinion.decision_id:
        raise CannotDoError("You have given it already. It cannot be changed.")
    row = portfolio.row_of(place, opinion.of.criterion)
    if row is None:
        raise CannotDoError("There is no such criterion in this programme.")
    _checked(place, row, said)
    made = _kept(place, opinion.of.criterion, Decision.Part.SECOND, said, by)
    opinion.decision = made
    opinion.save(update_fields=["decision"])
    ruling = row.ruling
    if ruling and ruling.pk == opinion.of_id and made.said != ruling.said and row.difference is None:
        differ(one=ruling, other=made, why="A second opinion differs.", by=by)
    return made


def differ(*, one: Decision, other: Decision | None, why: str, by: User) -> Difference:
    """Open a difference. Called in the transaction of what caused it."""
    made = Difference.objects.create(
        place_id=one.place_id, criterion=one.criterion, one=one, other=other, raised_by=by, why=why
    )
    record(by=by, what="difference.opened", about=f"place:{one.place_id}", why=one.criterion)
    return made


@transaction.atomic
def settle(*, difference: Difference, said: Judgement, by: User) -> Decision:
    """A third person settles a difference; what they say counts.

    Raises:
        CannotDoError: it was settled meanwhile, or something is left unsaid.
    """
    place = locked(difference.place_id)
    difference = (
        Difference.objects.select_for_update(of=("self",))
        .select_related("one", "other", "place__cohort__version__programme")
        .get(pk=difference.pk)
    )
    if difference.settled:
        raise CannotDoError(f"{difference.settled.by} has settled it meanwhile.")
    if not may_settle(by, difference):
        raise PermissionDenied
    row = portfolio.row_of(place, difference.criterion)
    if row is None:
        raise CannotDoError("There is no such criterion in this programme.")
    _checked(place, row, said)
    made = _kept(place, difference.criterion, Decision.Part.SETTLED, said, by)
    difference.settled = made
    difference.save(update_fields=["settled"])
    tell = [place.learner, difference.one.by, *([difference.other.by] if difference.other else [])]
    tell_people(
        tell,
        about=f"place:{place.pk}",
        subject=f"{difference.criterion} is settled",
        text=f"A difference on {difference.criterion} ({place.number}) is settled: {made.get_said_display().lower()}. Open Wholepicture to read why.",
    )
    return made
