"""A scheme, an applicant who has everything it needs, and those who run, assess and decide."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.web.programmes.conftest import named
from wholepicture.core.licensing import Condition, Step, shipped_scheme_text
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.licensing.models import Hearing, Licence, LicenceEvent, Scheme
from wholepicture.web.licensing.services import applying, hearing, stepping
from wholepicture.web.licensing.services.applying import Shows
from wholepicture.web.licensing.services.stepping import Taken
from wholepicture.web.training.models import Certificate, Course, Enrolment

TODAY = date.today()
DAY = timedelta(days=1)


@dataclass
class Desk:
    """Everybody who has a part in one licence of the domestic abuse scheme, which two decide."""

    scheme: Scheme
    holder: User
    lead: User
    manager: User
    assessor: User
    second: User
    panel: tuple[User, User]
    others: tuple[User, User]

    def trained(self, who: User) -> None:
        """Give somebody the training certificate that the scheme asks for."""
        course = Course.objects.get(force=who.force, slug="look-beyond-the-obvious")
        enrolment = Enrolment.objects.create(
            learner=who, course=course, version=course.latest, completed_at=timezone.now()
        )
        Certificate.objects.create(enrolment=enrolment, name=str(who), title=course.title, version=1)

    def shown(self, licence: Licence) -> None:
        """Evidence of everything: four cases, each for every standard, and what is declared."""
        standards = tuple(s.id for s in self.scheme.content.standards)
        for n in range(4):
            applying.add_evidence(
                licence=licence,
                shows=Shows(f"Case {n}", "What I did.", TODAY - DAY, standards, True),
                by=self.holder,
                once=uuid.uuid4(),
            )
        applying.declare(licence=licence, requirement="R3", on=TODAY, said="", by=self.manager)

    def applied(self) -> Licence:
        """An application that is handed in."""
        self.trained(self.holder)
        licence = applying.apply(scheme=self.scheme, by=self.holder)
        self.shown(licence)
        self.take(licence, Step.SUBMIT, self.holder)
        return licence

    def take(self, licence: Licence, step: Step, by: User, **more: object) -> LicenceEvent:
        """One step."""
        return stepping.take(
            licence=licence,
            step=step,
            taken=Taken(why="because", **more),
            by=by,  # type: ignore[arg-type]
        )

    def accepted(self) -> Licence:
        """An application that is being assessed."""
        licence = self.applied()
        self.take(licence, Step.ACCEPT, self.lead, assessor=self.assessor, second=self.second)
        licence.refresh_from_db()
        return licence

    def assessed(self) -> Licence:
        """One that is before the panel."""
        licence = self.accepted()
        for s in self.scheme.content.standards:
            for by in (self.assessor, self.second):
                stepping.decide_standard(licence=licence, standard=s.id, said="met", feedback="Yes.", by=by)
        stepping.finish_assessment(licence=licence, why="Good.", by=self.assessor)
        self.take(licence, Step.FORWARD, self.lead)
        return licence

    def decided(
        self,
        licence: Licence,
        said: str,
        *,
        by: tuple[User, ...] = (),
        until: date | None = None,
        conditions: tuple[Condition, ...] = (),
    ) -> Hearing:
        """A panel that votes for one thing, concluded."""
        members = by or self.panel
        found = hearing.open_hearing(licence=licence, members=list(members), by=self.lead)
        for seat in found.seats.all():
            hearing.vote(seat=seat, said=said, why="Heard.", interests="", by=seat.member)
        hearing.conclude(
            hearing=found, taken=Taken(why="Heard.", until=until, conditions=conditions), by=self.lead
        )
        return found

    def granted(self) -> Licence:
        """A licence in force."""
        licence = self.assessed()
        self.decided(licence, Step.GRANT)
        return licence


def long_ago(licence: Licence, days: int) -> None:
    """Move all that happened so many days back."""
    for event in licence.events.all():
        event.on -= days * DAY
        if event.until:
            event.until -= days * DAY
        event.save()


@pytest.fixture
def desk(force: Force, make_user: Callable[..., User]) -> Desk:
    text = shipped_scheme_text("domestic-abuse-investigator").replace(
        "double_percent = 5", "double_percent = 100"
    )
    lead = named(make_user(Role.LICENSING), "Rob", "Hartley")
    scheme = applying.publish_scheme(text=text, note="All are assessed twice.", by=lead)
    return Desk(
        scheme,
        named(make_user(), "Nia", "Clarke"),
        lead,
        named(make_user(Role.SUPERVISOR), "Priya", "Nair"),
        named(make_user(Role.ASSESSOR), "Ffion", "Rees"),
        named(make_user(Role.ASSESSOR), "Owen", "Price"),
        (
            named(make_user(Role.CHIEF_OFFICER), "Harriet", "Vale"),
            named(make_user(Role.SAFEGUARDING), "Morgan", "Ellis"),
        ),
        (
            named(make_user(Role.INTERNAL_QUALITY), "Mei", "Lowe"),
            named(make_user(Role.INTERNAL_QUALITY), "Kit", "Marlow"),
        ),
    )
