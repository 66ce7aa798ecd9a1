"""What quality assurance sees: the assessors side by side, how far they agree on the same pieces, and what waits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from wholepicture.core.measurement import Agreement, Interval, agreement, share
from wholepicture.core.measurement.raters import cohen_kappa, in_words, krippendorff_alpha
from wholepicture.web.accounts.models import User
from wholepicture.web.programmes.models import (
    Decision,
    Difference,
    Exercise,
    Marked,
    Piece,
    Programme,
    Sampled,
    SamplingPlan,
    SecondOpinion,
    Verification,
)

FEW = 10


@dataclass
class _Counts:
    decided: int = 0
    met: int = 0
    verified: int = 0
    agreed: int = 0
    second: int = 0
    same: int = 0
    milder: int = 0
    stricter: int = 0
    pieces: int = 0
    as_most: int = 0


@dataclass(frozen=True, slots=True)
class AssessorRow:
    """One assessor's record: what was looked at again, and how often others said the same.

    ``milder``: they said met where it was then said not yet; ``stricter``: the other way about.
    """

    assessor: User
    decided: int
    met: int
    verified: int
    agreed: int
    second: int
    same: int
    milder: int
    stricter: int
    pieces: int
    as_most: int
    confirmed: Interval | None
    said: str = field(default="")


def assessors_of(programme: Programme, year: int | None = None) -> list[AssessorRow]:
    """Every assessor of a programme, those whom others agreed with least first."""
    found: dict[int, _Counts] = defaultdict(_Counts)
    decisions = Decision.objects.filter(place__cohort__version__programme=programme, part=Decision.Part.FIRST)
    if year:
        decisions = decisions.filter(at__year=year)
    for by, said in decisions.values_list("by", "said"):
        found[by].decided += 1
        found[by].met += said == Decision.Said.MET
    verified = Verification.objects.filter(sampled__decision__in=decisions)
    for by, said in verified.values_list("sampled__decision__by", "said"):
        found[by].verified += 1
        found[by].agreed += said != Verification.Said.NOT_AGREED
    for opinion in SecondOpinion.objects.filter(of__in=decisions, decision__isnull=False).select_related(
        "of", "decision"
    ):
        if opinion.decision:
            found[opinion.of.by_id].second += 1
            found[opinion.of.by_id].same += opinion.of.said == opinion.decision.said
    _directions(programme, found, year)
    _exercises(programme, found, year)
    people = User.objects.in_bulk(list(found))
    rows = [_row(people[pk], c) for pk, c in found.items()]
    return sorted(rows, key=lambda r: (r.confirmed.value if r.confirmed else 2, str(r.assessor)))


def _directions(programme: Programme, found: dict[int, _Counts], year: int | None) -> None:
    settled = Difference.objects.filter(
        place__cohort__version__programme=programme, settled__isnull=False
    ).select_related("one", "settled")
    for d in settled.filter(at__year=year) if year else settled:
        if d.settled and d.one.part == Decision.Part.FIRST and d.one.said != d.settled.said:
            if d.one.said == Decision.Said.MET:
                found[d.one.by_id].milder += 1
            else:
                found[d.one.by_id].stricter += 1


def _exercises(programme: Programme, found: dict[int, _Counts], year: int | None) -> None:
    """How often each said what most of the others said of the same piece."""
    exercises = programme.exercises.exclude(closed_at=None)
    for exercise in exercises.filter(closed_at__year=year) if year else exercises:
        signed = list(exercise.marked.exclude(signed_at=None))
        for marked in signed:
            for number, mark in marked.marks.items():
                others = [m.marks[number]["said"] for m in signed if m.pk != marked.pk]
                if others and others.count("met") * 2 != len(others):
                    most = "met" if others.count("met") * 2 > len(others) else "not-yet"
                    found[marked.assessor_id].pieces += 1
                    found[marked.assessor_id].as_most += mark["said"] == most


def _row(assessor: User, c: _Counts) -> AssessorRow:
    looked, same = c.verified + c.second + c.pieces, c.agreed + c.same + c.as_most
    confirmed = share(same, looked)
    return AssessorRow(
        assessor,
        c.decided,
        c.met,
        c.verified,
        c.agreed,
        c.second,
        c.same,
        c.milder,
        c.stricter,
        c.pieces,
        c.as_most,
        confirmed,
        _words(looked, same, c, confirmed),
    )


def _words(looked: int, same: int, c: _Counts, confirmed: Interval | None) -> str:
    if looked < FEW:
        said = f"Judged beside others {looked} times: too few to say. Sample more."
    elif confirmed and confirmed.high < 0.9:
        said = "Others often say otherwise. Standardise with this assessor, and sample all they decide."
    elif confirmed and confirmed.low >= 0.8:
        said = "Others say the same."
    else:
        said = "Mostly as others. Keep sampling."
    if c.milder > c.stricter + 1:
        said += " When not confirmed, too mild."
    if c.stricter > c.milder + 1:
        said += " When not confirmed, too strict."
    return said


@dataclass(frozen=True, slots=True)
class PieceRow:
    """One piece, and what each who signed said of it."""

    piece: Piece
    said: tuple[tuple[User, str, str], ...]

    @property
    def differ(self) -> bool:
        """Whether not all said the same."""
        return len({s for _, s, _ in self.said}) > 1


@dataclass(frozen=True, slots=True)
class Agreed:
    """How far assessors agreed in one exercise, in numbers and in words. ``pairs``: Cohen's kappa of each two."""

    found: Agreement
    alpha: float | None
    pairs: tuple[tuple[User, User, int, float | None], ...]
    words: str


def pieces_of(exercise: Exercise) -> list[PieceRow]:
    """Every piece with what was said of it: for a closed exercise only, else nobody's."""
    signed = _signed(exercise)
    return [
        PieceRow(
            piece,
            tuple(
                (m.assessor, m.marks[str(piece.number)]["said"], m.marks[str(piece.number)]["why"])
                for m in signed
            ),
        )
        for piece in exercise.pieces.all()
    ]


def _signed(exercise: Exercise) -> list[Marked]:
    if exercise.closed_at is None:
        return []
    return list(exercise.marked.exclude(signed_at=None).select_related("assessor"))


def agreement_in(exercise: Exercise) -> Agreed | None:
    """How far those who signed agreed; None while it is open."""
    signed = _signed(exercise)
    if len(signed) < 2:
        return None
    numbers = [str(n) for n in exercise.pieces.values_list("number", flat=True)]
    said = [[m.marks[n]["said"] for n in numbers] for m in signed]
    found = agreement(list(zip(*said, strict=True)))
    if found is None:
        return None
    pairs = []
    for i, one in enumerate(signed):
        for j in range(i + 1, len(signed)):
            same = sum(a == b for a, b in zip(said[i], said[j], strict=True))
            pairs.append((one.assessor, signed[j].assessor, same, cohen_kappa(said[i], said[j])))
    codes = [[int(s == "met") for s in row] for row in said]
    return Agreed(found, krippendorff_alpha(codes), tuple(pairs), in_words(found))


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A sampling plan, how much of it is done, and what it covers."""

    plan: SamplingPlan
    drawn: int
    done: int


def plans_with_progress(plans: list[SamplingPlan]) -> list[PlanRow]:
    """Plans with how much of each is done."""
    found = []
    for plan in plans:
        items = Sampled.objects.filter(plan=plan, out_at=None)
        found.append(PlanRow(plan, items.count(), items.filter(verification__isnull=False).count()))
    return found
