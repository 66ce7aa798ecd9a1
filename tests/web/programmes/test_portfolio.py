"""Portfolios: what can be shown, handed in, decided and withdrawn, and what is said when it cannot."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.web.programmes.conftest import DAY, TODAY, World
from wholepicture.core.programmes.portfolio import Standing
from wholepicture.core.programmes.specification import Method
from wholepicture.web.accounts.models import User
from wholepicture.web.programmes.models import Decision, Difference, Document, Evidence, Sitting
from wholepicture.web.programmes.selectors import portfolio
from wholepicture.web.programmes.services import CannotDoError, deciding, evidencing, resulting, testing
from wholepicture.web.programmes.services.evidencing import Given

SignIn = Callable[[User], Client]


def standing(world: World, criterion: str = "C1.1.1") -> Standing:
    row = portfolio.row_of(world.place, criterion)
    assert row is not None
    return row.where.standing


def form(**fields: object) -> dict[str, object]:
    return {
        "kind": "portfolio",
        "title": "A visit",
        "text": "What I did.",
        "criteria": ["C1.1.1"],
        "happened_on_day": "1",
        "happened_on_month": "5",
        "happened_on_year": "2026",
        "once": uuid.uuid4(),
        **fields,
    }


def test_a_criterion_goes_its_way(world: World) -> None:
    assert standing(world) is Standing.NOTHING
    world.evidence("C1.1.1")
    assert standing(world) is Standing.GATHERING
    world.hand_in("C1.1.1")
    assert standing(world) is Standing.WAITING
    again = world.decide("C1.1.1", "not-yet")
    assert again.again_by == TODAY + 28 * DAY
    assert standing(world) is Standing.AGAIN
    world.hand_in("C1.1.1")
    world.decide("C1.1.1")
    assert standing(world) is Standing.MET


def test_a_criterion_with_no_evidence_is_not_handed_in_nor_met(world: World) -> None:
    with pytest.raises(CannotDoError, match=r"C1\.1\.1 has no evidence yet"):
        world.hand_in("C1.1.1")
    world.evidence("C1.1.1")
    # Two at once: all of them, or none.
    with pytest.raises(CannotDoError, match=r"C1\.2\.1 has no evidence yet"):
        world.hand_in("C1.1.1", "C1.2.1")
    assert standing(world) is Standing.GATHERING
    world.hand_in("C1.1.1")
    nothing = replace(world.judgement("met", "C1.1.1"), evidence=())
    with pytest.raises(CannotDoError, match="cannot be met on no evidence"):
        deciding.decide(place=world.place, criterion="C1.1.1", said=nothing, by=world.assessor)
    with pytest.raises(CannotDoError, match="must be authentic, current too"):
        deciding.decide(
            place=world.place,
            criterion="C1.1.1",
            said=replace(world.judgement("met", "C1.1.1"), tests=("valid", "sufficient")),
            by=world.assessor,
        )
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"criteria": ()}, "at least one criterion"),
        ({"criteria": ("C0",)}, "no criterion C0"),
        ({"criteria": ("C6.1.1",)}, "cannot be shown by portfolio, but by observation, scenario"),
        ({"happened_on": TODAY + DAY}, "yet to come"),
        ({"kind": Method.WITNESS, "criteria": ("C2.1.2",)}, "Choose who saw it"),
        ({"upload": ("run.exe", b"MZ")}, "of a kind that is not taken"),
        ({"upload": ("a.pdf", b"MZ\x90")}, "not what its name says"),
    ],
)
def test_what_evidence_must_be(world: World, changed: dict[str, object], said: str) -> None:
    given = Given(Method.PORTFOLIO, "T", "x", TODAY, ("C1.1.1",))
    with pytest.raises(CannotDoError, match=said):
        evidencing.add_evidence(
            place=world.place,
            given=replace(given, **changed),  # type: ignore[arg-type]
            by=world.learner,
            once=uuid.uuid4(),
        )
    assert not Evidence.objects.exists()
    assert not Document.objects.exists()


def test_nothing_typed_is_lost_when_evidence_is_refused(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.learner)
    address = reverse("programmes:add-evidence", args=[world.place.pk])
    page = client.post(address, form(criteria=["C6.1.1"], text="Every word of it"))
    assert page.status_code == 400
    assert b"Choose of the list" in page.content or b"cannot be shown by portfolio" in page.content
    assert b"Every word of it" in page.content
    once = form()
    assert client.post(address, once).status_code == 302
    assert client.post(address, once).status_code == 302
    assert Evidence.objects.count() == 1


def test_a_file_is_only_downloaded(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.learner)
    upload = SimpleUploadedFile("a b/../notes.txt", b"What happened")
    client.post(reverse("programmes:add-evidence", args=[world.place.pk]), form(document=upload))
    kept = Document.objects.get()
    response = client.get(reverse("programmes:document", args=[kept.pk]))
    assert response.content == b"What happened"
    assert response.headers["Content-Disposition"] == 'attachment; filename="notes.txt"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert signed_in(world.trainer).get(reverse("programmes:document", args=[kept.pk])).status_code == 404


def test_only_the_assessor_says_what_an_assessor_saw(world: World) -> None:
    with pytest.raises(evidencing.PermissionDenied):
        world.evidence("C2.1.2", kind=Method.OBSERVATION)
    made = world.evidence("C2.1.2", kind=Method.OBSERVATION, by=world.assessor)
    assert made.counts
    with pytest.raises(evidencing.PermissionDenied):
        world.evidence("C2.1.2", kind=Method.OBSERVATION, by=world.second)
    with pytest.raises(evidencing.PermissionDenied):
        world.evidence("C2.1.2", kind=Method.PORTFOLIO, by=world.assessor)


def test_a_witness_must_have_signed(world: World, signed_in: SignIn) -> None:
    made = world.evidence("C2.1.2", kind=Method.WITNESS, witness=world.supervisor)
    with pytest.raises(CannotDoError, match="a witness must have signed"):
        world.hand_in("C2.1.2")
    client = signed_in(world.supervisor)
    assert "asks what you saw" in client.get("/").content.decode()
    address = reverse("programmes:testify", args=[made.pk])
    assert "Say in your own words" in client.post(address, {"words": " "}).content.decode()
    client.post(address, {"words": "She saw all three.", "answer": "sign"})
    assert "cannot be changed" in client.post(address, {"words": "No."}).content.decode()
    made.refresh_from_db()
    assert made.testimony == "She saw all three."
    world.hand_in("C2.1.2")


def test_a_witness_may_decline_and_a_part_in_it_is_refused(world: World) -> None:
    with pytest.raises(CannotDoError, match="neither the learner nor their assessor"):
        world.evidence("C2.1.2", kind=Method.WITNESS, witness=world.assessor)
    made = world.evidence("C2.1.2", kind=Method.WITNESS, witness=world.supervisor)
    evidencing.answer_as_witness(evidence=made, words="", declined=True, by=world.supervisor)
    made.refresh_from_db()
    assert not made.counts


def test_what_was_met_on_withdrawn_evidence_goes_back(world: World, signed_in: SignIn) -> None:
    evidence = world.evidence("C1.1.1")
    world.evidence("C1.1.1", kind=Method.DISCUSSION, by=world.assessor)
    world.hand_in("C1.1.1")
    world.decide("C1.1.1")
    with pytest.raises(CannotDoError, match="Say why"):
        evidencing.withdraw(evidence=evidence, why=" ", by=world.learner)
    evidencing.withdraw(evidence=evidence, why="It named the child.", by=world.learner)
    assert standing(world) is Standing.WAITING
    page = signed_in(world.assessor).get("/").content.decode()
    assert "Evidence that it was met on has been withdrawn." in page
    # Who must may still read it, and why it went.
    shown = signed_in(world.verifier).get(reverse("programmes:evidence", args=[evidence.pk])).content.decode()
    assert "It named the child." in shown
    assert world.decide("C1.1.1").said == "met"
    assert standing(world) is Standing.MET


def test_days_are_kept(world: World) -> None:
    world.evidence("C1.1.1")
    world.cohort.portfolio_due = TODAY - DAY
    world.cohort.save()
    world.place.refresh_from_db()
    with pytest.raises(CannotDoError, match="was due by"):
        world.hand_in("C1.1.1")
    world.place.portfolio_due = TODAY
    world.place.save()
    world.hand_in("C1.1.1")


def test_a_second_opinion_is_blind_and_a_difference_holds_the_result(world: World, signed_in: SignIn) -> None:
    decision = world.judged("C1.1.1", "not-yet")
    asked = deciding.ask_second_opinion(decision=decision, why="I showed it.", by=world.learner)
    with pytest.raises(CannotDoError, match="asked for already"):
        deciding.ask_second_opinion(decision=decision, why="Again", by=world.assessor)
    with pytest.raises(CannotDoError, match="has had no part in it"):
        deciding.name_assessor(opinion=asked, assessor=world.assessor, by=world.verifier)
    deciding.name_assessor(opinion=asked, assessor=world.second, by=world.verifier)
    client = signed_in(world.second)
    address = reverse("programmes:opinion", args=[asked.pk])
    page = client.get(address).content.decode()
    for hidden in ("Because of what it shows.", "Not yet met</strong>", "Ffion", "Nia", "I showed it."):
        assert hidden not in page
    given = world.judgement("met", "C1.1.1")
    client.post(
        address,
        {"said": "met", "feedback": "I think it does.", "evidence": given.evidence, "tests": given.tests},
    )
    difference = Difference.objects.get()
    assert standing(world) is Standing.DIFFERS
    # Neither the learner nor the assessor reads the other opinion before it is settled.
    for who in (world.learner, world.assessor):
        shown = signed_in(who).get(reverse("programmes:criterion", args=[world.place.pk, "C1.1.1"]))
        assert "I think it does." not in shown.content.decode()
    with pytest.raises(CannotDoError, match="second opinion, is still open"):
        resulting.release(place=world.place, said="not-passed", why="x", by=world.trainer)
    deciding.settle(difference=difference, said=given, by=world.verifier)
    assert standing(world) is Standing.MET
    with pytest.raises(CannotDoError, match="has settled it meanwhile"):
        deciding.settle(difference=difference, said=given, by=world.verifier_two)
    shown = signed_in(world.learner).get(reverse("programmes:criterion", args=[world.place.pk, "C1.1.1"]))
    assert "I think it does." in shown.content.decode()


def test_a_verifier_who_owes_an_opinion_does_not_read_the_first(world: World, signed_in: SignIn) -> None:
    decision = world.judged("C1.1.1", "not-yet")
    asked = deciding.ask_second_opinion(
        decision=decision, why="x", by=world.verifier, assessor=world.verifier_two
    )
    client = signed_in(world.verifier_two)
    page = reverse("programmes:criterion", args=[world.place.pk, "C1.1.1"])
    assert client.get(page).status_code == 404
    assert client.get(reverse("programmes:place", args=[world.place.pk])).status_code == 404
    deciding.give_opinion(opinion=asked, said=world.judgement("not-yet", "C1.1.1"), by=world.verifier_two)
    assert client.get(page).status_code == 200
    assert not Difference.objects.exists()


def test_the_test_is_sat_at_most_twice_and_keeps_its_line(world: World) -> None:
    with pytest.raises(CannotDoError, match="line of this test has not been set"):
        testing.begin_test(place=world.place, by=world.learner)
    line = world.line()
    wrong = {
        q.asked.id: [next(n for n, o in enumerate(q.asked.options) if not o.right)]
        for q in world.cohort.content.test
    }
    sitting = testing.begin_test(place=world.place, by=world.learner)
    assert testing.begin_test(place=world.place, by=world.learner).pk == sitting.pk
    with pytest.raises(CannotDoError, match="Not answered yet: question 1, 2"):
        testing.hand_in_test(sitting=sitting, answers={}, by=world.learner)
    testing.hand_in_test(sitting=sitting, answers=wrong, by=world.learner)
    with pytest.raises(CannotDoError, match="already"):
        testing.hand_in_test(sitting=sitting, answers=wrong, by=world.learner)
    second = testing.begin_test(place=world.place, by=world.learner)
    testing.hand_in_test(sitting=second, answers=wrong, by=world.learner)
    with pytest.raises(CannotDoError, match="sat the test 2 times"):
        testing.begin_test(place=world.place, by=world.learner)
    line.pk, line.needed = None, 0
    line.save()
    assert not Sitting.objects.get(
        pk=second.pk
    ).passed  # a later line does not change what was judged by the one before


def test_passing_the_test_is_evidence(world: World) -> None:
    world.line()
    right = {
        q.asked.id: [n for n, o in enumerate(q.asked.options) if o.right] for q in world.cohort.content.test
    }
    sitting = testing.begin_test(place=world.place, by=world.learner)
    testing.hand_in_test(sitting=sitting, answers=right, by=world.learner)
    made = Evidence.objects.get(kind=Method.TEST)
    assert made.criteria == ["C7.1.1"]
    with pytest.raises(CannotDoError, match="cannot be withdrawn"):
        evidencing.withdraw(evidence=made, why="x", by=world.learner)
