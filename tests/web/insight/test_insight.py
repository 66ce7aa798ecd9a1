"""From what practice misses to training and back; the health check from opening to the plan; answers that are nobody's."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wholepicture.core.insight.health import SHIPPED
from wholepicture.web.accounts.models import Force, Role, Team, User
from wholepicture.web.accounts.trays import registered
from wholepicture.web.audit.models import Entry
from wholepicture.web.encounters.models import Encounter, FoundInText, QualityCheck
from wholepicture.web.encounters.services import (
    check_quality,
    confirm,
    decide_finding,
    make_known,
    start_encounter,
)
from wholepicture.web.encounters.services.recording import Circumstances
from wholepicture.web.errors import CannotDoError
from wholepicture.web.insight import services
from wholepicture.web.insight.models import CheckedIn, CheckIn, HealthAnswer, Proposal, QuestionSet
from wholepicture.web.insight.selectors import wellbeing
from wholepicture.web.insight.selectors.figures import Asked, figures_of
from wholepicture.web.insight.selectors.health import whole_of
from wholepicture.web.insight.selectors.needs import needs_of, whether_it_helped
from wholepicture.web.training.models import Assignment, Course, Recall

TEXT = "The victim is pregnant. She is homeless. Her ex partner punched her."


@pytest.fixture
def chief(make_user: Callable[..., User]) -> User:
    return make_user(Role.CHIEF_OFFICER)


@pytest.fixture
def team(force: Force) -> Team:
    return Team.objects.create(force=force, name="Response A")


def account(by: User, *, days: int = 5, text: str = TEXT, without: str = "") -> Encounter:
    made = start_encounter(
        narrative=text,
        source="test",
        once=uuid.uuid4(),
        by=by,
        circumstances=Circumstances(happened_at=timezone.now() - timedelta(days=days)),
    )
    for finding in FoundInText.objects.filter(encounter=made, concept=without):
        decide_finding(finding=finding, decision=FoundInText.Decision.REJECTED, by=by)
    return confirm(encounter=made, by=by)


def looked_at(made: Encounter, by: User, *missed: tuple[str, str], days: int = 3) -> None:
    check = check_quality(encounter=made, once=uuid.uuid4(), missed=missed, comment="", by=by)
    QualityCheck.objects.filter(pk=check.pk).update(at=timezone.now() - timedelta(days=days))


def asked(force: Force, team: Team | None = None, months: int = 12) -> Asked:
    return Asked(force, months, timezone.now(), team)


def test_every_figure_says_what_it_is_what_it_asks_and_what_it_does_not_say(
    force: Force, officer: User, chief: User, signed_in: Callable[[User], Client]
) -> None:
    for _ in range(6):
        account(officer)
    client = signed_in(chief)
    page = client.get(reverse("insight:home")).content.decode()
    for f in figures_of(asked(force)):
        assert f.title in page
        assert f.definition
        assert f.caveats
        own = client.get(reverse("insight:figure", args=[f.id])).content.decode()
        assert f.definition.replace("'", "&#x27;") in own
        if f.queries:
            assert "SELECT" in own
        if f.rows:
            file = client.get(reverse("insight:download", args=[f.id])).content.decode()
            rows = list(csv.reader(io.StringIO(file)))
            assert rows[1] == [f.definition]
            assert rows[-1][0] == f.rows[-1][0]
    assert client.get(reverse("insight:figure", args=["nothing"])).status_code == 404
    assert "<svg" in page
    # Whatever stands in the address.
    assert client.get(reverse("insight:home") + "?months=x&team=-1").status_code == 200


def test_demand_and_combinations_count_people_and_keep_small_ones_back(
    force: Force, officer: User, team: Team
) -> None:
    for _ in range(6):
        account(officer)
    account(officer, days=500)
    account(officer, text="The victim is 84 years old. He has dementia. He gave his savings to a caller.")
    by = {f.id: f for f in figures_of(asked(force))}
    assert by["demand"].value == "7 accounts"
    assert dict(by["demand"].rows)["Domestic abuse"] == "6"
    assert dict(by["demand"].bars)["Domestic abuse"] == 6
    assert by["together"].upset is not None
    assert all(m.people >= 5 for m in by["together"].upset.meetings)
    assert any(len(m.of) > 1 for m in by["together"].upset.meetings)
    assert "dementia" not in str(by["together"].rows).casefold()
    of_team = {f.id: f for f in figures_of(asked(force, team))}
    assert of_team["demand"].value == "0 accounts"
    officer.team = team
    officer.save()
    assert {f.id: f for f in figures_of(asked(force, team))}["demand"].value == "7 accounts"


def test_somebody_known_from_several_accounts_counts_once_and_what_only_all_show_is_counted(
    force: Force, officer: User
) -> None:
    from wholepicture.web.encounters.services import link

    texts = ("The victim is pregnant.", "Her ex partner put his hands round her throat.")
    known = []
    for n in range(12):
        made = account(officer, text=texts[n % 2])
        main = made.people.get(main=True)
        if n % 2:
            link(person=main, known=known[n // 2], by=officer)
        else:
            main.family, main.given = f"Fam{n}", "Given"
            main.save()
            made_known = make_known(person=main, by=officer).identity
            assert made_known
            known.append(made_known)
    by = {f.id: f for f in figures_of(asked(force), only="repeat")}["repeat"]
    assert by.value == "5 of 5 known people"
    assert dict(by.rows)["In two accounts"] == "5"
    assert dict(by.rows)["In one account"] == "0"


def test_what_practice_misses_is_counted_proposed_given_and_looked_at_again(
    force: Force, make_user: Callable[..., User], team: Team, signed_in: Callable[[User], Client]
) -> None:
    supervisor, trainer = make_user(Role.SUPERVISOR), make_user(Role.TRAINER)
    officer = make_user()
    officer.team = team
    officer.date_joined = timezone.now() - timedelta(days=800)
    officer.save()
    for n in range(12):
        made = account(officer, without="homeless-or-unfit-home" if n < 8 else "")
        looked_at(made, supervisor, *([("homeless-or-unfit-home", "homeless")] if n < 8 else []), days=40)
    found = needs_of(force, asked(force).scope)
    first = found.concepts[0]
    assert (first.concept, first.missed, first.of) == ("homeless-or-unfit-home", 8, 12)
    assert first.share is not None
    assert first.share.low > 0.3
    (group,) = first.teams
    assert (group.name, group.passed, group.of) == ("Response A", 8, 12)
    assert first.experience[0].name == "One to three years here"
    client = signed_in(trainer)
    page = client.get(reverse("insight:needs")).content.decode()
    assert "Missed in 8 of 12" in page
    assert str(officer) not in page
    to_team = f"{reverse('insight:propose')}?team={team.pk}"
    # Twice, and what is not missed at all: one proposal comes of it.
    for concept in ("homeless-or-unfit-home", "homeless-or-unfit-home", "pregnant", "nothing"):
        assert client.post(to_team, {"concept": concept}).status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.missed, proposal.seen) == (8, 12)
    assert [w.text for t in registered(trainer) for w in t.items if "practice asks" in t.title] == [
        first.name
    ]
    course = Course.objects.get(force=force)
    wrong = client.post(reverse("insight:proposal", args=[proposal.pk]), {"course": ""})
    assert wrong.status_code == 400
    assert "Choose a course, or the exercises, or both." in wrong.content.decode()
    due = timezone.localdate() + timedelta(days=20)
    services.give(proposal=proposal, course=course, due_on=due, exercises=True, by=trainer)
    assert Assignment.objects.get().team == team
    assert list(Recall.objects.values_list("learner", "concept")) == [(officer.pk, "homeless-or-unfit-home")]
    # The same course for another need: it is not asked of them twice.
    again = Proposal.objects.create(force=force, concept="pregnant", team=team, missed=5, seen=9, by=trainer)
    services.give(proposal=again, course=course, due_on=due, exercises=False, by=trainer)
    again.refresh_from_db()
    assert again.assignment == Assignment.objects.get()
    again.delete()
    with pytest.raises(CannotDoError, match="answered it already"):
        services.decline(proposal=proposal, why="x", by=trainer)
    Proposal.objects.update(answered_at=timezone.now() - timedelta(days=30))
    for _ in range(12):
        looked_at(account(officer), supervisor, days=2)
    proposal.refresh_from_db()
    helped = whether_it_helped(proposal)
    assert helped is not None
    assert sum(m.missed for m in helped.months if not m.after) == 8
    assert sum(m.missed for m in helped.months if m.after) == 0
    assert "less by more than chance" in helped.words
    after = client.get(reverse("insight:proposal", args=[proposal.pk])).content.decode()
    assert "Whether it helped" in after
    assert "less by more than chance" in after


def test_a_health_check_from_opening_to_the_plan(
    force: Force, chief: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    people = [make_user() for _ in range(4)]
    client = signed_in(chief)
    day = timezone.localdate() + timedelta(days=9)
    opened = client.post(
        reverse("insight:health"),
        {"closes_on_day": day.day, "closes_on_month": day.month, "closes_on_year": day.year},
    )
    assert opened.status_code == 302
    check = force.health_checks.get()
    with pytest.raises(CannotDoError, match="open already"):
        services.open_check(closes_on=day, by=chief)
    assert any(w.text == "Say how the force stands" for t in registered(people[0]) for w in t.items)
    own = signed_in(people[0])
    address = reverse("insight:health-area", args=[check.pk, "culture"])
    assert own.post(address, {"culture-1": "4"}).status_code == 400
    said = {"culture-1": "4", "culture-2": "cannot-say", "culture-3": "2"}
    assert own.post(address, said)["Location"] == reverse(
        "insight:health-area", args=[check.pk, "leadership"]
    )
    assert own.get(address).content.decode().count("checked") == 3
    services.answer(check=check, levels={"culture-1": 1, "culture-2": 2}, by=people[1])
    page = client.get(reverse("insight:health-check", args=[check.pk])).content.decode()
    assert "Levels are shown once three people have answered" in page
    services.answer(check=check, levels={"culture-1": 2, "culture-2": 2}, by=people[2])
    own.post(
        reverse("insight:health-evidence", args=[check.pk, "culture"]),
        {
            "question": "culture-1",
            "text": "Dip samples of May",
            "document": SimpleUploadedFile("may.txt", b"Sixty looked at", "text/plain"),
        },
    )
    place = own.get(address).content.decode().partition('href="/force/health/files/')[2].partition('"')[0]
    file = own.get(f"/force/health/files/{place}")
    assert file.content == b"Sixty looked at"
    assert file.headers["Content-Disposition"] == 'attachment; filename="may.txt"'
    page = client.get(reverse("insight:health-check", args=[check.pk])).content.decode()
    assert "Seen differently" in page
    assert "Dip samples of May" in page
    assert not any(str(p) in page.partition("<select")[0] for p in people)
    client.post(reverse("insight:health-close", args=[check.pk]))
    check.refresh_from_db()
    assert check.closed_at
    assert check.figures["demand"]["value"] == "0 accounts"
    with pytest.raises(CannotDoError, match="was closed"):
        services.answer(check=check, levels={"culture-1": 0}, by=people[0])
    action = services.act(
        check=check, area="culture", what="Thank people", owner=people[3], due_on=day, by=chief
    )
    owner = signed_in(people[3])
    assert owner.post(reverse("insight:health-finish", args=[action.pk]), {"result": ""}).status_code == 302
    action.refresh_from_db()
    assert action.done_at is None
    owner.post(reverse("insight:health-finish", args=[action.pk]), {"result": "They were thanked."})
    again = services.open_check(closes_on=day, by=chief)
    services.answer(check=again, levels={"culture-1": 3}, by=people[0])
    whole = whole_of(again)
    assert whole.last == check
    assert whole.sections[0].rows[0].before == 2
    file = client.get(reverse("insight:health-export", args=[check.pk])).content.decode()
    assert "Dip samples of May" in file
    assert "They were thanked." in file
    assert HealthAnswer.objects.filter(check_of=check).count() == 7


def test_questions_are_versioned_and_a_check_keeps_those_it_began_with(
    force: Force, chief: User, signed_in: Callable[[User], Client]
) -> None:
    check = services.open_check(closes_on=timezone.localdate() + timedelta(days=3), by=chief)
    client = signed_in(chief)
    text = SHIPPED.read_text("utf-8")
    bad = client.post(
        reverse("insight:questions"), {"text": text.replace('area = "staff"', 'area = "x"', 1), "note": "n"}
    )
    assert bad.status_code == 400
    assert "there is no area “x”" in bad.content.decode()
    new = text.replace("People record every vulnerability they see", "People write down every vulnerability")
    assert client.post(reverse("insight:questions"), {"text": new, "note": "Plainer"}).status_code == 302
    assert QuestionSet.objects.filter(force=force).count() == 2
    check.refresh_from_db()
    assert check.questions.number == 1
    same = client.post(reverse("insight:questions"), {"text": new, "note": "Again"})
    assert "Nothing differs" in same.content.decode()


def test_how_somebody_is_is_nobody_s_to_look_up(
    force: Force, team: Team, make_user: Callable[..., User], chief: User, signed_in: Callable[[User], Client]
) -> None:
    people = [make_user() for _ in range(10)]
    User.objects.filter(pk__in=[p.pk for p in people]).update(team=team)
    for n, p in enumerate(people):
        p.refresh_from_db()
        if n == 9:
            assert wellbeing.told(force, timezone.localdate()).answers is None
        services.check_in(feeling=1 if n < 5 else 3, load=2, stays=n < 2, by=p)
    assert "user" not in {f.name for f in CheckIn._meta.get_fields()}
    assert not any(f.get_internal_type() == "DateTimeField" for f in CheckIn._meta.concrete_fields)
    assert not Entry.objects.filter(what__contains="check-in").exists()
    with pytest.raises(CannotDoError, match="answered this week"):
        services.check_in(feeling=1, load=1, stays=False, by=people[0])
    assert CheckIn.objects.count() == 10
    found = wellbeing.told(force, timezone.localdate(), team)
    assert found.answers == 10
    assert dict(found.rows)["Not well"] == "about 50%"
    page = signed_in(chief).get(reverse("insight:wellbeing-figures")).content.decode()
    assert "Response A" in page
    assert not any(str(p) in page for p in people)
    analyst = signed_in(make_user(Role.ANALYST))
    assert (
        "How those who do this work say they are" not in analyst.get(reverse("insight:home")).content.decode()
    )
    assert analyst.get(reverse("insight:figure", args=["wellbeing"])).status_code == 404
    supervisor = make_user(Role.SUPERVISOR)
    supervisor.team = team
    supervisor.save()
    assert signed_in(supervisor).get(reverse("insight:wellbeing-figures")).status_code == 403
    own = signed_in(people[0]).get(reverse("insight:wellbeing")).content.decode()
    assert "You have answered this week" in own
    with pytest.raises(PermissionDenied):
        services.check_in(feeling=1, load=1, stays=False, by=make_user(Role.PARTNER))
    services.forget(timezone.now() + timedelta(days=8))
    assert not CheckedIn.objects.exists()
    assert CheckIn.objects.count() == 10


def test_what_one_met_is_shown_to_oneself(officer: User, signed_in: Callable[[User], Client]) -> None:
    account(officer, text="The victim is a girl aged 9. Her father punched her. She has bruises on her arms.")
    page = signed_in(officer).get(reverse("insight:wellbeing")).content.decode()
    assert "Child abuse and neglect: 1" in page
    assert "You alone see this" in page


def test_what_to_do_next_follows_from_the_figures(
    force: Force, officer: User, chief: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(chief)
    page = client.get(reverse("insight:home")).content.decode()
    assert "Look at where the force stands as a whole" in page
    assert "Have more accounts looked at in dip samples" in page
    today = client.get("/").content.decode()
    assert "What to do next in the force" in today
    assert "Have more accounts looked at in dip samples" in today


def test_figures_that_take_long_are_kept_for_a_while_and_the_page_says_as_of_when(
    force: Force,
    officer: User,
    chief: User,
    signed_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from wholepicture.web.insight.selectors import figures

    monkeypatch.setattr(figures, "SLOW_SECONDS", -1.0)
    client = signed_in(chief)
    first = client.get(reverse("insight:home")).content.decode()
    assert "0 accounts" in first
    account(officer)
    again = client.get(reverse("insight:home")).content.decode()
    assert "0 accounts" in again
    assert first.partition("As of ")[2][:22] == again.partition("As of ")[2][:22]
    # Another period, and a figure by itself, are asked anew.
    assert "1 account<" in client.get(reverse("insight:home") + "?months=3").content.decode()
    assert "1 account<" in client.get(reverse("insight:figure", args=["demand"])).content.decode()
    # The worker has them ready each hour.
    figures.make_ready(timezone.now())
    assert "1 account<" in client.get(reverse("insight:home")).content.decode()
