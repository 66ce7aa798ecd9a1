"""Every address of programmes by every role: what is allowed, refused or not there. tests/web/test_access.py sees that none is left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.asking import not_as_expected
from tests.web.programmes.conftest import TODAY, World, approve, session_held
from tests.web.programmes.expected import DONE, EXPECTED, WHO
from wholepicture.core.programmes.specification import Method
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.programmes.models import (
    AnnualReview,
    Award,
    Document,
    Programme,
    Result,
    Sampled,
    SupervisorView,
    Verification,
)
from wholepicture.web.programmes.services import (
    deciding,
    delivering,
    providing,
    reviewing,
    sampling,
    standardising,
    teaching,
)


@pytest.fixture
def everything(
    world: World, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> tuple[dict[str, tuple[object, ...]], dict[str, Client]]:
    """The parts of each address, and a client for each of WHO."""
    w = world
    other = make_user(Role.LEARNER)
    foreign = Force.objects.create(name="Second")
    session = session_held(w)
    evidence = w.evidence("C1.1.1", "C2.1.2", kind=Method.PORTFOLIO)
    document = Document.objects.create(
        name="a.txt", kind="text/plain", size=1, digest="x", content=b"a", by=w.learner
    )
    evidence.document = document
    evidence.save()
    asked = w.evidence("C2.1.2", kind=Method.WITNESS, witness=w.supervisor)
    evidence.witness = w.supervisor
    evidence.signed_at = timezone.now()
    evidence.save()
    w.hand_in("C1.1.1", "C2.1.2")
    decision, on = w.decide("C1.1.1"), w.decide("C2.1.2", borderline=True)
    opinion = deciding.ask_second_opinion(decision=on, why="Unsure", by=w.learner)
    deciding.name_assessor(opinion=opinion, assessor=w.second, by=w.verifier)
    plan = sampling.make_plan(cohort=w.cohort, kind="interim", by=w.verifier)
    sampled = list(Sampled.objects.filter(plan=plan))
    verification = Verification.objects.create(
        sampled=sampled[1], said="action", feedback="x", due_on=TODAY, by=w.verifier_two
    )
    difference = deciding.differ(one=decision, other=None, why="x", by=w.verifier_two)
    exercise = standardising.open_exercise(
        programme=w.programme,
        title="One",
        criterion="C1.1.1",
        asked="Is it met?",
        pieces=["a", "b", "c"],
        closes_on=TODAY,
        assessors=[w.assessor, w.second],
        by=w.verifier,
    )
    for assessor in (w.assessor, w.second):
        marks = dict.fromkeys((1, 2, 3), ("met", ""))
        standardising.mark_pieces(exercise=exercise, marks=marks, by=assessor, sign=True)
    review = reviewing.open_review(cohort=w.cohort, reviewer=w.reviewer, by=w.lead)
    review.reviewed.exclude(decision=decision).delete()
    action = reviewing.set_review_action(review=review, text="x", due_on=TODAY, blocks=True, by=w.reviewer)
    action.answered_at = timezone.now()
    action.save()
    provider_action = providing.set_action(provider=w.provider, text="x", due_on=TODAY, by=w.lead)
    adjustment = delivering.adjust(place=w.place, what="x", by=w.trainer)
    done = w.join(other)
    result = Result.objects.create(place=done, said="passed", by=w.trainer)
    award = Award.objects.create(result=result, name="A", title="T", version=1, given_by="F")
    view = SupervisorView.objects.create(place=done, months=6, supervisor=w.supervisor, due_on=TODAY)
    year = AnnualReview.objects.create(
        programme=w.programme, year=2026, figures=[], found="x", todo="x", by=w.trainer
    )
    secret = teaching.new_calendar_key(by=w.learner)
    at: dict[str, tuple[object, ...]] = {
        **dict.fromkeys(
            (
                "place",
                "hand-in",
                "leave",
                "add-evidence",
                "test",
                "feedback",
                "manage-place",
                "give-place",
                "show-entry",
                "adjust",
                "end-place",
                "release",
            ),
            (w.place.pk,),
        ),
        **dict.fromkeys(
            ("home", "mine", "new-calendar", "about-me", "assessing", "cohorts", "qualifications", "quality"),
            (),
        ),
        **dict.fromkeys(
            (
                "ask",
                "cohort",
                "move-cohort",
                "keep-places",
                "add-learner",
                "new-session",
                "new-plan",
                "new-review",
            ),
            (w.cohort.pk,),
        ),
        **dict.fromkeys(
            (
                "programme",
                "propose",
                "providers",
                "new-cohort",
                "new-exercise",
                "line",
                "figures",
                "new-annual-review",
            ),
            ("scaidp",),
        ),
        **dict.fromkeys(("review", "more", "set-review-action", "close-review"), (review.pk,)),
        **dict.fromkeys(("exercise", "close-exercise", "agree"), (exercise.pk,)),
        **dict.fromkeys(("evidence", "withdraw"), (evidence.pk,)),
        **dict.fromkeys(("plan", "add-sampled"), (plan.pk,)),
        **dict.fromkeys(("sampled", "take-out"), (sampled[0].pk,)),
        **dict.fromkeys(("opinion", "name-assessor"), (opinion.pk,)),
        **dict.fromkeys(("session", "cancel-session"), (session.pk,)),  # type: ignore[attr-defined]
        **dict.fromkeys(("provider", "decide-on-provider", "visit"), (w.provider.pk,)),
        **dict.fromkeys(("answer-action", "close-review-action"), (action.pk,)),
        **dict.fromkeys(("award", "verify"), (award.pk,)),
        "version": ("scaidp", 1),
        "criterion": (w.place.pk, "C1.1.1"),
        "calendar": (secret,),
        "end-adjustment": (adjustment.pk,),
        "testify": (asked.pk,),
        "document": (document.pk,),
        "view": (view.pk,),
        "action-done": (verification.pk,),
        "ask-opinion": (decision.pk,),
        "close-provider-action": (provider_action.pk,),
        "difference": (difference.pk,),
        "reviewed": (review.reviewed.get().pk,),
        "annual-review": (year.pk,),
    }
    people: dict[str, User] = {
        "learner": w.learner,
        "other learner": other,
        "witness": w.supervisor,
        "assessor": w.assessor,
        "second": w.second,
        "trainer": w.trainer,
        "verifier": w.verifier,
        "lead": w.lead,
        "reviewer": w.reviewer,
        "chief": make_user(Role.CHIEF_OFFICER),
        "partner": make_user(Role.PARTNER),
        "foreign trainer": make_user(Role.TRAINER, foreign),
        "foreign verifier": make_user(Role.INTERNAL_QUALITY, foreign),
        "administrator": make_user(Role.ADMINISTRATOR),
    }
    return at, {"nobody": Client()} | {k: signed_in(v) for k, v in people.items()}


def test_who_may(everything: tuple[dict[str, tuple[object, ...]], dict[str, Client]]) -> None:
    at, clients = everything
    assert not_as_expected(EXPECTED, WHO, clients, at.__getitem__) == []


REFUSED_EVERYWHERE = (
    Role.CONTROL_ROOM,
    Role.RECORDS,
    Role.AUDITOR,
    Role.ANALYST,
    Role.SAFEGUARDING,
    Role.CPD,
)


@pytest.mark.parametrize("role", REFUSED_EVERYWHERE)
def test_other_roles_see_what_any_learner_does(
    role: str,
    everything: tuple[dict[str, tuple[object, ...]], dict[str, Client]],
    make_user: Callable[..., User],
    signed_in: Callable[[User], Client],
) -> None:
    """Somebody with no part in programmes gets what a learner of another place does: not one page more."""
    at, _ = everything
    client, learner = signed_in(make_user(role)), WHO.index("administrator")
    for name, (method, wanted) in EXPECTED.items():
        with transaction.atomic():
            response = getattr(client, method)(reverse(name, args=at[name.removeprefix("programmes:")]))
            transaction.set_rollback(True)
        got: object = DONE if response.status_code == 302 else response.status_code
        assert got == wanted[learner], (name, role)


def test_another_force_has_its_own_programme(world: World, make_user: Callable[..., User]) -> None:
    foreign = Force.objects.create(name="Second")
    lead, trainer = make_user(Role.LICENSING, foreign), make_user(Role.TRAINER, foreign)
    programme = Programme.objects.get(force=foreign)
    provider = approve(programme, lead)
    with pytest.raises(delivering.PermissionDenied):
        providing.close_action(
            action=providing.set_action(provider=world.provider, text="x", due_on=TODAY, by=world.lead),
            closing="x",
            by=lead,
        )
    with pytest.raises(delivering.PermissionDenied):
        delivering.give_place(place=world.place, by=trainer)
    with pytest.raises(delivering.PermissionDenied):
        delivering.ask_for_place(cohort=world.cohort, learner=trainer, sending="", by=trainer)
    assert provider.programme_id != world.programme.pk
