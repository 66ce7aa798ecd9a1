"""Experts' keys: each alone, put together when all have signed, and the scenario published with what they agree on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median_low
from typing import Any

import tomli_w
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.learning import Item, ItemKind, free_id, with_step
from wholepicture.core.learning.course import FORMAT, MANIFEST
from wholepicture.core.learning.scenario import MARKED_KINDS
from wholepicture.core.measurement import Agreement, agreement
from wholepicture.core.picture import Grade
from wholepicture.core.practice import load_default
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.training.access import drafts_of, may_learn
from wholepicture.web.training.models import Course, CourseVersion, Draft, PanelSeat
from wholepicture.web.training.services.building.drafting import faults, own_draft
from wholepicture.web.training.services.courses import CannotDoError, add_version, publish

FEWEST_EXPERTS = 3
AGREED, OUT = 0.75, 1 / 3
OWN_COURSE = "our-own-scenarios"


@transaction.atomic
def send_to_panel(*, draft: Draft, experts: list[User], by: User) -> Draft:
    """Ask experts, three or more, for their keys. They are told by mail.

    Raises:
        CannotDoError: too few, or the draft is not whole.
    """
    draft = own_draft(draft, by)
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
    files = version.files if version else _empty_collection()
    table["id"] = name = free_id(files, table["id"])
    step = Item(name, ItemKind.SCENARIO, table["title"], 20, f"scenarios/{name}.toml")
    files = with_step(files, step, tomli_w.dumps(table))
    if version is None:
        made = add_version(course, files, by, f"With “{draft.title}”")
    else:
        made = publish(course=course, files=files, by=by, note=f"With “{draft.title}”")
    draft.table = {**draft.table, "id": name}
    draft.state, draft.published, draft.changed_at = Draft.State.PUBLISHED, made, timezone.now()
    draft.save(update_fields=["table", "state", "published", "changed_at"])
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


def _collection(by: User) -> Course:
    made, _ = Course.objects.get_or_create(
        force_id=by.force_id, slug=OWN_COURSE, defaults={"title": "Our own scenarios"}
    )
    return made


def _empty_collection() -> dict[str, str]:
    table = {
        "format": FORMAT,
        "id": OWN_COURSE,
        "title": "Our own scenarios",
        "about": "Scenarios made in this force, each with a key that a panel agreed on.",
        "audience": [],
        "modules": [{"id": "scenarios", "title": "Scenarios", "about": "", "items": []}],
    }
    return {MANIFEST: tomli_w.dumps(table)}
