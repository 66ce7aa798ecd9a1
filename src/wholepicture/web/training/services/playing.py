"""Playing a scenario: every mark, question and judgement is kept as it is made, so that it can be gone on with anywhere."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from wholepicture.core.learning import ItemKind
from wholepicture.core.learning.scenario import MARKED_KINDS
from wholepicture.core.measurement import Marked, Seen, answers, mark_work, minutes_spent
from wholepicture.core.picture import Grade
from wholepicture.core.practice import STATES, Kind, State, load_default
from wholepicture.web.accounts.models import User
from wholepicture.web.audit.services import record
from wholepicture.web.training.access import may_learn, may_teach
from wholepicture.web.training.models import Attempt, CourseVersion, Enrolment, Outcome, PanelSeat
from wholepicture.web.training.services.courses import CannotDoError
from wholepicture.web.training.services.lms import send_mark
from wholepicture.web.training.services.recalling import come_back
from wholepicture.web.training.services.taking import done_step
from wholepicture.web.training.services.xapi import tell_handed_in
from wholepicture.web.training.work import read_work, result_of

MOST_MARKS = 80
MOST_LINKS = 12


def begin_attempt(*, enrolment: Enrolment, item: str, by: User) -> Attempt:
    """Begin a scenario, or go on with the attempt under way, on whatever device. Taken again, it is told another way."""
    version = enrolment.version
    found = version.content.item(item)
    if (
        not may_learn(by)
        or enrolment.learner_id != by.pk
        or found is None
        or found.kind is not ItemKind.SCENARIO
    ):
        raise PermissionDenied
    under_way = Attempt.objects.filter(enrolment=enrolment, item=item, handed_in_at=None)
    if held := under_way.first():
        return held
    number = Attempt.objects.filter(
        learner=by, item=item, version__course=version.course_id, handed_in_at__isnull=False
    ).count()
    tellings = ("", *(v.id for v in version.content.scenarios[item].variations))
    try:
        with transaction.atomic():
            return Attempt.objects.create(
                learner=by,
                enrolment=enrolment,
                version=version,
                item=item,
                variation=tellings[number % len(tellings)],
                first=number == 0 and not _knows_the_key(version, item, by),
            )
    except IntegrityError:
        return under_way.get()


def _knows_the_key(version: CourseVersion, item: str, user: User) -> bool:
    """Whether somebody teaches, or sat on the panel of a scenario: what they see of it is not to count in figures."""
    return (
        may_teach(user)
        or PanelSeat.objects.filter(
            expert=user, draft__published__course=version.course_id, draft__table__id=item
        ).exists()
    )


def _open(pk: UUID, by: User) -> Attempt:
    """An attempt to be changed, locked."""
    attempt = Attempt.objects.select_for_update().select_related("version__course").get(pk=pk)
    if attempt.learner_id != by.pk:
        raise PermissionDenied
    if attempt.handed_in_at:
        raise CannotDoError(
            "This was handed in already, so it cannot be changed. You can try it again, told another way."
        )
    return attempt


def _keep(attempt: Attempt) -> Attempt:
    attempt.save(update_fields=["work", "why"])
    return attempt


def texts_of(attempt: Attempt) -> dict[str, str]:
    """All that was read in an attempt so far: lines of the log that have arrived and answers given, by id."""
    scenario = attempt.scenario
    read = {line.id: line.text for line in scenario.log[: lines_shown(attempt)]}
    return read | {a.ask.id: a.text for a in answers(scenario, attempt.work.get("asked", []))}


def lines_shown(attempt: Attempt) -> int:
    """How many lines of the log have arrived: one at first."""
    return min(max(1, attempt.work.get("shown", 1)), len(attempt.scenario.log))


@transaction.atomic
def arrive(*, attempt: Attempt, all_of_it: bool, by: User) -> Attempt:
    """Let the next line of the log arrive, or all that is left."""
    attempt = _open(attempt.pk, by)
    whole = len(attempt.scenario.log)
    attempt.work["shown"] = whole if all_of_it else min(whole, lines_shown(attempt) + 1)
    return _keep(attempt)


@transaction.atomic
def mark_words(
    *, attempt: Attempt, words: str, kind: str, person: str, where: str = "", start: int = -1, by: User
) -> Attempt:
    """Mark words as something of a person. Without ``where``, they are looked for in all that was read, in order.

    Raises:
        CannotDoError: the words do not stand there, or there are too many marks.
    """
    attempt = _open(attempt.pk, by)
    scenario, work = attempt.scenario, attempt.work
    words = words.strip()
    if kind not in [k.value for k in MARKED_KINDS]:
        raise CannotDoError("Say what the words are: of the person, of the situation, a control, or harm.")
    if person not in {p.code for p in scenario.people}:
        raise CannotDoError("Say whom the words are about.")
    if not words:
        raise CannotDoError(
            "Choose the words first: tap the first word and then the last, or type them as they stand."
        )
    texts = texts_of(attempt)
    marks = work.setdefault("marks", [])
    place = _place(texts, words, where, start, [(m["where"], m["start"], m["person"]) for m in marks], person)
    if place is None:
        raise CannotDoError(
            f"“{words[:60]}” does not stand in the log. Copy the words just as they are written."
        )
    made = {
        "where": place[0],
        "start": place[1],
        "end": place[1] + len(words),
        "kind": kind,
        "person": person,
    }
    if any(made.items() <= m.items() for m in marks):  # pressed twice
        return attempt
    if len(marks) >= MOST_MARKS:
        raise CannotDoError(f"You have made {MOST_MARKS} marks. Take some away first.")
    work["made"] = work.get("made", 0) + 1
    marks.append({"id": f"m{work['made']}", **made})
    return _keep(attempt)


def _place(
    texts: dict[str, str], words: str, where: str, start: int, taken: list[tuple[str, int, str]], person: str
) -> tuple[str, int] | None:
    """Where words stand: there if they do, else the first place at which they are not marked for that person yet."""
    if where in texts and texts[where][max(start, 0) : max(start, 0) + len(words)] == words:
        return where, max(start, 0)
    for name, text in ((where, texts[where]),) if where in texts else texts.items():
        found = text.find(words)
        while found >= 0:
            if (name, found, person) not in taken:
                return name, found
            found = text.find(words, found + 1)
    return None


@transaction.atomic
def unmark(*, attempt: Attempt, mark: str, by: User) -> Attempt:
    """Take a mark away, and out of the links it is in."""
    attempt = _open(attempt.pk, by)
    work = attempt.work
    work["marks"] = [m for m in work.get("marks", []) if m["id"] != mark]
    for link in work.get("links", []):
        for side in ("factors", "features"):
            link[side] = [m for m in link[side] if m != mark]
    return _keep(attempt)


@transaction.atomic
def ask(*, attempt: Attempt, question: str, by: User) -> Attempt:
    """Ask a question. It costs its time and cannot be taken back; asked twice it is asked once.

    Raises:
        CannotDoError: there is no such question, or no time for it.
    """
    attempt = _open(attempt.pk, by)
    scenario, asked = attempt.scenario, attempt.work.setdefault("asked", [])
    chosen = next((a for a in scenario.asks if a.id == question), None)
    if chosen is None:
        raise CannotDoError("Choose one of the questions.")
    if question in asked:
        return attempt
    left = scenario.minutes - minutes_spent(scenario, asked)
    if chosen.minutes > left:
        raise CannotDoError(
            f"There is no time for that: it takes {chosen.minutes} minutes and you have {left} left."
        )
    asked.append(question)
    return _keep(attempt)


@transaction.atomic
def say_controls(*, attempt: Attempt, said: dict[tuple[str, str], str], by: User) -> Attempt:
    """Say how controls stand, by (concept, person); an empty state takes it back."""
    attempt = _open(attempt.pk, by)
    known = {(c.concept, c.person) for c in attempt.scenario.controls}
    kept = attempt.work.setdefault("controls", {})
    for (concept, person), state in said.items():
        if (concept, person) not in known:
            continue
        if state and state in {s.value for s in STATES[Kind.CONTROL]}:
            kept[f"{concept}|{person}"] = State(state).value
        else:
            kept.pop(f"{concept}|{person}", None)
    return _keep(attempt)


@transaction.atomic
def link(
    *,
    attempt: Attempt,
    person: str,
    factors: list[str],
    features: list[str],
    controls: list[str],
    harm: str,
    by: User,
) -> Attempt:
    """Say how things act together for one person, and what could follow.

    Raises:
        CannotDoError: no person or harm, or nothing on either side.
    """
    attempt = _open(attempt.pk, by)
    scenario, work = attempt.scenario, attempt.work
    marks = {m["id"]: m for m in work.get("marks", [])}
    if person not in {p.code for p in scenario.people}:
        raise CannotDoError("Say whom it could happen to.")
    harms = {c.id for c in load_default().of_kind(Kind.HARM)}
    if harm not in harms:
        raise CannotDoError("Say what could follow.")
    sides = [m for m in (*factors, *features) if m in marks]
    if not sides:
        raise CannotDoError("Choose at least one thing you marked, of the person or of the situation.")
    links = work.setdefault("links", [])
    if len(links) >= MOST_LINKS:
        raise CannotDoError(f"You have given {MOST_LINKS} pathways. Take one away first.")
    made = {
        "person": person,
        "factors": [m for m in factors if m in marks],
        "features": [m for m in features if m in marks],
        "controls": [c for c in controls if c in load_default().concepts],
        "harm": harm,
    }
    if made not in links:
        links.append(made)
    return _keep(attempt)


@transaction.atomic
def unlink(*, attempt: Attempt, number: int, by: User) -> Attempt:
    """Take a pathway away (numbers from 0)."""
    attempt = _open(attempt.pk, by)
    links = attempt.work.get("links", [])
    if 0 <= number < len(links):
        links.pop(number)
    return _keep(attempt)


@transaction.atomic
def judge(*, attempt: Attempt, grade: str, why: str, actions: list[str], by: User) -> Attempt:
    """Keep the grade, why, and what is to be done."""
    attempt = _open(attempt.pk, by)
    offered = {a.concept for a in attempt.scenario.actions}
    attempt.work["grade"] = grade if grade in list(Grade) else ""
    attempt.work["actions"] = [a for a in actions if a in offered]
    attempt.why = why.replace("\0", "")[:4_000]
    return _keep(attempt)


@transaction.atomic
def hand_in(*, attempt: Attempt, by: User) -> Attempt:
    """Hand in, be marked, and have what was missed come back. Handed in twice, it is marked once.

    Raises:
        CannotDoError: no grade, or no reason for it.
    """
    attempt = Attempt.objects.select_for_update().select_related("version__course").get(pk=attempt.pk)
    if attempt.learner_id != by.pk:
        raise PermissionDenied
    if attempt.handed_in_at:
        return attempt
    if not attempt.work.get("grade"):
        raise CannotDoError("Grade the risk before you hand in.")
    if not attempt.why.strip():
        raise CannotDoError("Say why you grade it so before you hand in. A line is enough.")
    content = attempt.version.content
    marked = mark_work(attempt.scenario, read_work(attempt.work))
    attempt.result = result_of(attempt.scenario, marked, hits=content.hits, false_alarms=content.false_alarms)
    attempt.handed_in_at = timezone.now()
    attempt.save(update_fields=["result", "handed_in_at"])
    keep_outcomes(attempt, marked)
    missed = {r.target.concept for r in marked.targets if r.seen is Seen.MISSED}
    come_back(learner=by, concepts=sorted(missed))
    record(by=by, what="training.handed-in", about=f"attempt:{attempt.pk}")
    send_mark(attempt)
    tell_handed_in(attempt)
    done_step(enrolment=attempt.enrolment, item=attempt.item)
    return attempt


def keep_outcomes(attempt: Attempt, marked: Marked) -> None:
    """Keep what became of each thing there was to see, for figures."""
    Outcome.objects.bulk_create(
        Outcome(
            attempt=attempt,
            target=r.target.id,
            concept=r.target.concept,
            kind=r.target.kind,
            seen=r.seen,
            noticed=r.seen.noticed,
            critical=r.target.critical,
        )
        for r in marked.targets
    )
