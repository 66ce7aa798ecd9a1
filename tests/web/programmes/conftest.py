"""A programme with an approved provider and a cohort, and everybody who has a part in it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from wholepicture.core.programmes.specification import Method
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.programmes.models import (
    Cohort,
    CutScore,
    Decision,
    Evidence,
    Place,
    Programme,
    Provider,
)
from wholepicture.web.programmes.services import deciding, delivering, evidencing, providing, teaching
from wholepicture.web.programmes.services.deciding import TESTS, Judgement
from wholepicture.web.programmes.services.delivering import Planned
from wholepicture.web.programmes.services.evidencing import Given

TODAY = date.today()
DAY = timedelta(days=1)


def named(user: User, first: str, last: str) -> User:
    """Give somebody a name."""
    user.first_name, user.last_name = first, last
    user.save()
    return user


@dataclass
class World:
    """Everybody and everything of one cohort."""

    programme: Programme
    provider: Provider
    cohort: Cohort
    lead: User
    trainer: User
    assessor: User
    second: User
    verifier: User
    verifier_two: User
    reviewer: User
    supervisor: User
    learner: User
    place: Place

    def evidence(
        self,
        *criteria: str,
        kind: Method = Method.PORTFOLIO,
        place: Place | None = None,
        witness: User | None = None,
        by: User | None = None,
    ) -> Evidence:
        """Evidence of a learner's work."""
        place = place or self.place
        return evidencing.add_evidence(
            place=place,
            given=Given(kind, "A visit", "What I did and why.", TODAY - DAY, criteria, witness),
            by=by or place.learner,
            once=uuid.uuid4(),
        )

    def hand_in(self, *criteria: str, place: Place | None = None) -> None:
        """Hand criteria in."""
        place = place or self.place
        evidencing.hand_in(place=place, criteria=list(criteria), by=place.learner)

    def decide(
        self, criterion: str, said: str = "met", *, place: Place | None = None, borderline: bool = False
    ) -> Decision:
        """The assessor's decision, on all evidence that counts."""
        place = place or self.place
        assert place.assessor is not None
        return deciding.decide(
            place=place,
            criterion=criterion,
            said=self.judgement(said, criterion, place, borderline=borderline),
            by=place.assessor,
        )

    def judgement(
        self, said: str, criterion: str, place: Place | None = None, *, borderline: bool = False
    ) -> Judgement:
        """What somebody says, on all evidence that counts."""
        place = place or self.place
        on = tuple(str(e.pk) for e in place.evidence.all() if e.counts and criterion in e.criteria)
        return Judgement(said, "Because of what it shows.", on, TESTS, borderline)

    def judged(self, criterion: str = "C1.1.1", said: str = "met", *, borderline: bool = False) -> Decision:
        """A criterion from its evidence to its decision."""
        self.evidence(criterion)
        self.hand_in(criterion)
        return self.decide(criterion, said, borderline=borderline)

    def join(self, learner: User, *, assessor: User | None = None) -> Place:
        """Another learner in the cohort."""
        place = delivering.ask_for_place(cohort=self.cohort, learner=learner, sending="First", by=learner)
        delivering.give_place(place=place, by=self.trainer)
        place.refresh_from_db()
        delivering.look_after(
            place=place,
            assessor=assessor or self.assessor,
            supervisor=self.supervisor,
            welfare_name="Occupational health",
            welfare_reach="extension 100",
            portfolio_due=None,
            by=self.trainer,
        )
        place.refresh_from_db()
        return place

    def line(self) -> CutScore:
        """A line for the test, without three judges."""
        return CutScore.objects.create(
            version=self.cohort.version, score=11.2, judges=3, needed=12, of=16, why="x", by=self.verifier
        )


def approve(programme: Programme, lead: User, name: str = "Northshire Police") -> Provider:
    """An approved provider."""
    provider = providing.add_provider(programme=programme, name=name, kind="force", contact="", by=lead)
    providing.decide_on_provider(
        provider=provider,
        said="approved",
        why="All is shown.",
        on=TODAY - 100 * DAY,
        shown={a.id: "Seen on 1 May" for a in programme.current.content.approval},
        by=lead,
    )
    return provider


@pytest.fixture
def world(force: Force, make_user: Callable[..., User]) -> World:
    programme = Programme.objects.get(force=force, slug="scaidp")
    lead, trainer = make_user(Role.LICENSING), named(make_user(Role.TRAINER), "Tomos", "Bevan")
    provider = approve(programme, lead)
    cohort = delivering.make_cohort(
        version=programme.current,
        provider=provider,
        planned=Planned(
            "Spring",
            12,
            TODAY - 60 * DAY,
            TODAY + 30 * DAY,
            TODAY + 200 * DAY,
            "Room 1",
            "Bring a laptop.",
        ),
        by=trainer,
    )
    learner = named(make_user(Role.LEARNER), "Nia", "Clarke")
    found = World(
        programme=programme,
        provider=provider,
        cohort=cohort,
        lead=lead,
        trainer=trainer,
        assessor=named(make_user(Role.ASSESSOR), "Ffion", "Rees"),
        second=named(make_user(Role.ASSESSOR), "Owen", "Price"),
        verifier=named(make_user(Role.INTERNAL_QUALITY), "Mei", "Lowe"),
        verifier_two=named(make_user(Role.INTERNAL_QUALITY), "Kit", "Marlow"),
        reviewer=named(make_user(Role.EXTERNAL_QUALITY), "Grace", "Adeyemi"),
        supervisor=make_user(Role.SUPERVISOR),
        learner=learner,
        place=None,  # type: ignore[arg-type]
    )
    found.place = found.join(learner)
    return found


def session_held(world: World, module: str = "M1", days: int = 10) -> object:
    """A session some days ago."""
    start = timezone.now() - days * DAY
    return teaching.add_session(
        cohort=world.cohort,
        module=module,
        starts_at=start,
        ends_at=start + timedelta(hours=6),
        trainers=[world.trainer],
        venue="",
        link="",
        by=world.trainer,
    )
