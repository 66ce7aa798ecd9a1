"""Made-up cohorts of the demo force: one that has finished at two providers, one under way. Plainly marked, and made once."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from wholepicture.core.programmes.specification import Method
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.programmes.models import (
    Award,
    Came,
    Characteristics,
    Cohort,
    CutScore,
    Decision,
    EntryShown,
    Evidence,
    Exercise,
    Feedback,
    HandedIn,
    Marked,
    Piece,
    Place,
    Programme,
    Provider,
    ProviderDecision,
    Qualification,
    Result,
    Sampled,
    SamplingPlan,
    Session,
    Sitting,
    SupervisorView,
    Verification,
)

NAMES = ("Aled", "Beth", "Cai", "Dina", "Evan", "Freya", "Gwen", "Hari", "Ivo", "Jess", "Kit", "Lowri")
PIECES = (
    "Went to the home with the social worker. Saw the baby, weighed the mother's account against the health visitor's record, and rang the paediatrician the same hour.",
    "Was told of a bruise by school and asked the parents about it by telephone.",
    "Explains that a child of three cannot give times, and asked instead what was on television.",
    "Wrote that the child was happy and well presented. Nothing of what the child said.",
    "Saw each child alone, and recorded why the eldest was not there and when she would be.",
    "Notes the age of the child, and nothing about what it meant for the interview.",
)


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who takes part."""

    trainer: User
    assessors: tuple[User, User]
    verifier: User
    lead: User
    supervisor: User


@transaction.atomic
def make_demo_cohorts(force: Force) -> None:
    """Two finished cohorts and one under way, of made-up people. Nothing is done a second time."""
    programme = Programme.objects.filter(force=force, slug="scaidp").first()
    people = {u.username: u for u in User.objects.filter(force=force, demo=True)}
    if programme is None or programme.providers.exists() or "demo-assessor" not in people:
        return
    cast = _Cast(
        people["demo-trainer"],
        (people["demo-assessor"], people["demo-second-assessor"]),
        people["demo-assurer"],
        people["demo-licensing"],
        people["demo-supervisor"],
    )
    chance, today = random.Random(20260417), timezone.localdate()
    own = _provider(programme, "Demo Constabulary (synthetic)", Provider.Kind.FORCE, cast, today)
    college = _provider(programme, "Eastmere College (made up)", Provider.Kind.COLLEGE, cast, today)
    _qualified(cast, today)
    CutScore.objects.create(
        version=programme.current,
        score=11.4,
        error=0.4,
        judges=5,
        needed=12,
        of=len(programme.current.content.test),
        why="Made up for the demonstration: five judges, two rounds.",
        by=cast.verifier,
    )
    began = today - timedelta(days=400)
    for n, (provider, good) in enumerate(((own, 0.93), (college, 0.84))):
        cohort = _cohort(programme, provider, f"{began:%B %Y}", began, cast)
        learners = [_learner(force, n * 12 + i, name, cast) for i, name in enumerate(NAMES, 1)]
        _finished(cohort, learners, good, chance, cast)
    _exercise(programme, cast, chance)
    _under_way(programme, own, people["demo-learner"], force, chance, cast)


def _provider(programme: Programme, name: str, kind: str, cast: _Cast, today: date) -> Provider:
    made = Provider.objects.create(programme=programme, name=name, kind=kind, by=cast.lead)
    ProviderDecision.objects.create(
        provider=made,
        said=ProviderDecision.Said.APPROVED,
        shown={
            a.id: "Seen on the visit before approval (made up)." for a in programme.current.content.approval
        },
        why="Everything asked for was shown (made up).",
        on=today - timedelta(days=500),
        by=cast.lead,
    )
    return made


def _qualified(cast: _Cast, today: date) -> None:
    since = today - timedelta(days=1_200)
    for holder, what, title in (
        (cast.trainer, Qualification.What.TRAINS, "Police trainer"),
        (cast.assessors[0], Qualification.What.ASSESSES, "Assessor of competence at work"),
        (cast.assessors[1], Qualification.What.ASSESSES, "Assessor of competence at work"),
        (cast.verifier, Qualification.What.VERIFIES, "Internal quality assurance"),
    ):
        Qualification.objects.create(
            holder=holder, what=what, title=f"{title} (made up)", got_on=since, by=cast.trainer
        )


def _cohort(programme: Programme, provider: Provider, title: str, began: date, cast: _Cast) -> Cohort:
    return Cohort.objects.create(
        version=programme.current,
        provider=provider,
        title=f"{title}, {provider.name.split()[0]} (made up)",
        places=12,
        starts_on=began,
        ends_on=began + timedelta(days=80),
        portfolio_due=began + timedelta(days=330),
        venue="Training centre, room 4",
        joining="Parking is at the back. Tell Tomos Bevan what you need, at any time and without saying why. Bring nothing about a real case.",
        by=cast.trainer,
    )


def _learner(force: Force, number: int, first: str, cast: _Cast) -> User:
    user = User(
        username=f"demo-investigator-{number}",
        first_name=first,
        last_name="Madeup",
        role=Role.OFFICER,
        force=force,
    )
    user.set_unusable_password()
    user.save()
    Characteristics.objects.create(
        user=user,
        said={
            "sex": "Female" if number % 3 else "Male",
            "age": ("Under 30", "30 to 39", "40 to 49")[number % 3],
        },
    )
    return user


def _at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_current_timezone())


def _place(cohort: Cohort, learner: User, n: int, cast: _Cast) -> Place:
    place = Place.objects.create(
        cohort=cohort,
        learner=learner,
        number=f"{cohort.pk}-{n:02}",
        sending="Demo Constabulary",
        state=Place.State.JOINED,
        asked_at=_at(cohort.starts_on - timedelta(days=60)),
        joined_at=_at(cohort.starts_on - timedelta(days=30)),
        assessor=cast.assessors[n % 2],
        supervisor=cast.supervisor,
        welfare_name="Occupational health",
        welfare_reach="extension 2200 (made up)",
    )
    EntryShown.objects.bulk_create(
        EntryShown(place=place, requirement=r.id, seen="Seen (made up)", by=cast.trainer)
        for r in cohort.content.entry
    )
    return place


def _taught(cohort: Cohort, cast: _Cast, places: list[Place], *, until: date) -> None:
    for n, module in enumerate(m for m in cohort.content.modules if m.hours):
        day = cohort.starts_on + timedelta(days=7 * n)
        session = Session.objects.create(
            cohort=cohort,
            module=module.id,
            title=f"{module.id} {module.title}",
            starts_at=_at(day, 9),
            ends_at=_at(day, 16),
        )
        session.trainers.set([cast.trainer])
        if day < until:
            Came.objects.bulk_create(
                Came(session=session, place=p, how=Came.How.ATTENDED, by=cast.trainer) for p in places
            )


def _evidence(place: Place, on: date) -> dict[str, list[str]]:
    """One piece of each kind; returns the evidence of each criterion."""
    found: dict[str, list[str]] = {}
    for kind in (Method.PORTFOLIO, Method.DISCUSSION):
        criteria = [c.id for c in place.cohort.content.criteria if kind in c.methods]
        made = Evidence.objects.create(
            place=place,
            kind=kind.value,
            title="A joint visit to three children (made up)"
            if kind is Method.PORTFOLIO
            else "Professional discussion (made up)",
            text="Went with the social worker the same afternoon. Saw each child alone, wrote down what they did and said apart from what it might mean, and rang the health visitor before leaving.",
            happened_on=on,
            criteria=criteria,
            by=place.learner if kind is Method.PORTFOLIO else place.assessor or place.learner,
            at=_at(on),
        )
        for c in criteria:
            found.setdefault(c, []).append(str(made.pk))
    rest = [c.id for c in place.cohort.content.criteria if c.id not in found]
    if rest:
        made = Evidence.objects.create(
            place=place,
            kind=Method.OBSERVATION.value,
            title="Seen at work (made up)",
            text="I watched an interview from beginning to end. The child led; the learner followed.",
            happened_on=on,
            criteria=rest,
            by=place.assessor or place.learner,
            at=_at(on),
        )
        found |= {c: [str(made.pk)] for c in rest}
    return found


def _sat(place: Place, right: float, chance: random.Random, on: date) -> None:
    test = place.cohort.content.test
    cut = place.cohort.version.cut_scores.all()[0]
    answered = {q.asked.id: chance.random() < (0.55 if q.outcome == "O7.1" else right) for q in test}
    if sum(answered.values()) < cut.needed:
        answered = {q: True if n < cut.needed else r for n, (q, r) in enumerate(answered.items())}
    Sitting.objects.create(
        place=place, cut=cut, number=1, began_at=_at(on), handed_in_at=_at(on, 11), right=answered
    )


def _finished(cohort: Cohort, learners: list[User], good: float, chance: random.Random, cast: _Cast) -> None:
    places = [_place(cohort, u, n, cast) for n, u in enumerate(learners, 1)]
    _taught(cohort, cast, places, until=timezone.localdate())
    ends = cohort.ends_on
    decisions: list[Decision] = []
    for n, place in enumerate(places):
        _sat(place, good, chance, ends)
        evidence = _evidence(place, ends + timedelta(days=40))
        failed = n == 7
        for c in cohort.content.criteria:
            hard = 0.6 if c.id.startswith("C7") else good
            first = chance.random() < hard
            on, judged = evidence[c.id], ends + timedelta(days=60 + chance.randrange(60))
            if not first:
                decisions.append(_decision(place, c.id, "not-yet", on, judged))
            if first or not failed:
                decisions.append(_decision(place, c.id, "met", on, judged + timedelta(days=20), chance))
    Decision.objects.bulk_create(decisions)
    _verified(cohort, cast, chance)
    _released(places, chance, cast)


def _decision(
    place: Place, criterion: str, said: str, on: list[str], day: date, chance: random.Random | None = None
) -> Decision:
    return Decision(
        place=place,
        criterion=criterion,
        said=said,
        feedback="It shows what is asked, in your own words (made up)."
        if said == "met"
        else "Say what you did about it the same day, and show it again (made up).",
        borderline=bool(chance and chance.random() < 0.06),
        evidence=on,
        by=place.assessor or place.learner,
        at=_at(day),
    )


def _verified(cohort: Cohort, cast: _Cast, chance: random.Random) -> None:
    plan = SamplingPlan.objects.create(
        cohort=cohort,
        verifier=cast.verifier,
        kind=SamplingPlan.Kind.SUMMATIVE,
        seed="made-up",
        of=cohort.taken.count() * len(cohort.content.criteria),
        at=_at(cohort.portfolio_due),
    )
    drawn = list(Decision.objects.filter(place__cohort=cohort, said="met").order_by("?")[:30])
    for decision in drawn:
        item = Sampled.objects.create(plan=plan, decision=decision, reasons=["drawn by chance"])
        milder = decision.by_id == cast.assessors[1].pk
        Verification.objects.create(
            sampled=item,
            said="not-agreed" if milder and chance.random() < 0.25 else "agreed",
            feedback="Looked at beside its evidence (made up).",
            by=cast.verifier,
            at=_at(cohort.portfolio_due),
        )


def _released(places: list[Place], chance: random.Random, cast: _Cast) -> None:
    for n, place in enumerate(places):
        passed = n != 7
        day = place.cohort.portfolio_due - timedelta(days=chance.randrange(100))
        result = Result.objects.create(
            place=place,
            said="passed" if passed else "not-passed",
            why="" if passed else "The portfolio was not completed in time (made up).",
            by=cast.trainer,
            at=_at(day),
        )
        scores = {k: chance.choice((3, 4, 4, 5)) for k in ("useful", "taught", "supported", "fair")}
        Feedback.objects.create(place=place, scores=scores, at=_at(day))
        if passed:
            Award.objects.create(
                result=result,
                name=str(place.learner),
                title=place.cohort.content.title,
                version=place.cohort.version.number,
                given_by=str(place.cohort.provider),
                issued_at=_at(day),
            )
            SupervisorView.objects.create(
                place=place,
                months=6,
                supervisor=cast.supervisor,
                due_on=day + timedelta(days=182),
                scores={k: chance.choice((3, 4, 4, 5)) for k in ("sees", "child", "partners", "records")}
                if n % 6
                else {},
                given_at=timezone.now() if n % 6 else None,
            )


def _exercise(programme: Programme, cast: _Cast, chance: random.Random) -> None:
    made = Exercise.objects.create(
        programme=programme,
        title="Twenty-four pieces on age and stage (made up)",
        criterion="C1.1.1",
        asked="Is the criterion met?",
        closes_on=timezone.localdate() - timedelta(days=40),
        closed_at=timezone.now() - timedelta(days=40),
        by=cast.verifier,
        agreed="That an age alone says nothing: the piece must say what was done because of it (made up).",
    )
    texts = [f"{PIECES[n % len(PIECES)]} (Piece {n + 1}, made up.)" for n in range(24)]
    Piece.objects.bulk_create(Piece(exercise=made, number=n, text=t) for n, t in enumerate(texts, 1))
    for a, assessor in enumerate((*cast.assessors, cast.verifier)):
        marks = {}
        for n in range(1, 25):
            truth = "met" if n % 2 else "not-yet"
            said = "met" if truth == "not-yet" and a == 1 and chance.random() < 0.4 else truth
            marks[str(n)] = {"said": said, "why": ""}
        Marked.objects.create(exercise=made, assessor=assessor, marks=marks, signed_at=timezone.now())


def _under_way(
    programme: Programme, provider: Provider, learner: User, force: Force, chance: random.Random, cast: _Cast
) -> None:
    today = timezone.localdate()
    began = today - timedelta(days=45)
    cohort = _cohort(programme, provider, f"{began:%B %Y}", began, cast)
    others = list(User.objects.filter(force=force, username__startswith="demo-learner-").order_by("pk")[:5])
    places = [_place(cohort, u, n, cast) for n, u in enumerate([learner, *others], 1)]
    _taught(cohort, cast, places, until=today)
    content = cohort.content
    for n, place in enumerate(places):
        evidence = _evidence(place, today - timedelta(days=12))
        for m, c in enumerate(content.criteria):
            if n == 0 and m >= 8:
                break
            HandedIn.objects.create(
                place=place, criterion=c.id, by=place.learner, at=_at(today - timedelta(days=10 - n))
            )
            if m % (n + 2) == 0:
                said = "not-yet" if chance.random() < 0.2 else "met"
                _decision(place, c.id, said, evidence[c.id], today - timedelta(days=4), chance).save()
    asking = User.objects.filter(force=force, username="demo-officer").first()
    if asking:
        Place.objects.create(
            cohort=cohort,
            learner=asking,
            number=f"{cohort.pk}-07",
            sending="Response A",
            state=Place.State.ASKED,
        )
