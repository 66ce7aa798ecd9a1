"""What a programme is: seen, proposed, reviewed and approved by three people; and every address by every role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from wholepicture.core.programmes import shipped_text
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.programmes.models import Judgement, Programme, Version
from wholepicture.web.programmes.services import specifying as services

OTHER = shipped_text().replace("hours = 6", "hours = 9", 1)


@pytest.fixture
def programme(force: Force) -> Programme:
    return Programme.objects.get(force=force, slug="scaidp")


def test_another_force_has_its_own(
    programme: Programme, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    other = Force.objects.create(name="Second")
    trainer = make_user(Role.TRAINER, other)
    made = services.propose(programme=Programme.objects.get(force=other), text=OTHER, note="x", by=trainer)
    assert (
        signed_in(make_user(Role.INTERNAL_QUALITY))
        .get(reverse("programmes:version", args=["scaidp", 2]))
        .status_code
        == 404
    )
    with pytest.raises(services.PermissionDenied):
        services.judge(version=made, said="reviewed", why="x", by=make_user(Role.INTERNAL_QUALITY))
    with pytest.raises(services.PermissionDenied):
        services.propose(programme=programme, text=OTHER, note="x", by=trainer)


def test_a_version_goes_by_three_people(
    programme: Programme, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    trainer, assurer, lead = (make_user(r) for r in (Role.TRAINER, Role.INTERNAL_QUALITY, Role.LICENSING))
    sent = {"text": OTHER, "note": "More on memory", "seen": "1"}
    made = signed_in(trainer).post(reverse("programmes:propose", args=["scaidp"]), sent)
    place = reverse("programmes:version", args=["scaidp", 2])
    assert made.headers["Location"] == place
    page = signed_in(assurer).get(place).content.decode()
    assert "What differs from version 1" in page
    assert "Module M1" in page
    assert "Your word on it" in page
    # Nobody else has a word, nor the licensing lead before it is reviewed.
    for somebody in (trainer, lead, make_user(Role.ASSESSOR)):
        assert "Your word on it" not in signed_in(somebody).get(place).content.decode()
        assert signed_in(somebody).post(place, {"said": "approved", "why": "x"}).status_code == 403
    assert "Say why" in signed_in(assurer).post(place, {"said": "reviewed", "why": ""}).content.decode()
    signed_in(assurer).post(place, {"said": "reviewed", "why": "Well founded."})
    assert programme.current.number == 1
    assert "waits for approval" in signed_in(lead).get(reverse("programmes:home")).content.decode()
    signed_in(lead).post(place, {"said": "approved", "why": "Agreed."})
    assert programme.current.number == 2
    assert [j.said for j in Judgement.objects.all()] == ["reviewed", "approved"]
    assert "Agreed." in signed_in(trainer).get(place).content.decode()


def test_what_was_returned_is_not_approved(programme: Programme, make_user: Callable[..., User]) -> None:
    trainer, assurer, lead = (make_user(r) for r in (Role.TRAINER, Role.INTERNAL_QUALITY, Role.LICENSING))
    made = services.propose(programme=programme, text=OTHER, note="x", by=trainer)
    services.judge(version=made, said="returned", why="Say where the hours come from.", by=assurer)
    with pytest.raises(services.CannotDoError, match="judged it meanwhile: returned"):
        services.judge(version=made, said="approved", why="x", by=lead)
    assert programme.current.number == 1
    assert services.propose(programme=programme, text=OTHER + "\n# again\n", note="y", by=trainer).number == 3


def test_two_who_judge_at_once_the_second_is_told(
    programme: Programme, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    trainer, one, two = (
        make_user(Role.TRAINER),
        make_user(Role.INTERNAL_QUALITY),
        make_user(Role.INTERNAL_QUALITY),
    )
    made = services.propose(programme=programme, text=OTHER, note="x", by=trainer)
    services.judge(version=made, said="reviewed", why="Fit.", by=one)
    page = signed_in(two).post(
        reverse("programmes:version", args=["scaidp", 2]), {"said": "returned", "why": "I would not."}
    )
    assert page.status_code == 400
    assert "has judged it meanwhile" in page.content.decode()
    assert "I would not." in page.content.decode()
    assert Judgement.objects.count() == 1


def test_a_proposal_that_cannot_be_read_or_differs_in_nothing_is_kept_on_the_page(
    programme: Programme, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    client, place = signed_in(make_user(Role.TRAINER)), reverse("programmes:propose", args=["scaidp"])
    for text, said in (
        (OTHER.replace('"injury-to-a-baby"', '"nothing"'), "there is no &#x27;nothing&#x27;"),
        ("format = ", "specification.toml"),
        (shipped_text(), "Nothing differs from version 1"),
        (OTHER.replace('id = "scaidp"', 'id = "other"', 1), "Keep the id as it is"),
    ):
        page = client.post(place, {"text": text, "note": "n", "seen": "1"})
        assert page.status_code == 400
        assert said in page.content.decode(), said
    client.post(place, {"text": OTHER, "note": "n", "seen": "1"})
    late = client.post(place, {"text": OTHER.replace("hours = 9", "hours = 11"), "note": "n", "seen": "1"})
    assert "meanwhile. What you wrote is below" in late.content.decode()
    assert "hours = 11" in late.content.decode()
    assert Version.objects.filter(programme=programme).count() == 2


def test_the_page_says_what_is_not_taught_practised_or_assessed(
    programme: Programme, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    text = (
        shipped_text()
        .replace('"sextortion-to-suicide"', '"abuse-to-suicide"')
        .replace('practised = ["a-photo"]\n', "")
    )
    trainer = make_user(Role.TRAINER)
    services.propose(programme=programme, text=text, note="x", by=trainer)
    page = signed_in(trainer).get(reverse("programmes:version", args=["scaidp", 2])).content.decode()
    assert "Not in any outcome (1)" in page
    assert "Not practised" in page
    assert f'href="{reverse("programmes:version", args=["scaidp", 2])}?against=1"' in page
    assert (
        "What differs from version 1"
        in signed_in(trainer)
        .get(reverse("programmes:version", args=["scaidp", 2]), {"against": "1"})
        .content.decode()
    )


def test_the_shipped_programme_says_that_it_is_not_the_colleges(
    programme: Programme, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    page = (
        signed_in(make_user(Role.CHIEF_OFFICER))
        .get(reverse("programmes:programme", args=["scaidp"]))
        .content.decode()
    )
    assert "not the College of Policing" in page
