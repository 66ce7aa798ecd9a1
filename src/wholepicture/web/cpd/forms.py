"""Forms of continuing development."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from wholepicture.core.cpd import Framework
from wholepicture.web.cpd.models import Cycle, Entry
from wholepicture.web.theme.inputs import day, line, one_of, several, words


class EntryForm(forms.Form):
    """Something that was done. Only what, when and which topic are asked at first; the rest can follow."""

    title = line("What did you do?", "Say what you did, in a few words.")
    kind = one_of(
        "What kind of thing was it?", Entry.Kind.choices, "Choose what kind of thing it was.", radio=False
    )
    happened_on = day("When?", "Give the day on which it happened.")
    topics = several("What is it about?", "")
    reflection = words(
        "What did you learn, and what will you do differently?",
        rows=5,
        most=10_000,
        help_text="Yours alone: nobody else ever reads it here. Name no victim, witness or suspect even so.",
    )
    effect = words(
        "What changed because of it?",
        rows=3,
        help_text="This is what is shared, once you share it: what is different at work, for whom.",
    )
    document = forms.FileField(
        label="A file", required=False, help_text="PDF, Word, text or picture, up to 5 MB."
    )

    def __init__(self, content: Framework, *args: Any, **more: Any) -> None:
        more["initial"] = {"happened_on": timezone.localdate(), "kind": "work", **(more.get("initial") or {})}
        super().__init__(*args, **more)
        self.fields["topics"].choices = [(t.id, t.title) for t in content.topics]  # type: ignore[attr-defined]


class PlanForm(forms.Form):
    """What somebody means to do on each topic."""

    def __init__(self, content: Framework, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for t in content.topics:
            self.fields[t.id] = words(t.title, rows=2, most=2_000, help_text=t.shows)


class DeclareForm(forms.Form):
    """The declaration at the end of a cycle."""

    statement = words(
        "What changed in your work because of this cycle?",
        "Say in a few lines what changed in your work because of this cycle.",
        rows=5,
    )


class AskedForm(forms.Form):
    """What came of a question that a senior officer put."""

    effect = words(
        "What did you hear, and what did you change?", "Say what you heard, and what you changed.", rows=3
    )
    happened_on = day("When did you ask?", "Give the day on which you asked.")


class FileForm(forms.Form):
    """A list of things done elsewhere."""

    listed = forms.FileField(
        label="A file",
        error_messages={"required": "Choose a file."},
        help_text="A CSV with columns date (2026-05-31) and title, and minutes if you like; or xAPI statements (JSON).",
    )


class DrawForm(forms.Form):
    """A draw."""

    seed = line(
        "Seed", most=40, help_text="Leave it empty to have one made. The same seed draws the same again."
    )


class LookForm(forms.Form):
    """What somebody makes of a drawn cycle."""

    said = one_of(
        "What do you make of it?",
        [(c.value, c.label) for c in (Cycle.Audit.MET, Cycle.Audit.MORE, Cycle.Audit.NOT_MET)],
        "Choose what you make of it.",
    )
    feedback = words("Why? They read it.", "Say why. They read it.", rows=4)


class PublishForm(forms.Form):
    """A new version of a framework."""

    text = forms.CharField(
        label="The framework",
        widget=forms.Textarea(attrs={"rows": "24"}),
        max_length=200_000,
        strip=False,
        error_messages={"required": "The framework is empty."},
    )
    note = line("What is different, and why?", "Say what is different, and why.", most=400)
