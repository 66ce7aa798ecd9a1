"""A cohort of twelve from joining to certification, through the site's own forms, by the people whose part each is."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.programmes.conftest import TODAY, named
from wholepicture.core.programmes import shipped_specification
from wholepicture.core.programmes.specification import Method
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.programmes.models import (
    AnnualReview,
    Award,
    Cohort,
    Decision,
    Difference,
    Evidence,
    ExternalReview,
    Place,
    Provider,
    Sampled,
    Session,
    SupervisorView,
)

NAMES = ("Ada", "Bryn", "Carys", "Dev", "Efa", "Femi", "Greg", "Huw", "Isla", "Jay", "Kofi", "Lena")
CONTENT = shipped_specification()
TESTS = ["valid", "authentic", "current", "sufficient"]


def day(name: str, when: date) -> dict[str, str]:
    return {f"{name}_day": str(when.day), f"{name}_month": str(when.month), f"{name}_year": str(when.year)}


class Desk:
    """Somebody signed in, who posts forms and is told when one is refused."""

    def __init__(self, user: User) -> None:
        self.user, self.client = user, Client()
        self.client.force_login(user)

    def post(self, name: str, /, *args: object, **fields: object) -> str:
        response: HttpResponse = self.client.post(reverse(f"programmes:{name}", args=args), fields)
        if response.status_code != 302:
            text = response.content.decode()
            found = re.findall(r"error-summary__title.*?</ul>", text, re.S)
            raise AssertionError((name, response.status_code, found[:1] or text[:400]))
        return response.headers["Location"]

    def see(self, name: str, *args: object) -> str:
        response = self.client.get(reverse(f"programmes:{name}", args=args))
        assert response.status_code == 200, (name, response.status_code)
        return response.content.decode()


@pytest.fixture
def desks(force: Force, make_user: Callable[..., User]) -> dict[str, Desk]:
    people = {
        "lead": named(make_user(Role.LICENSING), "Rob", "Hartley"),
        "trainer": named(make_user(Role.TRAINER), "Tomos", "Bevan"),
        "assessor": named(make_user(Role.ASSESSOR), "Ffion", "Rees"),
        "second": named(make_user(Role.ASSESSOR), "Owen", "Price"),
        "verifier": named(make_user(Role.INTERNAL_QUALITY), "Mei", "Lowe"),
        "third": named(make_user(Role.INTERNAL_QUALITY), "Kit", "Marlow"),
        "reviewer": named(make_user(Role.EXTERNAL_QUALITY), "Grace", "Adeyemi"),
        "supervisor": named(make_user(Role.SUPERVISOR), "Priya", "Nair"),
    }
    return {k: Desk(v) for k, v in people.items()}


def test_a_cohort_of_twelve_from_joining_to_certification(
    desks: dict[str, Desk], make_user: Callable[..., User]
) -> None:
    learners = [Desk(named(make_user(Role.OFFICER), n, "Madeup")) for n in NAMES]
    cohort = begun(desks)
    places = joined(desks, learners, cohort)
    taught(desks, cohort)
    line_set(desks)
    for learner, place in zip(learners, places, strict=True):
        sat(learner, place)
        filled(learner, desks, place)
        assessed(desks, place)
    assured(desks, cohort)
    reviewed_outside(desks, cohort)
    released(desks, places)
    looked_at(desks, learners, places, cohort)


def begun(desks: dict[str, Desk]) -> Cohort:
    lead, trainer = desks["lead"], desks["trainer"]
    assert "No provider is approved" in trainer.see("new-cohort", "scaidp")
    lead.post("providers", "scaidp", name="Northshire Police", kind="force", contact="")
    provider = Provider.objects.get()
    shown = {f"shown_{a.id}": "Seen on the visit" for a in CONTENT.approval[1:]}
    lead.post(
        "decide-on-provider",
        provider.pk,
        said="conditions",
        why="Nearly all is there.",
        condition_1="Two more trainers who have investigated",
        **day("due_1", TODAY + timedelta(days=40)),
        **day("on", TODAY),
        **shown,
    )
    lead.post(
        "visit",
        provider.pk,
        found="Rooms are good.",
        grade="low",
        **day("held_on", TODAY - timedelta(days=1)),
    )
    trainer.post(
        "qualifications",
        holder=trainer.user.pk,
        what="trains",
        title="Police trainer",
        **day("got_on", TODAY - timedelta(days=900)),
    )
    trainer.post(
        "new-cohort",
        "scaidp",
        title="Spring",
        version=provider.programme.current.pk,
        provider=provider.pk,
        places=12,
        venue="Room 1",
        joining="Bring a laptop.",
        **day("starts_on", TODAY - timedelta(days=30)),
        **day("ends_on", TODAY),
        **day("portfolio_due", TODAY + timedelta(days=300)),
    )
    return Cohort.objects.get()


def joined(desks: dict[str, Desk], learners: list[Desk], cohort: Cohort) -> list[Place]:
    trainer = desks["trainer"]
    for learner in learners:
        assert "Spring" in learner.see("mine")
        learner.post("ask", cohort.pk, sending="Northshire")
    page = trainer.see("cohort", cohort.pk)
    assert page.count("Give a place<span") == 12
    places = list(cohort.taken.order_by("pk"))
    for place in places:
        trainer.post("give-place", place.pk)
        for r in CONTENT.entry:
            trainer.post("show-entry", place.pk, requirement=r.id, seen="Certificate of 3 May")
        trainer.post(
            "manage-place",
            place.pk,
            assessor=desks["assessor" if place.pk % 2 else "second"].user.pk,
            supervisor=desks["supervisor"].user.pk,
            welfare_name="Occupational health",
            welfare_reach="extension 100",
        )
    trainer.post("adjust", places[0].pk, what="Materials two days before")
    assert "Materials two days before" in learners[0].see("place", places[0].pk)
    return list(cohort.taken.order_by("pk"))


def taught(desks: dict[str, Desk], cohort: Cohort) -> None:
    trainer = desks["trainer"]
    for n, module in enumerate(m for m in CONTENT.modules if m.hours):
        trainer.post(
            "new-session",
            cohort.pk,
            module=module.id,
            starts="9:30",
            ends="15:00",
            trainers=[trainer.user.pk],
            **day("on", TODAY - timedelta(days=20 - n)),
        )
    for session in Session.objects.all():
        usernames = "\n".join(p.learner.username for p in cohort.taken.all())
        trainer.post("session", session.pk, pasted=f"username\n{usernames}")


def line_set(desks: dict[str, Desk]) -> None:
    verifier = desks["verifier"]
    verifier.post("line", "scaidp", do="begin")
    judges = ("trainer", "assessor", "second", "third")
    for of_hundred in (72, 70):
        for name in judges:
            shares = {f"q-{q.asked.id}": of_hundred for q in CONTENT.test}
            desks[name].post("line", "scaidp", do="judge", **shares)
        if of_hundred == 72:
            verifier.post("line", "scaidp", do="round")
            assert "72 of 100" in desks["trainer"].see("line", "scaidp")
    verifier.post("line", "scaidp", do="set", why="The judges agreed on seven in ten.")
    assert "The judges agreed on seven in ten." in verifier.see("line", "scaidp")


def sat(learner: Desk, place: Place) -> None:
    learner.post("test", place.pk)
    right = {f"q-{q.asked.id}": [n for n, o in enumerate(q.asked.options) if o.right] for q in CONTENT.test}
    learner.post("test", place.pk, **right)
    assert "16 of 16" in learner.see("test", place.pk)


def filled(learner: Desk, desks: dict[str, Desk], place: Place) -> None:
    """One piece of each kind, each for every criterion that can be shown so."""
    assessor = Desk(place.assessor)  # type: ignore[arg-type]
    for kind, who in (
        (Method.PORTFOLIO, learner),
        (Method.WITNESS, learner),
        (Method.DISCUSSION, assessor),
        (Method.OBSERVATION, assessor),
    ):
        who.post(
            "add-evidence",
            place.pk,
            kind=kind.value,
            title=f"A piece: {kind.value}",
            text="What was done, and why.",
            criteria=[c.id for c in CONTENT.criteria if kind in c.methods],
            witness=desks["supervisor"].user.pk if kind is Method.WITNESS else "",
            once=uuid.uuid4(),
            **day("happened_on", TODAY - timedelta(days=3)),
        )
    asked = Evidence.objects.get(place=place, kind=Method.WITNESS)
    response = desks["supervisor"].client.post(
        reverse("programmes:testify", args=[asked.pk]), {"words": "I saw it.", "answer": "sign"}
    )
    assert response.status_code == 302
    shown = {c for e in place.evidence.all() if e.counts for c in e.criteria}
    assert shown == {c.id for c in CONTENT.criteria}
    learner.post("hand-in", place.pk, criterion=sorted(shown))


def assessed(desks: dict[str, Desk], place: Place) -> None:
    assessor = Desk(place.assessor)  # type: ignore[arg-type]
    evidence = list(place.evidence.all())
    for c in CONTENT.criteria:
        on = [str(e.pk) for e in evidence if c.id in e.criteria]
        assessor.post(
            "criterion",
            place.pk,
            c.id,
            said="met",
            feedback="It shows it.",
            evidence=on,
            tests=TESTS,
            **({"borderline": "on"} if c.id == "C6.1.1" else {}),
        )


def assured(desks: dict[str, Desk], cohort: Cohort) -> None:
    verifier, third = desks["verifier"], desks["third"]
    to = verifier.post("new-plan", cohort.pk, kind="summative", seed="2026")
    assert "Seed <code>2026</code>" in verifier.client.get(to).content.decode()
    items = list(Sampled.objects.all())
    assert len(items) >= 32  # twelve near the line, the first ten of each assessor
    for item in items[1:]:
        verifier.post("sampled", item.pk, said="agreed", feedback="Sound.")
    verifier.post("sampled", items[0].pk, said="not-agreed", feedback="It shows half of it.")
    difference = Difference.objects.get()
    assert "Somebody who has had no part in it" in verifier.see("difference", difference.pk)
    place = difference.place
    trainer = desks["trainer"].client
    refused = trainer.post(reverse("programmes:release", args=[place.pk]), {"said": "passed"})
    assert "1 difference between assessors not settled" in refused.content.decode()
    third.post(
        "difference",
        difference.pk,
        said="met",
        feedback="It shows all of it.",
        tests=TESTS,
        evidence=difference.one.evidence,
    )


def reviewed_outside(desks: dict[str, Desk], cohort: Cohort) -> None:
    lead, reviewer, trainer = desks["lead"], desks["reviewer"], desks["trainer"]
    lead.post("new-review", cohort.pk, reviewer=reviewer.user.pk)
    review = ExternalReview.objects.get()
    page = reviewer.see("review", review.pk)
    for item in review.reviewed.all():
        one = reviewer.see("reviewed", item.pk)
        assert "Madeup" not in one
        reviewer.post("reviewed", item.pk, said="sound")
    assert "Madeup" not in page
    reviewer.post(
        "set-review-action",
        review.pk,
        text="Show that social workers taught.",
        blocks="on",
        **day("due_on", TODAY + timedelta(days=10)),
    )
    action = review.actions.get()
    refused = trainer.client.post(
        reverse("programmes:release", args=[cohort.taken.first().pk]),  # type: ignore[union-attr]
        {"said": "passed"},
    )
    assert "Held by external quality assurance: Show that social workers taught." in refused.content.decode()
    trainer.post("answer-action", action.pk, answer="Their names are in the session list.")
    reviewer.post("close-review-action", action.pk)
    reviewer.post("close-review", review.pk, grade="low", summary="Sound throughout.")


def released(desks: dict[str, Desk], places: list[Place]) -> None:
    for place in places:
        desks["trainer"].post("release", place.pk, said="passed", why="")
    assert Award.objects.count() == 12
    assert SupervisorView.objects.count() == 24


def looked_at(desks: dict[str, Desk], learners: list[Desk], places: list[Place], cohort: Cohort) -> None:
    for learner, place in zip(learners, places, strict=True):
        learner.post("feedback", place.pk, useful=5, taught=4, supported=4, fair=5, text="")
    page = learners[0].see("place", places[0].pk)
    award = Award.objects.get(result__place=places[0])
    assert reverse("programmes:award", args=[award.pk]) in page
    assert learners[0].client.get(reverse("programmes:award", args=[award.pk])).content.startswith(b"%PDF")
    assert "Ada Madeup" in Client().get(reverse("programmes:verify", args=[award.pk])).content.decode()
    figures = desks["trainer"].see("figures", "scaidp")
    for words in (
        "12 of 12",
        "Which outcomes are weakly taught",
        "Which assessors disagree",
        "Ffion Rees",
        "Within what chance explains",
        "I do my work differently because of it",
        "kept back",
    ):
        assert words in figures
    desks["trainer"].post("new-annual-review", "scaidp", found="It works.", todo="More on deaths.")
    review = AnnualReview.objects.get()
    address = reverse("programmes:annual-review", args=[review.pk])
    assert desks["lead"].client.get(f"{address}?format=pdf").content.startswith(b"%PDF")
    assert Decision.objects.count() == 12 * len(CONTENT.criteria) + 1
    assert timezone.localdate().year == review.year
    desks["trainer"].see("cohort", cohort.pk)
    desks["verifier"].see("quality")
    desks["trainer"].see("manage-place", places[0].pk)
