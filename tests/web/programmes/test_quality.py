"""Quality assurance: samples that can be drawn again, one word each, blind exercises, and what a reviewer from outside sees."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import schemathesis
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.web.programmes.conftest import TODAY, World
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.accounts.services import issue_token
from wholepicture.web.config.wsgi import application
from wholepicture.web.programmes.models import Difference, Exercise, Sampled, Verification
from wholepicture.web.programmes.selectors import quality as selectors
from wholepicture.web.programmes.services import (
    CannotDoError,
    evidencing,
    reviewing,
    sampling,
    standardising,
)

SignIn = Callable[[User], Client]


def test_the_same_seed_draws_the_same(world: World) -> None:
    for criterion in ("C1.1.1", "C1.2.1", "C2.1.1", "C2.1.2"):
        world.judged(criterion, borderline=criterion == "C2.1.1")
    one = sampling.draw(world.cohort, "2026", world.verifier)
    assert one == sampling.draw(world.cohort, "2026", world.verifier)
    assert {"near the line", "a new assessor"} <= {r for d in one.drawn for r in d.reasons}
    plan = sampling.make_plan(cohort=world.cohort, kind="interim", seed="2026", by=world.verifier)
    assert {s.decision_id for s in plan.sampled.all()} == {int(d.decision.id) for d in one.drawn}
    item = plan.sampled.all()[0]
    sampling.verify(sampled=item, said="agreed", feedback="Sound.", by=world.verifier)
    again = sampling.draw(world.cohort, "2026", world.verifier)
    assert str(item.decision_id) not in {d.decision.id for d in again.drawn}


def test_nobody_samples_themselves(world: World) -> None:
    decision = world.judged("C1.1.1")
    decision.by = world.verifier
    decision.save()
    with pytest.raises(CannotDoError, match="nothing to draw"):
        sampling.make_plan(cohort=world.cohort, kind="interim", by=world.verifier)
    plan = sampling.make_plan(cohort=world.cohort, kind="interim", by=world.verifier_two)
    with pytest.raises(CannotDoError, match="Nobody looks at their own decisions"):
        sampling.add_to_plan(plan=plan, decision=decision, why="x", by=world.verifier)
    with pytest.raises(CannotDoError, match="Nobody looks at their own decisions"):
        sampling.verify(sampled=plan.sampled.get(), said="agreed", feedback="x", by=world.verifier)


def test_a_plan_is_changed_with_reasons_that_stay(world: World, signed_in: SignIn) -> None:
    decision = world.judged("C1.1.1")
    plan = sampling.make_plan(cohort=world.cohort, kind="interim", by=world.verifier)
    item = plan.sampled.get()
    client = signed_in(world.verifier)
    out = reverse("programmes:take-out", args=[item.pk])
    assert "Say why" in client.post(out, {"why": ""}).content.decode()
    client.post(out, {"why": "Seen in person."})
    page = client.get(reverse("programmes:plan", args=[plan.pk])).content.decode()
    assert "Seen in person." in page
    with pytest.raises(CannotDoError, match="taken out"):
        sampling.verify(sampled=item, said="agreed", feedback="x", by=world.verifier)
    add = reverse("programmes:add-sampled", args=[plan.pk])
    assert (
        "no decision of that number" in client.post(add, {"decision": "99999", "why": "x"}).content.decode()
    )
    client.post(add, {"decision": str(decision.pk), "why": "After all."})
    item.refresh_from_db()
    assert item.out_at is None
    assert "put back: After all." in item.reasons


def test_two_verifiers_at_once(world: World, signed_in: SignIn) -> None:
    world.judged("C1.1.1")
    item = sampling.make_plan(cohort=world.cohort, kind="interim", by=world.verifier).sampled.get()
    address = reverse("programmes:sampled", args=[item.pk])
    second = signed_in(world.verifier_two)
    assert "Do you agree?" in second.get(address).content.decode()
    signed_in(world.verifier).post(address, {"said": "agreed", "feedback": "Sound."})
    page = second.post(address, {"said": "not-agreed", "feedback": "It is not, because of this."})
    assert page.status_code == 400
    assert "Mei Lowe has decided it meanwhile: agreed" in page.content.decode()
    assert "It is not, because of this." in page.content.decode()  # nothing typed is lost
    assert Verification.objects.get().said == "agreed"
    assert not Difference.objects.exists()


def test_not_agreeing_opens_a_difference_and_an_action_is_answered(world: World, signed_in: SignIn) -> None:
    world.judged("C1.1.1")
    world.judged("C1.2.1")
    plan = sampling.make_plan(cohort=world.cohort, kind="summative", by=world.verifier)
    one, other = plan.sampled.order_by("decision__criterion")
    sampling.verify(sampled=one, said="not-agreed", feedback="Half of it.", by=world.verifier)
    assert Difference.objects.get().raised_by == world.verifier
    with pytest.raises(CannotDoError, match="by when"):
        sampling.verify(sampled=other, said="action", feedback="Date it.", by=world.verifier)
    made = sampling.verify(sampled=other, said="action", feedback="Date it.", due_on=TODAY, by=world.verifier)
    client = signed_in(world.assessor)
    assert "Date it." in client.get(reverse("programmes:assessing")).content.decode()
    client.post(reverse("programmes:action-done", args=[made.pk]), {"done": "I dated it."})
    made.refresh_from_db()
    assert made.done == "I dated it."


def test_evidence_withdrawn_after_sampling_is_still_read(world: World, signed_in: SignIn) -> None:
    world.judged("C1.1.1")
    item = sampling.make_plan(cohort=world.cohort, kind="interim", by=world.verifier).sampled.get()
    evidence = world.place.evidence.get()
    evidencing.withdraw(evidence=evidence, why="It named the child.", by=world.learner)
    page = signed_in(world.verifier).get(reverse("programmes:sampled", args=[item.pk])).content.decode()
    assert "Withdrawn" in page
    assert "What I did and why." in page
    sampling.verify(sampled=item, said="agreed", feedback="Sound when made.", by=world.verifier)


@pytest.fixture
def exercise(world: World) -> Exercise:
    return standardising.open_exercise(
        programme=world.programme,
        title="Six pieces",
        criterion="C1.1.1",
        asked="Is it met?",
        pieces=[f"Piece {n}" for n in range(6)],
        closes_on=TODAY,
        assessors=[world.assessor, world.second, world.verifier_two],
        by=world.verifier,
    )


def test_an_exercise_is_blind_until_it_closes(world: World, exercise: Exercise, signed_in: SignIn) -> None:
    mine, theirs = signed_in(world.assessor), signed_in(world.second)
    address = reverse("programmes:exercise", args=[exercise.pk])
    kept = {f"said-{n}": "met" for n in range(1, 6)} | {"why-1": "Ffion's reason", "do": "keep"}
    mine.post(address, kept)
    assert "Not judged yet: piece 6" in mine.post(address, {"do": "sign"}).content.decode()
    mine.post(address, {"said-6": "not-yet", "do": "sign"})
    assert "cannot be changed" in mine.post(address, {"said-6": "met", "do": "sign"}).content.decode()
    for who in (theirs, signed_in(world.verifier)):
        assert "Ffion's reason" not in who.get(address).content.decode().replace("&#x27;", "'")
    with pytest.raises(CannotDoError, match="At least two"):
        standardising.close_exercise(exercise=exercise, by=world.verifier)
    theirs.post(address, {f"said-{n}": "met" for n in range(1, 7)} | {"do": "sign"})
    signed_in(world.verifier).post(reverse("programmes:close-exercise", args=[exercise.pk]))
    page = theirs.get(address).content.decode().replace("&#x27;", "'")
    assert "Ffion's reason" in page
    assert "Only 6 judged: read the pieces on which you differ, not the number." in page
    exercise.refresh_from_db()
    found = selectors.agreement_in(exercise)
    assert found is not None
    assert (found.found.subjects, found.found.raters, round(found.found.raw, 3)) == (6, 2, 0.833)
    assert [p.differ for p in selectors.pieces_of(exercise)] == [False] * 5 + [True]
    with pytest.raises(CannotDoError, match="closed"):
        standardising.mark_pieces(exercise=exercise, marks={}, by=world.verifier_two, sign=True)


def ask(token: str, method: str, address: str, body: object = None) -> tuple[int, dict[str, object]]:
    response = getattr(Client(), method)(
        f"/api/v1/programmes/exercises/{address}",
        json.dumps(body) if body is not None else "",
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    return response.status_code, response.json()


def test_it_is_blind_in_the_api_too(world: World, exercise: Exercise, make_user: Callable[..., User]) -> None:
    first, second, other = (
        issue_token(user=u, name="t") for u in (world.assessor, world.second, make_user(Role.ASSESSOR))
    )
    marks = [{"piece": n, "said": "met", "why": "Ffion's reason"} for n in range(1, 7)]
    status, told = ask(first, "put", f"{exercise.pk}/marks", {"marks": marks, "sign": True})
    assert (status, told["signed"], told["others"]) == (200, True, [])
    status, told = ask(second, "get", str(exercise.pk))
    assert status == 200
    assert "Ffion" not in json.dumps(told)
    assert ask(other, "get", str(exercise.pk))[0] == 404
    assert ask(issue_token(user=world.trainer, name="t"), "get", str(exercise.pk))[0] == 403
    status, told = ask(second, "put", f"{exercise.pk}/marks", {"marks": [{"piece": 9, "said": "met"}]})
    assert (status, told["detail"]) == (422, "There is no piece 9.")
    ask(second, "put", f"{exercise.pk}/marks", {"marks": marks, "sign": True})
    standardising.close_exercise(exercise=exercise, by=world.verifier)
    _, told = ask(second, "get", str(exercise.pk))
    assert [o["assessor"] for o in told["others"]] == ["Ffion Rees"]  # type: ignore[index, attr-defined]


@pytest.mark.django_db(transaction=True)
def test_the_api_stands_up_to_anything(world: World, exercise: Exercise) -> None:
    token = issue_token(user=world.assessor, name="fuzz")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def run(data: st.DataObject) -> None:
        path, verb = data.draw(
            st.sampled_from(
                [
                    ("/api/v1/programmes/exercises/{pk}", "GET"),
                    ("/api/v1/programmes/exercises/{pk}/marks", "PUT"),
                ]
            )
        )
        case = data.draw(schema[path][verb].as_strategy())
        # That a piece is not there, or was signed, no schema can say.
        case.call_and_validate(
            headers={"Authorization": f"Bearer {token}"}, excluded_checks=[positive_data_acceptance]
        )

    run()
    assert connection.is_usable()


def test_a_reviewer_from_outside_sees_their_sample_and_no_name(world: World, signed_in: SignIn) -> None:
    world.judged("C1.1.1")
    world.place.adjustments.create(what="Materials two days before", by=world.trainer)
    review = reviewing.open_review(cohort=world.cohort, reviewer=world.reviewer, by=world.lead)
    with pytest.raises(CannotDoError, match="under way"):
        reviewing.open_review(cohort=world.cohort, reviewer=world.reviewer, by=world.lead)
    client = signed_in(world.reviewer)
    item = review.reviewed.get()
    evidence = world.place.evidence.get()
    for name, pk in (("review", review.pk), ("reviewed", item.pk), ("evidence", evidence.pk)):
        page = client.get(reverse(f"programmes:{name}", args=[pk])).content.decode()
        assert "Nia" not in page
        assert "Materials two days" not in page
        assert "testimony" not in page
    other = world.evidence("C1.2.1")
    assert client.get(reverse("programmes:evidence", args=[other.pk])).status_code == 404
    assert client.get(reverse("programmes:cohort", args=[world.cohort.pk])).status_code == 403


def test_an_action_is_closed_by_who_set_it_and_only_when_answered(world: World) -> None:
    world.judged("C1.1.1")
    review = reviewing.open_review(cohort=world.cohort, reviewer=world.reviewer, by=world.lead)
    action = reviewing.set_review_action(
        review=review, text="Show it.", due_on=TODAY, blocks=True, by=world.reviewer
    )
    with pytest.raises(CannotDoError, match="Wait for the answer"):
        reviewing.close_review_action(action=action, by=world.reviewer)
    reviewing.answer_action(action=action, answer="It is there.", by=world.trainer)
    with pytest.raises(reviewing.PermissionDenied):
        reviewing.close_review_action(action=action, by=world.trainer)
    with pytest.raises(CannotDoError, match="1 of what was drawn has not been judged"):
        reviewing.close_review(review=review, grade="low", summary="x", by=world.reviewer)
    with pytest.raises(CannotDoError, match="why it is not sound"):
        reviewing.judge_reviewed(reviewed=review.reviewed.get(), said="not-sound", note="", by=world.reviewer)
    with pytest.raises(CannotDoError, match="every decision"):
        reviewing.draw_more(review=review, by=world.reviewer)
    assert Sampled.objects.count() == 0
