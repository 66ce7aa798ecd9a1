"""Every address of training by every role: what is allowed, refused or not there. tests/web/test_access.py sees that none is left out."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from lti_tool.models import LtiContext

from tests.web.training.conftest import COURSE, begin, complete
from wholepicture.web.accounts.models import Force, Role, Team, User
from wholepicture.web.training.models import Attempt, Certificate, Draft, PanelSeat
from wholepicture.web.training.services import assigning, building, taking
from wholepicture.web.training.services.lms import connect

WHO = (
    "nobody",
    "learner",
    "other learner",
    "trainer",
    "supervisor",
    "foreign trainer",
    "partner",
    "administrator",
)
IN, HIDDEN, NO, OK, DONE = "sign in", 404, 403, 200, "done"
OWN = (IN, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
OWN_POST = (IN, DONE, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
EVERYONE = (IN, OK, OK, OK, OK, OK, NO, OK)
TEACH = (IN, NO, NO, OK, NO, OK, NO, NO)
TEACH_OURS = (IN, NO, NO, OK, NO, HIDDEN, NO, NO)
TEACH_OURS_POST = (IN, NO, NO, DONE, NO, HIDDEN, NO, NO)

EXPECTED: dict[str, tuple[str, tuple[object, ...]]] = {
    "training:home": ("get", EVERYONE),
    "training:course": ("get", EVERYONE),
    "training:begin": ("post", (IN, DONE, DONE, DONE, DONE, DONE, NO, DONE)),
    "training:step": ("get", (IN, OK, DONE, DONE, DONE, DONE, NO, DONE)),
    "training:attempt": ("get", OWN),
    "training:arrive": ("post", OWN_POST),
    "training:mark": ("post", OWN_POST),
    "training:unmark": ("post", OWN_POST),
    "training:ask": ("get", OWN),
    "training:fit": ("get", OWN),
    "training:judge": ("get", OWN),
    "training:debrief": ("get", (IN, DONE, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN)),
    "training:practice": ("get", EVERYONE),
    "training:record": ("get", EVERYONE),
    "training:certificate": ("get", (IN, OK, HIDDEN, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN)),
    "training:verify": ("get", (OK,) * 8),
    "training:completion": ("get", (IN, NO, NO, OK, OK, OK, NO, NO)),
    "training:manage": ("get", TEACH),
    "training:classroom": ("get", TEACH),
    "training:new-scenario": ("get", TEACH),
    "training:scenario": ("get", TEACH_OURS),
    "training:panel": ("post", TEACH_OURS_POST),
    "training:preview": ("get", (IN, NO, NO, DONE, NO, HIDDEN, NO, NO)),
    "training:seat": ("get", (IN, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN, NO, HIDDEN)),
    "training:manage-course": ("get", TEACH),
    "training:assign": ("post", (IN, NO, NO, 400, NO, 400, NO, NO)),
    "training:end-assignment": ("post", TEACH_OURS_POST),
    "training:export": ("get", TEACH),
    "training:scorm": ("get", TEACH),
    "training:edit": ("get", TEACH),
    "training:add-step": ("get", TEACH),
    "training:take-out": ("post", (IN, NO, NO, DONE, NO, DONE, NO, NO)),
    "training:close": ("post", (IN, NO, NO, DONE, NO, DONE, NO, NO)),
    "training:analysis": ("get", TEACH),
    "training:lms": ("get", (IN, NO, NO, OK, NO, OK, NO, OK)),
    "training:lms-stop": ("post", (IN, NO, NO, NO, NO, NO, NO, DONE)),
    "training:lms-roster": ("post", (IN, NO, NO, DONE, NO, HIDDEN, NO, DONE)),
    # A learning system's own way in: what it sends says who may come, and these say nothing that does.
    "training:lti-login": ("post", (NO,) * 8),
    "training:lti-launch": ("post", (NO,) * 8),
    "training:lti-choose": ("post", (NO,) * 8),
    "training:lti-keys": ("get", (OK,) * 8),
}
WANTED = {
    **dict.fromkeys(
        ("attempt", "arrive", "mark", "unmark", "ask", "fit", "judge", "debrief", "certificate", "verify"),
        ("pk",),
    ),
    **dict.fromkeys(("scenario", "panel", "preview", "seat", "lms-stop", "lms-roster"), ("pk",)),
    **dict.fromkeys(
        (
            "course",
            "begin",
            "manage-course",
            "assign",
            "export",
            "scorm",
            "edit",
            "add-step",
            "close",
            "analysis",
        ),
        ("slug",),
    ),
    "step": ("slug", "item"),
    "take-out": ("slug", "item"),
    "end-assignment": ("slug", "pk"),
}


class World:
    """One force with everything in it, another beside it, and somebody of each kind."""

    def __init__(
        self, force: Force, make_user: Callable[..., User], sign_in: Callable[[User], Client]
    ) -> None:
        from wholepicture.web.training.models import Course

        course = Course.objects.get(force=force, slug=COURSE)
        other = Force.objects.create(name="Second")
        team = Team.objects.create(force=force, name="A")
        self.learner, trainer = make_user(Role.LEARNER), make_user(Role.TRAINER)
        supervisor, administrator = make_user(Role.SUPERVISOR), make_user(Role.ADMINISTRATOR)
        supervisor.team = team
        supervisor.save()
        enrolment = taking.begin(course=course, by=self.learner)
        self.attempt = begin(enrolment, "noise-again")
        taking.done_step(enrolment=enrolment, item="read-asking")
        self.certificate = Certificate.objects.create(
            enrolment=enrolment, name="Nia Clarke", title=course.title, version=1
        )
        self.draft = building.start_draft(title="T", narrative="He is alone.", by=trainer)
        self.seat = PanelSeat.objects.create(draft=self.draft, expert=self.learner)
        self.assignment = assigning.assign(
            course=course, due_on=enrolment.began_at.date(), by=trainer, learner=self.learner
        )
        lms = connect(
            name="L",
            issuer="https://lms.example",
            client_id="c",
            auth_url="https://lms.example/a",
            token_url="https://lms.example/t",
            keyset_url="https://lms.example/k",
            deployments=["1"],
            by=administrator,
        )
        self.lms = lms
        self.context = LtiContext.objects.create(
            deployment=lms.registration.deployments.get(), id_on_platform="x"
        )
        self.clients = {
            "nobody": Client(),
            "learner": sign_in(self.learner),
            "other learner": sign_in(make_user(Role.LEARNER)),
            "trainer": sign_in(trainer),
            "supervisor": sign_in(supervisor),
            "foreign trainer": sign_in(make_user(Role.TRAINER, other)),
            "partner": sign_in(make_user(Role.PARTNER)),
            "administrator": sign_in(administrator),
        }

    def address(self, name: str) -> str:
        short = name.removeprefix("training:")
        own = {
            "certificate": self.certificate.pk,
            "verify": self.certificate.pk,
            "scenario": self.draft.pk,
            "panel": self.draft.pk,
            "preview": self.draft.pk,
            "seat": self.seat.pk,
            "lms-stop": self.lms.pk,
            "lms-roster": self.context.pk,
            "end-assignment": self.assignment.pk,
        }
        parts = {"pk": own.get(short, self.attempt.pk), "slug": COURSE, "item": "read-vulnerable"}
        return reverse(name, kwargs={k: parts[k] for k in WANTED.get(short, ())})


def looks(world: World, name: str) -> None:
    """Somebody of each kind asks for an address."""
    method, expected = EXPECTED[name]
    for who, wanted in zip(WHO, expected, strict=True):
        response = getattr(world.clients[who], method)(world.address(name))
        if wanted == IN:
            assert response.status_code == 302, (name, who)
            assert response.headers["Location"].startswith("/sign-in"), (name, who)
        elif wanted == DONE:
            assert response.status_code == 302, (name, who)
            assert not response.headers["Location"].startswith("/sign-in"), (name, who)
        else:
            assert response.status_code == wanted, (name, who, response.status_code)


def test_who_may_look(
    force: Force, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    """Looking changes nothing, so one world serves for all of it."""
    world = World(force, make_user, signed_in)
    for name in sorted(n for n, (method, _) in EXPECTED.items() if method == "get"):
        looks(world, name)


@pytest.mark.parametrize("name", sorted(n for n, (method, _) in EXPECTED.items() if method == "post"))
def test_who_may_change(
    name: str, force: Force, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    looks(World(force, make_user, signed_in), name)


def test_a_supervisor_sees_their_own_team_and_no_answers(
    force: Force, course: object, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    ours, theirs = Team.objects.create(force=force, name="A"), Team.objects.create(force=force, name="B")
    supervisor = make_user(Role.SUPERVISOR)
    supervisor.team = ours
    supervisor.save()
    people = []
    for team, name in ((ours, "Ann"), (theirs, "Bob")):
        user = make_user()
        user.team, user.first_name, user.last_name = team, name, "Test"
        user.save()
        people.append(user)
        enrolment = taking.begin(course=course, by=user)  # type: ignore[arg-type]
        begin(enrolment, "noise-again")
    page = signed_in(supervisor).get(reverse("training:completion")).content.decode()
    assert "Ann Test" in page
    assert "Bob Test" not in page
    for attempt in Attempt.objects.all():
        assert signed_in(supervisor).get(reverse("training:debrief", args=[attempt.pk])).status_code == 404


def test_an_expert_sees_no_key_but_their_own(
    make_user: Callable[..., User], trainer: User, signed_in: Callable[[User], Client]
) -> None:
    """No answer to one expert holds what another said, before or after they sign."""
    draft = building.start_draft(title="T", narrative="She is 14 weeks pregnant. He hit her.", by=trainer)
    one, two = make_user(Role.SAFEGUARDING), make_user(Role.SUPERVISOR)
    first = PanelSeat.objects.create(
        draft=draft,
        expert=one,
        added=[{"where": "l1", "words": "SECRETWORD", "concept": "afraid", "person": "p1"}],
    )
    second = PanelSeat.objects.create(draft=draft, expert=two)
    Draft.objects.filter(pk=draft.pk).update(state=Draft.State.PANEL)
    client = signed_in(two)
    assert "SECRETWORD" not in client.get(reverse("training:seat", args=[second.pk])).content.decode()
    assert client.get(reverse("training:seat", args=[first.pk])).status_code == 404
    assert client.post(reverse("training:seat", args=[first.pk]), {"sign": "yes"}).status_code == 404
    assert (
        "SECRETWORD"
        not in signed_in(trainer).get(reverse("training:scenario", args=[draft.pk])).content.decode()
    )


def test_a_certificate_says_no_more_than_it_does(
    enrolment: object, learner: User, signed_in: Callable[[User], Client]
) -> None:
    complete(enrolment)  # type: ignore[arg-type]
    found = Certificate.objects.get()
    page = Client().get(reverse("training:verify", args=[found.pk])).content.decode()
    assert found.name in page
    assert learner.username not in page
    assert "Seen" not in page
    assert Client().get(reverse("training:verify", args=[uuid.uuid4()])).status_code == 404
