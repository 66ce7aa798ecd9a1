"""Made-up people and reports, one by one and from a seed: people in households, life courses told report by report, names misspelt as they are in life.

Pure: no file, no clock. Everybody is made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from wholepicture.bulk.voices import COURSES, FILLER, GIVEN, OPENINGS, SHORT, STREETS, SURNAMES, SYLLABLES

HOUSEHOLD = 4
LAST_DAY = date(2026, 10, 31)
DAYS = 3 * 365
_ETHNICITIES = ("W1", "W1", "W1", "W1", "W1", "W1", "W2", "W9", "A1", "A2", "B1", "B2", "M1", "O9", "NS", "")


@dataclass(frozen=True, slots=True)
class Somebody:
    """One made-up person."""

    number: int
    given: str
    family: str
    sex: str
    born: date
    phone: str
    addresses: tuple[str, str]
    moved: date
    ethnicity: str
    course: str


def somebody(seed: int, number: int) -> Somebody:
    """The person of a number: always the same one. Four share a household: two grown-ups and two children, sometimes twins."""
    house, place = divmod(number, HOUSEHOLD)
    home, own = Random(f"{seed}/h{house}"), Random(f"{seed}/p{number}")
    surname, street, postcode = _surname(home), home.choice(STREETS), _postcode(home)
    twins = home.random() < 0.06
    year = 2026 - (int(own.triangular(19, 95, 34)) if place < 2 else int(home.triangular(1, 17, 8)) - place)
    day = Random(f"{seed}/t{house}") if twins and place >= 2 else own
    born = date(min(year, 2025), 1, 1) + timedelta(days=day.randrange(365))
    if twins and place == 3:
        born = somebody(seed, number - 1).born
    sex = own.choice("FM") if place != 1 else "M"
    given = GIVEN[sex][min(int(own.expovariate(0.045)), len(GIVEN[sex]) - 1)]
    if place == 1 and home.random() < 0.5:
        surname = _surname(own)  # a partner under another name
    number_phone = f"07{own.randrange(10**8, 10**9)}" if own.random() < 0.6 else ""
    if place == 1 and home.random() < 0.2:
        number_phone = somebody(seed, number - 1).phone  # one telephone between two
    return Somebody(
        number,
        given,
        surname,
        sex,
        born,
        number_phone,
        (
            f"{home.randrange(1, 180)} {street}, {postcode}",
            f"{own.randrange(1, 180)} {own.choice(STREETS)}, {_postcode(own)}",
        ),
        LAST_DAY - timedelta(days=own.randrange(DAYS)) if own.random() < 0.25 else date(2100, 1, 1),
        own.choice(_ETHNICITIES),
        _course(own, 2026 - born.year),
    )


def _course(dice: Random, years: int) -> str:
    """The life course of one in three, by age."""
    if dice.random() > 0.33:
        return ""
    if years < 18:
        return dice.choice(("child", "exploited" if years > 11 else "child"))
    return dice.choice(("older", "older", "mind") if years > 64 else ("partner", "partner", "mind"))


def _surname(dice: Random) -> str:
    if dice.random() < 0.7:
        return SURNAMES[min(int(dice.expovariate(0.012)), len(SURNAMES) - 1)]
    return "".join(dice.choice(SYLLABLES) for _ in range(dice.choice((2, 3)))).capitalize()


def _postcode(dice: Random) -> str:
    return (
        f"ZZ{dice.randrange(1, 40)} {dice.randrange(1, 10)}{dice.choice('ABDEFGHJ')}{dice.choice('LNPQRSTU')}"
    )


def report(number: int, people: int, seed: int) -> Iterator[tuple[dict[str, str], Somebody]]:
    """The rows of one report: who it is about, and often a suspect or a child of the household."""
    dice = Random(f"{seed}/r{number}")
    # Few are reported often and most once: the square of a chance.
    main = somebody(seed, int(people * dice.random() ** 1.8))
    day = LAST_DAY - timedelta(days=int(min(DAYS, (LAST_DAY - main.born).days) * dice.random()))
    cast = [("Victim", main)]
    house = main.number // HOUSEHOLD * HOUSEHOLD
    if dice.random() < 0.45:
        cast.append(("Suspect", somebody(seed, house + (1 if main.number % HOUSEHOLD != 1 else 0))))
    if dice.random() < 0.2 and main.number % HOUSEHOLD < 2:
        cast.append(("Child", somebody(seed, house + dice.choice((2, 3)))))
    told_of = narrative(dice, main, suspect=any(r == "Suspect" for r, _ in cast))
    moment = datetime.combine(day, datetime.min.time()) + timedelta(minutes=dice.randrange(1440))
    late = moment + timedelta(hours=dice.randrange(1, 40))
    for role, who in cast:
        if who.born > day:
            continue
        said = mention(dice, who, day)
        yield (
            {
                "Incident No": f"{day:%Y}/{number:08d}",
                "Date": f"{moment:%d/%m/%Y %H:%M}",
                "Recorded": f"{late:%d/%m/%Y %H:%M}",
                "Role": role,
                **said,
                "Narrative": told_of,
            },
            who,
        )


def mention(dice: Random, who: Somebody, day: date) -> dict[str, str]:
    """Somebody as one report writes them: 12% of names slip, 10% have no birth date, some are called by a short name."""
    given, family = who.given, who.family
    if dice.random() < 0.08 and given in SHORT:
        given = SHORT[given]
    if dice.random() < 0.12:
        if dice.random() < 0.5:
            given = _slip(dice, given)
        else:
            family = _slip(dice, family)
    born = who.born
    chance = dice.random()
    written = f"{born:%d/%m/%Y}"
    if chance < 0.10:
        written = ""
    elif chance < 0.115 and born.day <= 12:
        written = f"{born:%m/%d/%Y}"
    elif chance < 0.13:
        written = f"{born.replace(day=min(28, born.day % 28 + 1)):%d/%m/%Y}"
    shown = {
        "Forename": given.upper() if chance > 0.8 else given,
        "Surname": family.upper() if chance > 0.8 else family,
        "DOB": written,
    }
    return {
        **shown,
        "Telephone": _telephone(dice, who),
        "Address": who.addresses[day >= who.moved] if dice.random() < 0.85 else "",
        "Sex": who.sex,
        "Ethnicity": who.ethnicity,
    }


def _telephone(dice: Random, who: Somebody) -> str:
    """The telephone somebody gives: theirs, now and then another, often none."""
    chance = dice.random()
    if not who.phone or chance > 0.65:
        return ""
    return f"07{dice.randrange(10**8, 10**9)}" if chance < 0.08 else who.phone


def _slip(dice: Random, name: str) -> str:
    """One slip of the finger: a letter lost, doubled, changed, or two turned round."""
    if len(name) < 3:
        return name
    at = dice.randrange(1, len(name) - 1)
    kind = dice.randrange(4)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at] + name[at:]
    if kind == 2:
        return name[:at] + dice.choice("aeioulnrst") + name[at + 1 :]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def narrative(dice: Random, who: Somebody, *, suspect: bool) -> str:
    """About a hundred words in one officer's voice: one sign or two of the person's life course among what every log says."""
    style = dice.randrange(3)
    sentences = [dice.choice(OPENINGS)]
    signs = COURSES.get(who.course, ())
    if signs:
        sentences += dice.sample(signs, dice.choice((1, 1, 2)))
    elif dice.random() < 0.15:
        sentences.append(dice.choice(COURSES[dice.choice(tuple(COURSES))]))
    if suspect:
        sentences.append("The suspect had left before police arrived.")
    sentences += dice.sample(FILLER, dice.choice((4, 5, 6)))
    middle = sentences[1:]
    dice.shuffle(middle)
    text = " ".join([sentences[0], *middle])
    if style == 1:
        for long, short in (
            ("victim", "IP"),
            ("suspect", "SUSP"),
            ("address", "HA"),
            ("officers", "offs"),
            ("mental health", "MH"),
        ):
            text = text.replace(f"The {long}", short).replace(f"the {long}", short).replace(long, short)
    return text.upper() if style == 2 else text
