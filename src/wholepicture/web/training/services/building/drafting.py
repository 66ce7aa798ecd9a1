"""A scenario while it is written: begun from a narrative, changed part by part, and what is still wrong with it."""

from __future__ import annotations

from typing import Any

import tomli_w
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.documents import usable
from wholepicture.core.learning import ContentError, read_scenario
from wholepicture.core.learning.read import parse_toml
from wholepicture.core.practice import load_default
from wholepicture.web.accounts.models import User
from wholepicture.web.audit.services import record
from wholepicture.web.training.access import drafts_of, may_teach
from wholepicture.web.training.models import Draft
from wholepicture.web.training.services.building.proposing import proposed
from wholepicture.web.training.services.courses import CannotDoError


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
    table = proposed(title.strip()[:120], text)
    draft = Draft.objects.create(force_id=by.force_id, title=title.strip()[:120], table=table, by=by)
    record(by=by, what="training.scenario-started", about=f"scenario:{draft.pk}")
    return draft


def own_draft(draft: Draft, by: User) -> Draft:
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
    draft = own_draft(draft, by)
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
