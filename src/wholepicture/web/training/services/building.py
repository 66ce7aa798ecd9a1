"""Making a scenario: recognition proposes a key, experts judge it each alone, what they agree on is scored, and it is published."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from statistics import median_low
from typing import Any

import tomli_w
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from wholepicture.core.contract import MOMENT, observations
from wholepicture.core.documents import usable
from wholepicture.core.learning import ContentError, ItemKind, read_scenario
from wholepicture.core.learning.course import FORMAT, MANIFEST
from wholepicture.core.learning.read import parse_toml
from wholepicture.core.learning.scenario import MARKED_KINDS
from wholepicture.core.measurement import Agreement, agreement
from wholepicture.core.picture import Grade, PathwayState, Picture, actions_for, draw
from wholepicture.core.practice import Kind, State, load_default
from wholepicture.core.recognition import Polarity, Recognised, Time, default_recogniser
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.training.access import drafts_of, may_learn, may_teach
from wholepicture.web.training.models import Course, CourseVersion, Draft, PanelSeat
from wholepicture.web.training.services.courses import CannotDoError, _publish, publish

FEWEST_EXPERTS = 3
AGREED, OUT = 0.75, 1 / 3
OWN_COURSE = "our-own-scenarios"
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+[”\"']?|\n|$)")
_LINE = 320


@transaction.atomic
def start_draft(*, title: str, narrative: str, by: User) -> Draft:
    """Begin a scenario from a narrative: recognition proposes people, what there is to see, controls, pathways and actions.

    Raises:
        UnreadableError: an empty or too long narrative.
        CannotDoError: no title.
    """
    if not may_teach(by):
        raise PermissionDenied
    if not title.strip():
        raise CannotDoError("Give the scenario a title.")
    text = usable(narrative).replace("\r\n", "\n").strip()
    table = _proposed(title.strip()[:120], text)
    draft = Draft.objects.create(force_id=by.force_id, title=title.strip()[:120], table=table, by=by)
    record(by=by, what="training.scenario-started", about=f"scenario:{draft.pk}")
    return draft


def _proposed(title: str, text: str) -> dict[str, Any]:
    recognised = default_recogniser().recognise(text)
    catalogue = load_default()
    lines = _lines(text)
    targets = _targets(recognised, lines, text)
    main = recognised.main or (recognised.people[0].id if recognised.people else "")
    held = observations(catalogue, recognised)
    picture = draw(catalogue, held.get(main, []), at=MOMENT)
    people = [{"code": p.id, "label": p.label[:60], "role": p.role} for p in recognised.people]
    return {
        "id": slugify(title)[:60] or "scenario",
        "title": title,
        "briefing": "",
        "strands": ["anyone"],
        "minutes": 8,
        "grade": "medium",
        "grade_why": "",
        "teaches": "",
        "people": people or [{"code": "p1", "label": "the person", "role": "victim"}],
        "log": [{"id": f"l{n}", "text": line} for n, (line, _) in enumerate(lines, 1)],
        "questions": [],
        "targets": targets,
        "lures": [],
        "controls": _controls(picture, main),
        "links": _links(picture, main, targets),
        "actions": _actions(picture),
        "variations": [],
    }


def _lines(text: str) -> list[tuple[str, int]]:
    """A narrative as lines of a log, sentence by sentence, each with where it begins."""
    found: list[tuple[str, int]] = []
    for match in _SENTENCE.finditer(text):
        sentence = match.group().rstrip()
        start = match.start() + len(sentence) - len(sentence.lstrip())
        sentence = sentence.strip()
        if sentence:
            found.append((sentence[:2_000], start))
    return found


def _targets(recognised: Recognised, lines: list[tuple[str, int]], text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    seen: set[tuple[str, str | None]] = set()
    taken: set[tuple[str, str, int]] = set()
    for f in recognised.findings:
        plain = f.polarity is Polarity.AFFIRMED and f.time in (Time.CURRENT, Time.HISTORICAL, Time.FEARED)
        place = next(
            ((n, s) for n, (line, s) in enumerate(lines, 1) if s <= f.start and f.end <= s + len(line)), None
        )
        if not plain or f.kind not in MARKED_KINDS or not f.person or place is None:
            continue
        key, spot = (f.concept, f.person), (f"l{place[0]}", f.person, f.start)
        if key in seen or spot in taken:
            continue
        seen.add(key)
        taken.add(spot)
        found.append(
            {
                "id": f"t{len(found) + 1}",
                "where": f"l{place[0]}",
                "words": text[f.start : f.end],
                "concept": f.concept,
                "person": f.person,
                "state": f.state.value,
                "critical": False,
                "why": "",
            }
        )
    return _without_overlaps(found, lines)


def _without_overlaps(found: list[dict[str, Any]], lines: list[tuple[str, int]]) -> list[dict[str, Any]]:
    """Of targets of one person that overlap, the longest words are proposed."""
    kept: list[dict[str, Any]] = []
    texts = {f"l{n}": line for n, (line, _) in enumerate(lines, 1)}

    def span(t: dict[str, Any]) -> tuple[int, int]:
        start = texts[t["where"]].find(t["words"])
        return start, start + len(t["words"])

    for target in sorted(found, key=lambda t: -len(t["words"])):
        a, b = span(target)
        if all(
            k["where"] != target["where"]
            or k["person"] != target["person"]
            or b <= span(k)[0]
            or span(k)[1] <= a
            for k in kept
        ):
            kept.append(target)
    kept.sort(key=lambda t: (int(t["where"][1:]), span(t)))
    return [t | {"id": f"t{n}"} for n, t in enumerate(kept, 1)]


def _open(picture: Picture) -> list[Any]:
    return picture.by_state(PathwayState.OPEN, PathwayState.UNGUARDED)[:3]


def _controls(picture: Picture, person: str) -> list[dict[str, Any]]:
    names = dict.fromkeys(g for r in _open(picture) for g, _ in r.guards)
    catalogue = load_default()
    return [
        {"concept": n, "person": person, "state": picture.state(n).value, "why": catalogue.concepts[n].says}
        for n in list(names)[:5]
    ]


def _links(picture: Picture, person: str, targets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    mine = {t["concept"]: t["id"] for t in targets if t["person"] == person}
    found = []
    for n, r in enumerate(_open(picture), 1):
        factors = [mine[c] for c in r.person_because if c in mine]
        features = [mine[c] for c in r.situation_because if c in mine]
        if factors or features:
            found.append(
                {
                    "id": f"k{n}",
                    "person": person,
                    "factors": factors,
                    "features": features,
                    "controls": [g for g, s in r.guards if s is not State.HOLDING][:3],
                    "harm": r.pathway.harm,
                    "why": r.pathway.because,
                }
            )
    return found


def _actions(picture: Picture) -> list[dict[str, Any]]:
    catalogue = load_default()
    offered = [a for a, _ in actions_for(catalogue, picture)[:6]]
    spare = [a.id for a in catalogue.of_kind(Kind.ACTION) if a.id not in offered]
    chosen = [(a, "needed") for a in offered] + [
        (a, "not needed") for a in spare[:: max(1, len(spare) // 3)][:3]
    ]
    return [
        {
            "concept": a,
            "worth": w,
            "why": catalogue.concepts[a].says or catalogue.concepts[a].name,
            "critical": False,
        }
        for a, w in chosen
    ]


def _own(draft: Draft, by: User) -> Draft:
    """A draft to be changed, locked: the author's force, and not with the panel."""
    if not drafts_of(by).filter(pk=draft.pk).exists():
        raise PermissionDenied
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if draft.state != Draft.State.WRITING:
        raise CannotDoError(
            "The panel has it, so it cannot be changed. Take it back first: what they said is then let go."
        )
    return draft


@transaction.atomic
def save_draft(*, draft: Draft, table: dict[str, Any], by: User) -> Draft:
    """Keep a draft as it is now, whole or not."""
    draft = _own(draft, by)
    draft.table, draft.title, draft.changed_at = (
        table,
        str(table.get("title", draft.title))[:120],
        timezone.now(),
    )
    draft.save(update_fields=["table", "title", "changed_at"])
    return draft


def _plainly(problem: str) -> str:
    """A fault as the page's own labels say it."""
    return next((f"{said}." for fault, said in _SAID.items() if problem.startswith(fault)), problem)


FIELDS: dict[str, tuple[str, ...]] = {
    "people": ("code", "label", "role"),
    "log": ("id", "time", "who", "text"),
    "questions": ("id", "whom", "text", "answer", "guarded", "minutes", "quality", "why", "needs"),
    "targets": ("id", "where", "words", "concept", "person", "state", "why"),
    "lures": ("where", "words", "why"),
    "controls": ("concept", "person", "state", "why"),
    "links": ("id", "person", "factors", "features", "controls", "harm", "why"),
    "actions": ("concept", "worth", "critical", "why"),
}
# What of each entry is changed in place, on the one page that holds them all.
EDITABLE: dict[str, tuple[str, ...]] = {
    "people": ("label", "role"),
    "log": ("time", "who", "text"),
    "questions": ("text", "answer", "guarded", "minutes", "why"),
    "targets": ("why",),
    "lures": ("why",),
    "controls": ("state", "why"),
    "links": ("why",),
    "actions": ("worth", "critical", "why"),
}
_SAID = {
    "briefing is missing": "Write the briefing",
    "grade_why is missing": "Say why that grade",
    "teaches is missing": "Say what it teaches",
    "title is missing": "Give it a title",
}
_PREFIX = {"people": "p", "log": "l", "questions": "q", "targets": "t", "links": "k"}


def rewritten(
    table: dict[str, Any], basics: dict[str, Any], entries: dict[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    """A draft's table with what was typed on its page: the basics, and by part the fields of each entry in order."""
    made = {**table, **basics}
    for part, fields in EDITABLE.items():
        old = table.get(part, [])
        typed = entries.get(part, [])
        made[part] = [
            {k: v for k, v in {**e, **{f: typed[n][f] for f in fields if f in typed[n]}}.items() if v != ""}
            if n < len(typed)
            else e
            for n, e in enumerate(old)
        ]
    return made


def without(table: dict[str, Any], part: str, number: int) -> dict[str, Any]:
    """A table less one entry of a part (numbers from 0).

    Raises:
        CannotDoError: it is not there.
    """
    entries = list(table.get(part, []))
    if part not in FIELDS or not 0 <= number < len(entries):
        raise CannotDoError("That is not there any more. Somebody may have taken it away in another window.")
    entries.pop(number)
    return {**table, part: entries}


def with_entry(table: dict[str, Any], part: str, fields: dict[str, Any]) -> dict[str, Any]:
    """A table with one more entry of a part.

    Raises:
        CannotDoError: nothing was filled in, or its words do not stand in the log.
    """
    given = {k: v for k, v in fields.items() if k in FIELDS.get(part, ()) and v != ""}
    if not given:
        raise CannotDoError("Fill it in first.")
    entries = list(table.get(part, []))
    return {**table, part: [*entries, _numbered(part, given, entries, table)]}


def _numbered(
    part: str, given: dict[str, Any], entries: list[dict[str, Any]], table: dict[str, Any]
) -> dict[str, Any]:
    """A new entry with an id of its own, and targets with the place where their words stand."""
    prefix, field = _PREFIX.get(part), "code" if part == "people" else "id"
    if prefix:
        used = {e.get(field) for e in entries}
        given = {field: next(f"{prefix}{n}" for n in range(1, 1_000) if f"{prefix}{n}" not in used), **given}
    if part in ("targets", "lures"):
        places = [*table["log"], *({"id": q["id"], "text": q["answer"]} for q in table.get("questions", []))]
        where = next((x["id"] for x in places if given.get("words") and given["words"] in x["text"]), None)
        if where is None:
            raise CannotDoError(
                f"“{given.get('words', '')[:60]}” does not stand in the log or an answer. Copy the words just as they are written."
            )
        given["where"] = where
    return given


def faults(draft: Draft) -> list[str]:
    """What is still wrong with a draft; nothing when it can go to the panel."""
    try:
        read_scenario(parse_toml(tomli_w.dumps(draft.table), draft.title), load_default(), name=draft.title)
    except ContentError as error:
        return [
            _plainly(p.removeprefix(f"{draft.title}, ").removeprefix(f"{draft.title}: "))
            for p in error.problems
        ]
    return []


@transaction.atomic
def send_to_panel(*, draft: Draft, experts: list[User], by: User) -> Draft:
    """Ask experts, three or more, for their keys. They are told by mail.

    Raises:
        CannotDoError: too few, or the draft is not whole.
    """
    draft = _own(draft, by)
    if len({e.pk for e in experts}) < FEWEST_EXPERTS:
        raise CannotDoError(
            f"Choose at least {FEWEST_EXPERTS} experts. Fewer cannot show how far people agree."
        )
    if any(e.force_id != by.force_id or not may_learn(e) for e in experts):
        raise PermissionDenied
    wrong = faults(draft)
    if wrong:
        raise CannotDoError(f"It is not whole yet. {wrong[0]}")
    for expert in {e.pk: e for e in experts}.values():
        PanelSeat.objects.get_or_create(draft=draft, expert=expert)
    draft.state, draft.changed_at = Draft.State.PANEL, timezone.now()
    draft.save(update_fields=["state", "changed_at"])
    tell_people(
        experts,
        about=f"training:panel-{draft.pk}",
        subject="Your key is asked for",
        text="A trainer asks you to say what there is to see in a scenario. Open Training in Wholepicture.",
    )
    record(by=by, what="training.panel-asked", about=f"scenario:{draft.pk}", why=f"{len(experts)} experts")
    return draft


@transaction.atomic
def take_back(*, draft: Draft, by: User) -> Draft:
    """Take a draft back from the panel to change it; what was said so far is let go, for it was of other words."""
    if not drafts_of(by).filter(pk=draft.pk).exists():
        raise PermissionDenied
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if draft.state == Draft.State.PANEL:
        draft.seats.all().delete()
        draft.state = Draft.State.WRITING
        draft.save(update_fields=["state"])
        record(by=by, what="training.panel-ended", about=f"scenario:{draft.pk}")
    return draft


@transaction.atomic
def keep_key(
    *, seat: PanelSeat, judged: dict[str, str], grade: str, by: User, add: dict[str, str] | None = None
) -> PanelSeat:
    """Keep an expert's own judgement so far: each proposal kept or not, what they add, and their grade.

    Raises:
        CannotDoError: it is signed already, or what is added does not stand in the text.
    """
    seat = PanelSeat.objects.select_for_update().select_related("draft").get(pk=seat.pk)
    if seat.expert_id != by.pk:
        raise PermissionDenied
    if seat.signed_at or seat.draft.state != Draft.State.PANEL:
        raise CannotDoError("Your key is signed, so it cannot be changed.")
    known = {t["id"] for t in seat.draft.table["targets"]}
    seat.judged = {**seat.judged, **{k: v for k, v in judged.items() if k in known and v in ("yes", "no")}}
    seat.grade = grade if grade in list(Grade) else seat.grade
    seat.save(update_fields=["judged", "grade"])
    if add:
        _add(seat, add)
    return seat


def _add(seat: PanelSeat, add: dict[str, str]) -> None:
    table, words = seat.draft.table, add.get("words", "").strip()
    places = [*table["log"], *({"id": q["id"], "text": q["answer"]} for q in table.get("questions", []))]
    where = next((x["id"] for x in places if words and words in x["text"]), None)
    concept = load_default().concepts.get(add.get("concept", ""))
    if where is None:
        raise CannotDoError(
            f"“{words[:60]}” does not stand in the log. Copy the words just as they are written."
        )
    if concept is None or concept.kind not in MARKED_KINDS:
        raise CannotDoError("Choose what the words show.")
    if add.get("person") not in {p["code"] for p in table["people"]}:
        raise CannotDoError("Say whom the words are about.")
    seat.added.append(
        {
            "where": where,
            "words": words,
            "concept": concept.id,
            "person": add["person"],
            "why": add.get("why", "")[:400],
        }
    )
    seat.save(update_fields=["added"])


@transaction.atomic
def sign_key(*, seat: PanelSeat, by: User) -> PanelSeat:
    """Sign a key. From then on it stands.

    Raises:
        CannotDoError: a proposal is not judged, or there is no grade.
    """
    seat = PanelSeat.objects.select_for_update().select_related("draft").get(pk=seat.pk)
    if seat.expert_id != by.pk:
        raise PermissionDenied
    if seat.signed_at:
        return seat
    if seat.draft.state != Draft.State.PANEL:
        raise CannotDoError("The trainer has taken the scenario back. You will be asked again.")
    left = [t["words"] for t in seat.draft.table["targets"] if t["id"] not in seat.judged]
    if left:
        raise CannotDoError(f"Say yes or no to each first; still open: “{left[0]}”.")
    if not seat.grade:
        raise CannotDoError("Grade the risk first.")
    seat.signed_at = timezone.now()
    seat.save(update_fields=["signed_at"])
    record(by=by, what="training.key-signed", about=f"scenario:{seat.draft_id}")
    return seat


@dataclass(frozen=True, slots=True)
class Keyed:
    """One target after the panel: how many of them keyed it, and what that makes of it."""

    target: dict[str, Any]
    yes: int
    of: int

    @property
    def share(self) -> float:
        """The share of the panel that keyed it."""
        return self.yes / self.of

    @property
    def verdict(self) -> str:
        """ "in": scored; "contested": shown and not scored; "out": left out."""
        if self.share >= AGREED:
            return "in"
        return "out" if self.share <= OUT else "contested"


@dataclass(frozen=True, slots=True)
class Panel:
    """What a panel said, once all have signed."""

    keyed: tuple[Keyed, ...]
    agreement: Agreement | None
    grade: Grade
    grades: tuple[tuple[str, int], ...]
    experts: int


def panel_of(draft: Draft) -> Panel | None:
    """The panel's keys put together; None while anybody has yet to sign, so that nobody's is seen before."""
    seats = list(draft.seats.select_related("expert"))
    if len(seats) < FEWEST_EXPERTS or any(s.signed_at is None for s in seats):
        return None
    judged: list[tuple[dict[str, Any], list[bool]]] = [
        (t, [s.judged.get(t["id"]) == "yes" for s in seats]) for t in draft.table["targets"]
    ]
    judged += _added_by(seats, len(draft.table["targets"]))
    order = list(Grade)
    grades = sorted(order.index(Grade(s.grade)) for s in seats)
    return Panel(
        keyed=tuple(Keyed(t, sum(v), len(v)) for t, v in judged),
        agreement=agreement([["yes" if x else "no" for x in v] for _, v in judged]),
        grade=order[median_low(grades)],
        grades=tuple(Counter(s.grade for s in seats).most_common()),
        experts=len(seats),
    )


def _added_by(seats: list[PanelSeat], before: int) -> list[tuple[dict[str, Any], list[bool]]]:
    """What experts added, the same of the same person in the same line once, with who added it."""
    found: dict[tuple[str, str, str], tuple[dict[str, Any], list[bool]]] = {}
    for n, seat in enumerate(seats):
        for a in seat.added:
            key = (a["where"], a["concept"], a["person"])
            _target, votes = found.setdefault(
                key, ({**a, "id": f"a{before + len(found) + 1}", "critical": False}, [False] * len(seats))
            )
            votes[n] = True
    return list(found.values())


@transaction.atomic
def publish_draft(*, draft: Draft, critical: set[str], course: Course | None, by: User) -> CourseVersion:
    """Publish a scenario with the panel's key into a course (or the force's own collection) as a new version of it.

    Raises:
        CannotDoError: not all have signed; published already; nothing agreed that leaves it usable.
    """
    if not drafts_of(by).filter(pk=draft.pk).exists():
        raise PermissionDenied
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if draft.published_id:
        raise CannotDoError("It is published already.")
    panel = panel_of(draft)
    if panel is None:
        raise CannotDoError("Every expert has to sign first.")
    table = keyed_table(draft, panel, critical)
    course = course or _collection(by)
    version = course.versions.order_by("-number").first()
    files = dict(version.files) if version else {}
    name = _free_name(files, table["id"])
    table["id"] = name
    files[f"scenarios/{name}.toml"] = tomli_w.dumps(table)
    files[MANIFEST] = _listed(files.get(MANIFEST), name, table["title"])
    if version is None:
        made = _publish(course, files, by, f"With “{draft.title}”")
    else:
        made = publish(course=course, files=files, by=by, note=f"With “{draft.title}”")
    draft.state, draft.published, draft.changed_at = Draft.State.PUBLISHED, made, timezone.now()
    draft.save(update_fields=["state", "published", "changed_at"])
    record(by=by, what="training.scenario-published", about=f"scenario:{draft.pk}", why=str(made)[:120])
    return made


def keyed_table(draft: Draft, panel: Panel, critical: set[str]) -> dict[str, Any]:
    """The scenario's table with the panel's key: what is out is gone, and with it the links that rest on it."""
    texts = {x["id"]: x["text"] for x in draft.table["log"]}
    texts |= {q["id"]: q["answer"] for q in draft.table.get("questions", [])}
    targets: list[dict[str, Any]] = []
    for k in sorted(panel.keyed, key=lambda k: -k.share):
        if k.verdict != "out" and not any(_meet(k.target, t, texts) for t in targets):
            targets.append(
                {
                    **{n: v for n, v in k.target.items() if v not in ("", None)},
                    "critical": k.target["id"] in critical and k.verdict == "in",
                    "contested": k.verdict == "contested",
                    "agreed": round(k.share, 3),
                }
            )
    kept = {t["id"] for t in targets}
    links = []
    for link in draft.table.get("links", []):
        sides = {s: [t for t in link[s] if t in kept] for s in ("factors", "features")}
        if sides["factors"] or sides["features"]:
            links.append({**link, **sides})
    return {
        **draft.table,
        "targets": targets,
        "links": links,
        "grade": panel.grade.value,
        "panel": panel.experts,
    }


def _meet(one: dict[str, Any], other: dict[str, Any], texts: dict[str, str]) -> bool:
    """Whether two targets of one person overlap; of those, the one that more experts keyed stands."""
    if (one["where"], one["person"]) != (other["where"], other["person"]):
        return False
    a, b = (texts[one["where"]].find(t["words"]) for t in (one, other))
    return a < b + len(other["words"]) and b < a + len(one["words"])


def _free_name(files: dict[str, str], wanted: str) -> str:
    name, n = wanted, 2
    while f"scenarios/{name}.toml" in files:
        name, n = f"{wanted[:55]}-{n}", n + 1
    return name


def _collection(by: User) -> Course:
    made, _ = Course.objects.get_or_create(
        force_id=by.force_id, slug=OWN_COURSE, defaults={"title": "Our own scenarios"}
    )
    return made


def _listed(manifest: str | None, name: str, title: str) -> str:
    """The course's manifest with the scenario in it, at the end of its last module that does not wait."""
    table = (
        parse_toml(manifest, MANIFEST)
        if manifest
        else {
            "format": FORMAT,
            "id": OWN_COURSE,
            "title": "Our own scenarios",
            "about": "Scenarios made in this force, each with a key that a panel agreed on.",
            "audience": [],
            "modules": [{"id": "scenarios", "title": "Scenarios", "about": "", "items": []}],
        }
    )
    module = next((m for m in reversed(table["modules"]) if not m.get("after_days")), table["modules"][-1])
    item = {
        "id": name,
        "kind": ItemKind.SCENARIO.value,
        "title": title,
        "minutes": 20,
        "file": f"scenarios/{name}.toml",
    }
    module["items"] = [*module["items"], item]
    return tomli_w.dumps(table)
