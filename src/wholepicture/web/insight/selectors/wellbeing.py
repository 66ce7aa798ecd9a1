"""How people say they are, as counts of ten or more; and what somebody was exposed to, for themselves alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from wholepicture.core.insight.together import said
from wholepicture.core.practice import load_default
from wholepicture.web.accounts.models import Force, Team, User
from wholepicture.web.encounters.selectors import counting
from wholepicture.web.encounters.selectors.counting import Scope
from wholepicture.web.insight.models import CheckedIn, CheckIn

FEWEST = 10
GRAVE = frozenset(
    {
        "child-abuse",
        "child-sexual-exploitation",
        "online-child-abuse",
        "sexual-violence",
        "suicide-and-self-harm",
    }
)
WEEKS = 4


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def answered(user: User) -> bool:
    """Whether somebody has answered this week."""
    return CheckedIn.objects.filter(user=user, week=week_of(timezone.localdate())).exists()


@dataclass(frozen=True, slots=True)
class Told:
    """Answers of a time. ``answers``: None where there are too few to show anything."""

    answers: int | None
    reading: str
    rows: tuple[tuple[str, str], ...]


def told(force: Force, since: date, team: Team | None = None) -> Told:
    """How people said they are since a day. Nothing is said of fewer than ten."""
    rows = CheckIn.objects.filter(force=force, week__gte=week_of(since))
    if team:
        rows = rows.filter(team=team)
    found = list(rows.values_list("feeling", "load", "stays"))
    if len(found) < FEWEST:
        return Told(None, f"Fewer than {FEWEST} people have answered, so nothing is shown.", ())
    n = len(found)

    def part(count: int) -> str:
        return f"about {5 * round(20 * count / n)}%"

    shown = (
        *(
            (str(label), part(sum(f == value for f, _, _ in found)))
            for value, label in CheckIn.Feeling.choices
        ),
        *(
            (f"Time to do the work properly: “{label}”", part(sum(o == value for _, o, _ in found)))
            for value, label in CheckIn.Load.choices
        ),
        ("Something from work stays with them at home", part(sum(s for _, _, s in found))),
    )
    unwell = part(sum(f == CheckIn.Feeling.NOT_WELL for f, _, _ in found))
    much = part(sum(o == CheckIn.Load.TOO_MUCH for _, o, _ in found))
    return Told(
        n, f"{unwell.capitalize()} said they are not well; {much} that it is too much to do properly.", shown
    )


@dataclass(frozen=True, slots=True)
class TeamTold:
    """One team: how its people say they are, and how much of what is hard they recorded."""

    team: str
    told: Told
    exposure: tuple[tuple[str, str], ...]


def by_team(force: Force) -> list[TeamTold]:
    """Team by team, over four weeks. A team with fewer than ten people is not shown at all."""
    now = timezone.now()
    scope = Scope(force.pk, now - timedelta(weeks=WEEKS), now)
    exposed = counting.exposed(scope, GRAVE)
    found = []
    for team in Team.objects.filter(force=force).order_by("name"):
        size = team.members.filter(is_active=True).count()
        if size < FEWEST:
            continue
        counts = exposed.get(team.name, {})
        bands = (("None", 0, 0), ("1 to 3", 1, 3), ("4 to 9", 4, 9), ("10 or more", 10, 10_000))
        some = sum(counts.values())
        rows = []
        for name, low, high in bands:
            n = size - some if high == 0 else sum(k for times, k in counts.items() if low <= times <= high)
            rows.append((name, said(n)))
        found.append(
            TeamTold(team.name, told(force, timezone.localdate() - timedelta(weeks=WEEKS), team), tuple(rows))
        )
    return found


def own_exposure(user: User) -> list[tuple[str, int]]:
    """How many accounts of grave kinds somebody recorded in four weeks, for themselves."""
    assert user.force_id
    now = timezone.now()
    found = counting.exposure(Scope(user.force_id, now - timedelta(weeks=WEEKS), now), user.pk)
    names = load_default().strands
    return sorted(((names[s], n) for s, n in found.items() if s in GRAVE), key=lambda x: (-x[1], x[0]))
