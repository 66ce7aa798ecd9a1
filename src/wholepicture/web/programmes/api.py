"""Standardisation through the API: the same pieces for everyone, and nobody's marks but one's own before it closes."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.http import HttpRequest
from ninja import Path, Router, Schema
from ninja.errors import HttpError
from pydantic import Field, field_validator

from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.api import REFUSALS
from wholepicture.web.programmes import access, services
from wholepicture.web.programmes.models import Exercise
from wholepicture.web.programmes.services import standardising

router = Router(tags=["programmes"])
NUMBER = Path(..., ge=1, le=2**31 - 1)


class PieceOut(Schema):
    """One piece to judge."""

    number: int
    text: str


class MarkOut(Schema):
    """What somebody said of one piece."""

    piece: int
    said: Literal["met", "not-yet"]
    why: str


class MarksOf(Schema):
    """All that one assessor said."""

    assessor: str
    marks: list[MarkOut]


class ExerciseOut(Schema):
    """An exercise with one's own marks. ``others`` is empty until it has closed."""

    id: int
    title: str
    criterion: str
    asked: str
    closes_on: date
    closed: bool
    signed: bool
    pieces: list[PieceOut]
    marks: list[MarkOut]
    others: list[MarksOf]


class MarkIn(Schema):
    """What one says of one piece."""

    piece: int = Field(ge=1, le=10_000)
    said: Literal["met", "not-yet"]
    why: str = Field("", max_length=2_000)

    @field_validator("why")
    @classmethod
    def _without_nul(cls, text: str) -> str:
        if "\0" in text:
            raise ValueError("It must not hold a NUL character: take it out.")
        return text


class MarksIn(Schema):
    """Marks to keep. ``sign``: they stand, and cannot be changed any more."""

    marks: list[MarkIn] = Field(max_length=500)
    sign: bool = False


def _exercise(request: HttpRequest, pk: int) -> tuple[Exercise, User]:
    user: User = request.auth  # type: ignore[attr-defined]
    if not (access.may_assess(user) or access.may_verify(user)):
        raise HttpError(403, "This token's owner does not judge portfolios.")
    found = access.exercises_of(user).filter(pk=pk).first()
    if found is None:
        raise HttpError(404, "There is no such exercise, or it is not yours to judge.")
    return found, user


def _marks(marks: dict[str, dict[str, str]]) -> list[MarkOut]:
    return [
        MarkOut(piece=int(n), said=m["said"], why=m["why"])  # type: ignore[arg-type]
        for n, m in sorted(marks.items(), key=lambda i: int(i[0]))
    ]


def _told(found: Exercise, user: User) -> ExerciseOut:
    own = found.marked.filter(assessor=user).first()
    others = found.marked.exclude(assessor=user).exclude(signed_at=None).select_related("assessor")
    return ExerciseOut(
        id=found.pk,
        title=found.title,
        criterion=found.criterion,
        asked=found.asked,
        closes_on=found.closes_on,
        closed=found.closed_at is not None,
        signed=bool(own and own.signed_at),
        pieces=[PieceOut(number=p.number, text=p.text) for p in found.pieces.all()],
        marks=_marks(own.marks if own else {}),
        others=[MarksOf(assessor=str(m.assessor), marks=_marks(m.marks)) for m in others]
        if found.closed_at
        else [],
    )


@router.get(
    "/programmes/exercises/{pk}",
    response=ExerciseOut,
    summary="One standardisation exercise",
    openapi_extra=REFUSALS,
)
def exercise(request: HttpRequest, pk: int = NUMBER) -> ExerciseOut:
    """The pieces, and one's own marks. What others said is told only once it has closed."""
    return _told(*_exercise(request, pk))


@router.put(
    "/programmes/exercises/{pk}/marks",
    response=ExerciseOut,
    summary="Keep or sign one's marks",
    openapi_extra=REFUSALS,
)
def mark(request: HttpRequest, given: MarksIn, pk: int = NUMBER) -> ExerciseOut:
    """Keep one's marks; sent again, the later counts until they are signed."""
    found, user = _exercise(request, pk)
    try:
        standardising.mark_pieces(
            exercise=found,
            marks={m.piece: (m.said, m.why) for m in given.marks},
            sign=given.sign,
            by=user,
        )
    except services.CannotDoError as error:
        raise HttpError(422, str(error)) from error
    return _told(found, user)
