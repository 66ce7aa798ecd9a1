"""How a force stands by its health check, beside the last one and the product's own figures."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from wholepicture.core.insight.health import AreaStanding, Level, Question, standing
from wholepicture.web.accounts.models import User
from wholepicture.web.insight.models import HealthAction, HealthAnswer, HealthCheck, HealthEvidence
from wholepicture.web.insight.selectors.figures import Asked, shown

FEWEST = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One question: how it stands, how it stood, what shows it."""

    question: Question
    level: Level | None
    before: Level | None
    spread: tuple[tuple[str, int], ...]
    apart: bool
    unsure: int
    figure: dict[str, str] | None
    evidence: tuple[HealthEvidence, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One area."""

    area: AreaStanding
    before: Level | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """A health check as it stands. ``respondents``: how many answered; below three no level is shown, only what is theirs."""

    check: HealthCheck
    respondents: int
    sections: tuple[Section, ...]
    last: HealthCheck | None
    actions: tuple[HealthAction, ...]

    @property
    def shown(self) -> bool:
        """Whether enough have answered for levels to be shown without giving anybody away."""
        return self.respondents >= FEWEST


def _answers(check: HealthCheck) -> dict[str, list[int | None]]:
    found: dict[str, list[int | None]] = defaultdict(list)
    for question, level in HealthAnswer.objects.filter(check_of=check).values_list("question", "level"):
        found[question].append(level)
    return found


def whole_of(check: HealthCheck) -> Whole:
    """All of one health check."""
    last = (
        HealthCheck.objects.filter(force=check.force, closed_at__lt=check.closed_at or timezone.now())
        .exclude(pk=check.pk)
        .first()
    )
    before = standing(last.questions.content, _answers(last)) if last else ()
    was = {s.question.id: s.level for a in before for s in a.questions}
    areas_before = {a.area.id: a.level for a in before}
    figures = figures_of_check(check)
    evidence: dict[str, list[HealthEvidence]] = defaultdict(list)
    for e in check.evidence.select_related("by", "document").defer("document__content"):
        evidence[e.question].append(e)
    sections = tuple(
        Section(
            area,
            areas_before.get(area.area.id),
            tuple(
                Row(
                    s.question,
                    s.level,
                    was.get(s.question.id),
                    tuple((v.words, s.answers.count(v)) for v in Level),
                    s.apart,
                    s.unsure,
                    figures.get(s.question.figure),
                    tuple(evidence[s.question.id]),
                )
                for s in area.questions
            ),
        )
        for area in standing(check.questions.content, _answers(check))
    )
    respondents = check.answers.values("by").distinct().count()
    return Whole(check, respondents, sections, last, tuple(check.actions.select_related("owner")))


def figures_of_check(check: HealthCheck) -> dict[str, dict[str, str]]:
    """The force's own figures by name: as they stood when the check was closed, else as they stand."""
    if check.closed_at:
        return dict(check.figures)
    found = shown(Asked(check.force, 12, timezone.now(), None))
    return {f.id: {"title": f.title, "value": f.value, "reading": f.reading} for f in found.figures}


def own_answers(check: HealthCheck, user: User) -> dict[str, int | None]:
    """What somebody has answered themselves."""
    return dict(HealthAnswer.objects.filter(check_of=check, by=user).values_list("question", "level"))
