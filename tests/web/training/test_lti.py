"""Beside the force's own learning system: launch, mark, roster and linking against Open edX's code; and every way in that is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import jwt
import pytest
from django.test import Client
from django.urls import reverse
from lti_tool.models import LtiContext, LtiDeployment, LtiUser

from tests.web.training.conftest import COURSE, complete, play
from tests.web.training.platform import Platform, new_key, running
from wholepicture.web.accounts.models import Outgoing, Role, User
from wholepicture.web.accounts.services import deliver_due
from wholepicture.web.training.lti import public_keys
from wholepicture.web.training.models import Course, Enrolment, Lms, LmsPlace
from wholepicture.web.training.services.lms import connect, disconnect, mark_of

pytestmark = pytest.mark.django_db
ITEM = {"wholepicture_course": COURSE, "wholepicture_item": "noise-again"}


@pytest.fixture
def platform(course: Course, make_user: Callable[..., User]) -> Iterator[Platform]:
    with running() as made:
        lms = connect(
            name="Force learning",
            issuer=made.address,
            client_id=made.client_id,
            auth_url=f"{made.address}/auth",
            token_url=f"{made.address}/token",
            keyset_url=f"{made.address}/keys",
            deployments=[made.deployment],
            by=make_user(Role.ADMINISTRATOR),
        )
        # The platform knows our side by the keys that we serve.
        made.consumer = made.made(tool_key=lms.public_key)
        yield made


def test_a_learner_comes_in_and_the_mark_goes_back(platform: Platform) -> None:
    client = Client()
    response = platform.launch(client, custom=ITEM)
    assert response.headers["Location"] == reverse("training:step", args=[COURSE, "noise-again"])
    page = client.get(response.headers["Location"])
    assert "Noise again at flat 6" in page.content.decode()
    learner = LtiUser.objects.get().auth_user
    assert learner.role == Role.LEARNER
    assert not learner.has_usable_password()
    attempt = play(Enrolment.objects.get(learner=learner), "noise-again")
    assert deliver_due() == 1
    [sent] = platform.scores
    assert sent["userId"] == "sub-1"
    assert (sent["scoreGiven"], sent["scoreMaximum"]) == (mark_of(attempt)[0], 100)
    assert (sent["activityProgress"], sent["gradingProgress"]) == ("Completed", "FullyGraded")
    assert re.fullmatch(r"Seen: \d+ of \d+\. Imagined: 0\.", sent["comment"])
    assert Outgoing.objects.get().state == Outgoing.State.SENT


def test_a_whole_course_sends_one_mark_when_it_is_done(platform: Platform) -> None:
    platform.launch(Client(), custom={"wholepicture_course": COURSE})
    complete(Enrolment.objects.get())
    deliver_due()
    assert [s["scoreGiven"] for s in platform.scores] == [100]


def test_what_is_not_passed_is_below_fifty(platform: Platform) -> None:
    platform.launch(Client(), custom=ITEM)
    attempt = play(Enrolment.objects.get(), "noise-again", seeing=0.9)
    assert not attempt.result["passed"]
    deliver_due()
    [sent] = platform.scores
    assert sent["scoreGiven"] < 50
    assert "Something critical was missed." in sent["comment"]


def test_a_mark_waits_while_the_learning_system_is_away(platform: Platform) -> None:
    platform.launch(Client(), custom=ITEM)
    play(Enrolment.objects.get(), "noise-again")
    platform.down = True
    deliver_due()
    item = Outgoing.objects.get()
    assert item.state == Outgoing.State.WAITING
    assert "503" in item.problem or "Exception" in item.problem
    platform.down = False
    Outgoing.objects.update(due=item.made_at)
    deliver_due()
    assert len(platform.scores) == 1


def test_the_same_person_comes_back_to_the_same_account_and_no_address_is_kept(platform: Platform) -> None:
    for _ in range(2):
        platform.launch(Client(), custom=ITEM)
    platform.launch(Client(), user="sub-2", custom=ITEM)
    assert User.objects.filter(username__startswith="lms-").count() == 2
    assert set(LtiUser.objects.values_list("email", flat=True)) == {""}
    assert not User.objects.filter(email="nia@example.org").exists()


def test_whoever_comes_so_has_training_and_nothing_else(platform: Platform, settings: object) -> None:
    """Not even where a second factor is required of everyone: theirs is the learning system's."""
    settings.SECOND_FACTOR = True  # type: ignore[attr-defined]
    client = Client()
    platform.launch(client, role="staff", custom=ITEM)
    assert client.get(reverse("training:home")).status_code == 200
    for name in ("encounters:start", "encounters:search", "training:manage", "accounts:accounts"):
        assert client.get(reverse(name)).status_code == 403, name


def test_the_roster_is_fetched(
    platform: Platform, trainer: User, signed_in: Callable[[User], Client]
) -> None:
    platform.launch(Client(), custom=ITEM)
    platform.members = [
        {"user_id": "sub-1", "roles": ["Learner"], "status": "Active", "name": "Nia Clarke"},
        {
            "user_id": "sub-9",
            "roles": ["Learner"],
            "given_name": "Owen",
            "family_name": "Hale",
            "email": "o@example.org",
        },
    ]
    client = signed_in(trainer)
    answer = client.post(reverse("training:lms-roster", args=[LtiContext.objects.get().pk]), follow=True)
    assert "2 people are on that roster" in answer.content.decode()
    assert User.objects.get(first_name="Owen").username.startswith("lms-")
    assert not User.objects.filter(email__gt="").exists()


def test_a_trainer_there_links_a_scenario(platform: Platform) -> None:
    client = Client()
    page = platform.launch(client, role="staff", deep=True)
    assert page.status_code == 200
    token = re.search(r'name="token" value="([^"]+)"', page.content.decode())
    assert token
    answer = client.post(reverse("training:lti-choose"), {"token": token[1], "what": f"{COURSE}/a-photo"})
    assert f"form-action {platform.address}" in answer.headers["Content-Security-Policy"]
    assert f'action="{platform.address}/deep"' in answer.content.decode()
    sent = re.search(r'name="JWT" value="([^"]+)"', answer.content.decode())
    assert sent
    [item] = platform.consumer.check_and_decode_deep_linking_token(sent[1])
    assert item["type"] == "ltiResourceLink"
    assert item["title"] == "A photo"
    assert item["custom"] == {"wholepicture_course": COURSE, "wholepicture_item": "a-photo"}


def test_a_learner_may_not_choose_what_is_linked(platform: Platform) -> None:
    assert platform.launch(Client(), role="student", deep=True).status_code == 403


def test_our_keys_are_served_and_hold_nothing_private(platform: Platform) -> None:
    [key] = Client().get(reverse("training:lti-keys")).json()["keys"]
    assert key["kty"] == "RSA"
    assert set(key) <= {"kty", "n", "e", "kid", "alg", "use"}
    assert "PRIVATE" not in Lms.objects.get().key
    assert public_keys()["keys"] == [key]


def refused(response: object) -> bool:
    """Whether nobody was let in by a launch."""
    return response.status_code == 403 and not LtiUser.objects.filter(auth_user__isnull=False).exists()  # type: ignore[attr-defined]


def test_a_token_is_taken_once(platform: Platform) -> None:
    client = Client()
    assert platform.launch(client, custom=ITEM).status_code == 302
    again = client.post(reverse("training:lti-launch"), platform.posted)
    assert again.status_code == 403
    assert "used already" in again.content.decode()
    # Nor from another browser that holds the cookies of the first.
    other = Client()
    other.cookies = client.cookies
    assert other.post(reverse("training:lti-launch"), platform.posted).status_code == 403


def test_a_token_of_another_browser_is_refused(platform: Platform) -> None:
    platform.launch(Client(), custom=ITEM)
    LmsPlace.objects.all().delete()
    assert Client().post(reverse("training:lti-launch"), platform.posted).status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "somebody-else"},
        {"aud": ["client-1", "other"], "azp": "other"},
        {"aud": ["client-1", "other"], "azp": None},
        {"azp": "other"},
        {"exp": 1_000_000_000},
        {"iat": 1_000_000_000},
        {"iat": 4_000_000_000},
        {"nonce": "not-the-one-asked-for"},
        {"sub": ""},
        {"iss": "https://elsewhere.example"},
        {"https://purl.imsglobal.org/spec/lti/claim/deployment_id": "unknown"},
        {"https://purl.imsglobal.org/spec/lti/claim/version": "1.1"},
        {"https://purl.imsglobal.org/spec/lti/claim/message_type": "Other"},
    ],
    ids=lambda c: "-".join(f"{k.rsplit('/')[-1]}={v}" for k, v in c.items())[:60],
)
def test_a_token_with_a_claim_that_is_wrong_is_refused(platform: Platform, change: dict[str, object]) -> None:
    client = Client()
    assert refused(altered(platform, client, change))
    assert not LtiDeployment.objects.filter(deployment_id="unknown").exists()


@pytest.mark.parametrize("claim", ["exp", "iat", "nonce", "sub", "aud"])
def test_a_token_without_a_claim_it_needs_is_refused(platform: Platform, claim: str) -> None:
    assert refused(altered(platform, Client(), {claim: None}))


def altered(platform: Platform, client: Client, change: dict[str, object], **how: object) -> object:
    """A launch whose token the platform itself signs with other claims."""
    post, held = client.post, {}
    client.post = lambda address, data: held.update(address=address, data=data)  # type: ignore[method-assign,assignment,misc]
    platform.launch(client, custom=ITEM)
    client.post = post  # type: ignore[method-assign]
    claims = jwt.decode(held["data"]["id_token"], options={"verify_signature": False})
    claims = {k: v for k, v in {**claims, **change}.items() if v is not None}
    key, algorithm = how.get("key", platform.key), str(how.get("algorithm", "RS256"))
    kid = jwt.get_unverified_header(held["data"]["id_token"])["kid"]
    held["data"]["id_token"] = jwt.encode(claims, key, algorithm, headers={"kid": how.get("kid", kid)})  # type: ignore[arg-type]
    return client.post(held["address"], held["data"])


def test_the_same_token_unchanged_is_taken(platform: Platform) -> None:
    """So that the refusals above are of what was changed."""
    assert altered(platform, Client(), {}).status_code == 302  # type: ignore[attr-defined]


def test_a_token_signed_with_another_key_or_in_another_way_is_refused(platform: Platform) -> None:
    assert refused(altered(platform, Client(), {}, key=new_key()))
    assert refused(altered(platform, Client(), {}, kid="another"))
    assert refused(altered(platform, Client(), {}, key="x" * 64, algorithm="HS256"))
    assert refused(altered(platform, Client(), {}, key=None, algorithm="none"))


def test_nobody_comes_in_from_a_system_that_was_stopped(
    platform: Platform, make_user: Callable[..., User]
) -> None:
    disconnect(lms=Lms.objects.get(), by=make_user(Role.ADMINISTRATOR))
    begun = Client().get(
        reverse("training:lti-login"),
        {
            "iss": platform.address,
            "login_hint": "1",
            "client_id": "client-1",
            "target_link_uri": platform.launch_url,
        },
    )
    assert begun.status_code == 403


def test_a_login_that_leads_elsewhere_is_refused(platform: Platform) -> None:
    begun = Client().get(
        reverse("training:lti-login"),
        {
            "iss": platform.address,
            "login_hint": "1",
            "client_id": "client-1",
            "target_link_uri": "https://evil.example/",
        },
    )
    assert begun.status_code == 403


def test_whoever_was_closed_here_does_not_come_in(platform: Platform) -> None:
    platform.launch(Client(), custom=ITEM)
    User.objects.filter(username__startswith="lms-").update(is_active=False)
    assert platform.launch(Client(), custom=ITEM).status_code == 403


def test_what_is_set_up_wrongly_is_said(
    make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(make_user(Role.ADMINISTRATOR))
    given = {
        "name": "L",
        "issuer": "https://l.example",
        "client_id": "c",
        "auth_url": "http://l.example/a",
        "token_url": "https://l.example/t",
        "keyset_url": "https://l.example/k",
        "deployments": "1",
    }
    page = client.post(reverse("training:lms"), given)
    assert page.status_code == 400
    assert "must begin with https" in page.content.decode()
    given["auth_url"] = "https://l.example/a"
    assert client.post(reverse("training:lms"), given).status_code == 302
    assert "set up already" in client.post(reverse("training:lms"), given).content.decode()
