"""What one learner misses: their own attempts added up, for themselves alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import fmean

from wholepicture.core.measurement import Counts
from wholepicture.core.practice import Kind, load_default
from wholepicture.web.accounts.models import User
from wholepicture.web.training.models import Attempt, Outcome
from wholepicture.web.training.selectors.debrief import KIND_NAMES
from wholepicture.web.training.selectors.teaching import grades_of

MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Profile:
    """Counts of first tries. ``missed``: concept, times missed, chances; ``kinds``: kind, seen, of, imagined."""

    attempts: int
    counts: Counts
    kinds: tuple[tuple[str, int, int, int], ...]
    missed: tuple[tuple[str, int, int], ...]
    stopped: float | None
    grades: tuple[tuple[str, int], ...]
    critical: int


def profile_of(user: User) -> Profile | None:
    """What somebody sees and misses over all their first tries; None before there is one."""
    attempts = list(Attempt.objects.filter(learner=user, first=True, handed_in_at__isnull=False))
    results = [a.result for a in attempts if a.result]
    if not results:
        return None
    counts, kinds = Counts(), {k: [0, 0, 0] for k in KIND_NAMES}
    for result in results:
        counts += Counts(*result["counts"])
        for kind, (hits, misses, false) in result["kinds"].items():
            held = kinds[Kind(kind)]
            held[0], held[1], held[2] = held[0] + hits, held[1] + hits + misses, held[2] + false
    stopped = [r["stopped"] for r in results if r["stopped"] is not None]
    return Profile(
        attempts=len(results),
        counts=counts,
        kinds=tuple((KIND_NAMES[k], *n) for k, n in kinds.items()),
        missed=_missed(user),
        stopped=fmean(stopped) if stopped else None,
        grades=grades_of(attempts),
        critical=sum(len(r["critical"]) for r in results),
    )


def _missed(user: User) -> tuple[tuple[str, int, int], ...]:
    concepts = load_default().concepts
    outcomes = Outcome.objects.filter(attempt__learner=user, attempt__first=True).exclude(seen="not asked")
    chances: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for concept, noticed in outcomes.values_list("concept", "noticed"):
        chances[concept] += 1
        missed[concept] += not noticed
    ordered = sorted(missed, key=lambda c: (-missed[c], c))
    return tuple((concepts[c].name, missed[c], chances[c]) for c in ordered if missed[c] and c in concepts)[
        :MOST_SHOWN
    ]
