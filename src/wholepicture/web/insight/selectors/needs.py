"""What practice misses, and what training shows of the same: by concept, team and time here. Counts only; small groups are kept back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from wholepicture.core.days import months_after
from wholepicture.core.insight.change import Change, Month, change
from wholepicture.core.measurement.fairness import Group, side_by_side
from wholepicture.core.measurement.signal import Interval, share
from wholepicture.core.practice import load_default
from wholepicture.web.accounts.models import Force
from wholepicture.web.encounters.selectors import counting
from wholepicture.web.encounters.selectors.counting import Chance, Scope
from wholepicture.web.insight.models import Proposal
from wholepicture.web.training.models import Course, Outcome

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Need:
    """One concept: missed in practice, of how many that could have been; and in training. Shares are None where there were too few."""

    concept: str
    name: str
    missed: int
    of: int
    share: Interval | None
    trained_missed: int
    trained_of: int
    trained: Interval | None
    teams: tuple[Group, ...]
    experience: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """All of it. ``accounts``: how many were looked at."""

    accounts: int
    missed: int
    chances: int
    concepts: tuple[Need, ...]
    teams: tuple[Group, ...]
    experience: tuple[Group, ...]


def needs_of(force: Force, scope: Scope) -> Needs:
    """What dip samples of a time say was missed, the most often missed first."""
    found = counting.chances(scope)
    names = load_default().concepts
    trained = _trained(force, scope)
    by: dict[str, list[Chance]] = defaultdict(list)
    for c in found:
        by[c.concept].append(c)
    rows = [
        _need(
            concept, names[concept].name if concept in names else concept, items, trained.get(concept, (0, 0))
        )
        for concept, items in by.items()
    ]
    rows.sort(key=lambda n: (-(n.share.low if n.share else -1), -n.missed, n.name))
    return Needs(
        counting.checks(scope).count(),
        sum(c.missed for c in found),
        len(found),
        tuple(n for n in rows if n.missed),
        _groups(found, lambda c: c.team),
        _groups(found, _time_here),
    )


def _need(concept: str, name: str, items: list[Chance], trained: tuple[int, int]) -> Need:
    missed = sum(c.missed for c in items)
    return Need(
        concept,
        name,
        missed,
        len(items),
        share(missed, len(items)) if len(items) >= FEWEST else None,
        *trained,
        share(*trained) if trained[1] >= FEWEST else None,
        _groups(items, lambda c: c.team),
        _groups(items, _time_here),
    )


def _trained(force: Force, scope: Scope) -> dict[str, tuple[int, int]]:
    """What learners missed when they first tried a scenario: (missed, of) by concept."""
    missed: Counter[str] = Counter()
    there: Counter[str] = Counter()
    rows = Outcome.objects.filter(
        attempt__learner__force=force, attempt__first=True, attempt__handed_in_at__gt=scope.since
    )
    for concept, noticed in rows.values_list("concept", "noticed"):
        there[concept] += 1
        missed[concept] += not noticed
    return {c: (missed[c], n) for c, n in there.items()}


def _groups(items: Iterable[Chance], of: Callable[[Chance], str]) -> tuple[Group, ...]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for c in items:
        counts[of(c)][0] += c.missed
        counts[of(c)][1] += 1
    return side_by_side((name, m, n) for name, (m, n) in sorted(counts.items()))


def _time_here(c: Chance) -> str:
    years = (c.at - c.joined) / timedelta(days=365.25)
    return (
        "Less than a year here"
        if years < 1
        else "One to three years here"
        if years < 3
        else "Three years here or more"
    )


def courses_with(force: Force, concept: str) -> list[tuple[Course, int]]:
    """Courses whose scenarios have a concept to be seen, with in how many of them; the most first."""
    found = []
    for course in Course.objects.filter(force=force, closed_at=None):
        content = course.latest.content
        n = sum(
            any(t.concept == concept and not t.contested for t in s.targets)
            for s in content.scenarios.values()
        )
        if n:
            found.append((course, n))
    return sorted(found, key=lambda x: (-x[1], x[0].title))


MONTHS_BEFORE, MONTHS_AFTER = 6, 6


def whether_it_helped(proposal: Proposal) -> Change | None:
    """Months before and after training was given, of its team or all; None before it was given."""
    given = proposal.answered_at
    if proposal.state != Proposal.State.TAKEN or given is None:
        return None
    day = timezone.localdate(given).replace(day=1)
    begins = months_after(day, -MONTHS_BEFORE)
    ends = min(months_after(day, MONTHS_AFTER + 1), months_after(timezone.localdate().replace(day=1), 1))
    zone = timezone.get_current_timezone()
    scope = Scope(
        proposal.force_id,
        datetime.combine(begins, datetime.min.time(), zone) - timedelta(microseconds=1),
        datetime.combine(ends, datetime.min.time(), zone),
        proposal.team_id,
    )
    own = [c for c in counting.chances(scope) if c.concept == proposal.concept]
    months, at = [], begins
    while at < ends:
        after = months_after(at, 1)
        for late in (False, True):
            # The month in which it was given counts on both sides, by its days.
            if (late and after <= timezone.localdate(given)) or (not late and at > timezone.localdate(given)):
                continue
            part = [c for c in own if at <= timezone.localdate(c.at) < after and (c.at >= given) is late]
            months.append(Month(f"{at:%B %Y}", sum(c.missed for c in part), len(part), late))
        at = after
    return change(months)
