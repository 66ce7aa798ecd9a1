"""Does a programme work? Every figure as rows that a page, a kept review and a PDF show alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from statistics import fmean, quantiles
from typing import Any

from wholepicture.core.measurement import FEW, Interval, analyse, reliability, share, side_by_side
from wholepicture.core.measurement.assurance import Funnel, funnel
from wholepicture.core.practice import load_default
from wholepicture.core.programmes import coverage_of
from wholepicture.core.programmes.asked import FEEDBACK, GROUPS, VIEW
from wholepicture.core.programmes.specification import Delivery
from wholepicture.web.programmes.models import (
    Characteristics,
    Decision,
    Feedback,
    Place,
    Programme,
    Result,
    Sitting,
    SupervisorView,
)
from wholepicture.web.programmes.selectors.quality import assessors_of

LEAST_VOICES = 5
FEW_JUDGED = 10


@dataclass(frozen=True, slots=True)
class Section:
    """One table of figures. ``said`` is what to make of it, in words; ``marked``: the rows that need somebody to act."""

    id: str
    title: str
    said: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: tuple[int, ...] = ()


def sections_of(programme: Programme, year: int | None = None) -> list[Section]:
    """All that is known of how a programme does: over all time, or of one year."""
    return [
        _results(programme, year),
        _outcomes(programme, year),
        _assessors(programme, year),
        _providers(programme, year),
        _time(programme, year),
        _items(programme, year),
        _feedback(programme, year),
        _views(programme, year),
        *_fairness(programme, year),
    ]


def as_json(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """Sections as they are kept with a review."""
    return [asdict(s) for s in sections]


def _released(programme: Programme, year: int | None) -> list[Result]:
    found = Result.objects.filter(place__cohort__version__programme=programme).select_related(
        "place__cohort__provider", "place__learner"
    )
    return list(found.filter(at__year=year) if year else found)


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}" if whole else "none"


def _between(found: Interval | None) -> str:
    return f"{found.low:.0%} to {found.high:.0%}" if found else ""


def _results(programme: Programme, year: int | None) -> Section:
    places = Place.objects.filter(cohort__version__programme=programme).select_related("cohort")
    results = {r.place_id: r.said for r in _released(programme, year)}
    rows = []
    by_cohort: dict[Any, list[Place]] = defaultdict(list)
    for place in places:
        by_cohort[place.cohort].append(place)
    for cohort, taken in sorted(by_cohort.items(), key=lambda c: c[0].starts_on):
        if year and not (cohort.starts_on.year == year or any(p.pk in results for p in taken)):
            continue
        states = Counter(p.state for p in taken)
        passed = sum(results.get(p.pk) == "passed" for p in taken)
        failed = sum(results.get(p.pk) == "not-passed" for p in taken)
        rows.append(
            (
                f"{cohort} (version {cohort.version.number})",
                str(states["joined"]),
                str(states["left"]),
                str(passed),
                str(failed),
                str(states["joined"] - passed - failed),
            )
        )
    return Section(
        "results",
        "Cohorts",
        "Who joined, and what came of it." if rows else "No cohort yet.",
        ("Cohort", "Joined", "Left", "Passed", "Not passed", "Under way"),
        tuple(rows),
    )


def _outcomes(programme: Programme, year: int | None) -> Section:
    """Outcomes, weakest first: how many met their criteria at the first try, and how the test's questions on them did."""
    content = programme.current.content
    outcome_of = {c.id: o.id for o in content.outcomes for c in o.criteria}
    first: dict[str, list[bool]] = defaultdict(list)
    seen = set()
    decisions = Decision.objects.filter(
        place__cohort__version__programme=programme, part=Decision.Part.FIRST
    ).order_by("at", "pk")
    for place, criterion, said in (decisions.filter(at__year=year) if year else decisions).values_list(
        "place", "criterion", "said"
    ):
        if (place, criterion) not in seen and criterion in outcome_of:
            seen.add((place, criterion))
            first[outcome_of[criterion]].append(said == Decision.Said.MET)
    tested: dict[str, list[bool]] = defaultdict(list)
    outcome_asked = {q.asked.id: q.outcome for q in content.test}
    for sitting in _first_sittings(programme, year):
        for question, right in sitting.right.items():
            if question in outcome_asked:
                tested[outcome_asked[question]].append(bool(right))
    gaps = {
        r.outcome.id: [g for g in r.gaps if g != "not taught" or r.module.delivery is not Delivery.WORKPLACE]
        for r in coverage_of(content, load_default()).rows
    }
    overall = [m for marks in first.values() for m in marks]
    whole = fmean(overall) if overall else 0.0
    rows = []
    for o in content.outcomes:
        met, asked = first[o.id], tested[o.id]
        found = share(sum(met), len(met))
        why = list(gaps.get(o.id, ()))
        if found and len(met) >= FEW_JUDGED and found.high < whole:
            why.append(f"met at the first try less often than the rest ({whole:.0%})")
        right = share(sum(asked), len(asked))
        if right and len(asked) >= FEW_JUDGED and right.high < 0.7:
            why.append("its questions are often wrong")
        if len(met) < FEW_JUDGED:
            why.append("too few judged to say more")
        rows.append(
            (
                found.value if found else 2.0,
                (
                    f"{o.id} {o.text}",
                    _of(sum(met), len(met)),
                    _between(found),
                    _of(sum(asked), len(asked)),
                    "; ".join(why) or "nothing",
                ),
            )
        )
    rows.sort(key=lambda r: r[0])
    marked = tuple(
        n for n, (_, r) in enumerate(rows) if r[4] not in ("nothing", "too few judged to say more")
    )
    said = (
        "Weakest first: the share of criteria met when they were first judged, with the interval in which chance alone could put it."
        if overall
        else "Nothing has been judged yet."
    )
    return Section(
        "outcomes",
        "Which outcomes are weakly taught",
        said,
        ("Outcome", "Met at first try", "Likely between", "Questions right", "What speaks for it being weak"),
        tuple(r for _, r in rows),
        marked,
    )


def _assessors(programme: Programme, year: int | None) -> Section:
    found = assessors_of(programme, year)
    rows = tuple(
        (
            str(r.assessor),
            str(r.decided),
            _of(r.agreed, r.verified),
            _of(r.same, r.second),
            _of(r.as_most, r.pieces),
            _between(r.confirmed),
            r.said,
        )
        for r in found
    )
    marked = tuple(n for n, r in enumerate(found) if r.said.startswith("Others often"))
    return Section(
        "assessors",
        "Which assessors disagree",
        "How often others who judged the same said the same: verifiers, second opinions without sight of the first, and exercises."
        if rows
        else "Nothing has been judged yet.",
        (
            "Assessor",
            "Decided",
            "Verifier agreed",
            "Second opinion the same",
            "As most in exercises",
            "Likely between",
            "In words",
        ),
        rows,
        marked,
    )


def funnel_of(programme: Programme, year: int | None = None) -> list[Funnel]:
    """Providers' pass rates beside the whole, with the limits of chance."""
    counts: dict[str, list[bool]] = defaultdict(list)
    for r in _released(programme, year):
        counts[str(r.place.cohort.provider)].append(r.said == Result.Said.PASSED)
    return funnel([(name, sum(p), len(p)) for name, p in sorted(counts.items())])


def _providers(programme: Programme, year: int | None) -> Section:
    found = funnel_of(programme, year)
    rows, marked = [], []
    for n, f in enumerate(found):
        if f.of < FEW_JUDGED:
            said = "Too few to say."
        elif not f.inside_998:
            said = "Differs beyond chance: find out why."
            marked.append(n)
        elif not f.inside_95:
            said = "Near the limit: look again with the next cohort."
        else:
            said = "Within what chance explains."
        rows.append((f.name, _of(f.passed, f.of), f"{f.low:.0%} to {f.high:.0%}", said))
    return Section(
        "providers",
        "Pass rates by provider",
        "A provider is beside the share of all, with the limits within which chance alone would keep it: wide for few learners."
        if rows
        else "No result has been released yet.",
        ("Provider", "Passed", "By chance between", "In words"),
        tuple(rows),
        tuple(marked),
    )


def _time(programme: Programme, year: int | None) -> Section:
    days: dict[str, list[int]] = defaultdict(list)
    for r in _released(programme, year):
        if r.said == Result.Said.PASSED and r.place.joined_at:
            days[str(r.place.cohort.provider)].append((r.at - r.place.joined_at).days)
    rows = []
    for name, taken in sorted(days.items()):
        if len(taken) < LEAST_VOICES:
            rows.append((name, str(len(taken)), "too few to show", ""))
        else:
            low, middle, high = quantiles(taken, n=4)
            rows.append((name, str(len(taken)), f"{middle:.0f} days", f"{low:.0f} to {high:.0f} days"))
    return Section(
        "time",
        "Time to competence by provider",
        "From joining to a pass." if rows else "Nobody has passed yet.",
        ("Provider", "Passed", "Half within", "Middle half"),
        tuple(rows),
    )


def _first_sittings(programme: Programme, year: int | None) -> list[Sitting]:
    found = Sitting.objects.filter(
        place__cohort__version__programme=programme, number=1, handed_in_at__isnull=False
    )
    return list(found.filter(handed_in_at__year=year) if year else found)


def _items(programme: Programme, year: int | None) -> Section:
    sittings = _first_sittings(programme, year)
    asked = {q.asked.id: q for q in programme.current.content.test}
    answers = {q: [s.right.get(q) for s in sittings] for q in asked}
    items = analyse(answers) if sittings else []
    whole = reliability(answers) if sittings else None
    rows, marked = [], []
    for n, item in enumerate(items):
        said = []
        if item.takers >= FEW:
            if item.facility.value < 0.3:
                said.append("hard: is it taught?")
            if item.facility.value > 0.95:
                said.append("nearly everybody has it right")
            if item.discrimination is not None and item.discrimination < 0.1:
                said.append("does not tell who knows from who does not: read it again")
            if said and "nearly" not in said[0]:
                marked.append(n)
        rows.append(
            (
                f"{item.id} {asked[item.id].asked.text}",
                f"{item.facility.value:.0%}",
                _between(item.facility),
                "" if item.discrimination is None else f"{item.discrimination:.2f}",
                "; ".join(said) or ("a hint only" if item.takers < FEW else "nothing"),
            )
        )
    said_whole = f"{len(sittings)} first sittings." if sittings else "Nobody has sat the test yet."
    if sittings and len(sittings) < FEW:
        said_whole += f" Under {FEW} the figures are hints; no question should be changed for them alone."
    if whole and whole.alpha is not None and whole.error is not None:
        said_whole += (
            f" Alpha {whole.alpha:.2f}; a score is good to about {whole.error:.1f} questions either way."
        )
    return Section(
        "items",
        "The knowledge test, question by question",
        said_whole,
        ("Question", "Right", "Likely between", "With the rest (r)", "What to look at"),
        tuple(rows),
        tuple(marked),
    )


def _voices(
    ident: str, title: str, nobody: str, asked: dict[str, str], given: list[dict[str, int]]
) -> Section:
    head = ("Asked", "Answers", "Mean of 5", "4 or 5")
    if not given:
        return Section(ident, title, nobody, head, ())
    if len(given) < LEAST_VOICES:
        return Section(
            ident,
            title,
            f"{len(given)} answered. Fewer than {LEAST_VOICES} are not shown, so that nobody is known by their answer.",
            head,
            (),
        )
    rows = []
    for key, text in asked.items():
        said = [g[key] for g in given if key in g]
        rows.append((text, str(len(said)), f"{fmean(said):.1f}", _of(sum(s >= 4 for s in said), len(said))))
    return Section(ident, title, "1 is not at all, 5 very much.", head, tuple(rows))


def _feedback(programme: Programme, year: int | None) -> Section:
    found = Feedback.objects.filter(place__cohort__version__programme=programme)
    given = list((found.filter(at__year=year) if year else found).values_list("scores", flat=True))
    return _voices("feedback", "What learners say", "Nobody has given feedback yet.", FEEDBACK, given)


def _views(programme: Programme, year: int | None) -> Section:
    found = SupervisorView.objects.filter(place__cohort__version__programme=programme, given_at__isnull=False)
    given = list((found.filter(given_at__year=year) if year else found).values_list("scores", flat=True))
    return _voices(
        "views",
        "What supervisors see at work, six and twelve months after",
        "No supervisor has been asked yet, or none has answered: they are asked six and twelve months after a pass.",
        VIEW,
        given,
    )


def _fairness(programme: Programme, year: int | None) -> list[Section]:
    results = _released(programme, year)
    said = dict(
        Characteristics.objects.filter(user__in=[r.place.learner_id for r in results]).values_list(
            "user", "said"
        )
    )
    found = []
    for name, groups in GROUPS.items():
        counts: dict[str, list[bool]] = defaultdict(list)
        for r in results:
            group = said.get(r.place.learner_id, {}).get(name, "Not said")
            counts[group].append(r.said == Result.Said.PASSED)
        shown = side_by_side([(g, sum(counts[g]), len(counts[g])) for g in (*groups, "Not said")])
        rows = tuple(
            (g.name, "kept back", "")
            if g.hidden
            else (g.name, _of(g.passed or 0, g.of or 0), _between(g.share))
            for g in shown
        )
        found.append(
            Section(
                f"fairness-{name.replace(' ', '-')}",
                f"Fairness by {name}",
                "Small groups are kept back, and enough beside them that none can be worked out."
                if rows
                else "No result has been released yet.",
                ("Group", "Passed", "Likely between"),
                rows,
            )
        )
    return found
