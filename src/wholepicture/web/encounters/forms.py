"""Forms: they check shape; services decide."""

from __future__ import annotations

import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import forms

from wholepicture.core.documents import UnreadableError, text_of, usable
from wholepicture.core.practice import STATES, Kind
from wholepicture.core.recognition import default_recogniser

DEMO_FOLDER = Path(__file__).parent / "demo"
KIND_TITLES = {
    Kind.FACTOR: "The person",
    Kind.FEATURE: "The situation",
    Kind.CONTROL: "A control",
    Kind.HARM: "Harm",
}


@lru_cache(maxsize=1)
def demo_narratives() -> dict[str, tuple[str, str]]:
    """The demo narratives: slug to (title, text). The first line of each file is its title."""
    found = {}
    for path in sorted(DEMO_FOLDER.glob("*.txt")):
        title, _, text = path.read_text("utf-8").partition("\n")
        found[path.stem] = (title.strip(), text.strip())
    return found


class StartForm(forms.Form):
    """An account to look at: pasted, uploaded or one of the demo's. ``text`` and ``source`` are what was given."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    narrative = forms.CharField(
        label="What was written",
        help_text="A log, a statement, a referral. Write or paste it as it is: shorthand is understood. "
        "You will check what is recognised before anything is recorded.",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "data-guard": True}),
    )
    document = forms.FileField(
        label="Or choose a document",
        help_text="A .txt, .docx or .pdf file, up to 5 MB",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".txt,.docx,.pdf,text/plain"}),
    )
    demo = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            data["source"], data["text"], data["synthetic"] = self._given(data)
        except UnreadableError as error:
            self.add_error("document" if data.get("document") else "narrative", str(error))
        return data

    def _given(self, data: dict[str, Any]) -> tuple[str, str, bool]:
        document, demo = data.get("document"), data.get("demo")
        if document:
            return document.name, text_of(document.name, document.read()), False
        if demo in demo_narratives():
            title, text = demo_narratives()[demo]
            return title, text, True
        return "Pasted account", usable(data.get("narrative") or "", "The account"), False

    @staticmethod
    def fresh() -> StartForm:
        """An empty form with a new one-time key."""
        return StartForm(initial={"once": uuid.uuid4()})


class AnswerForm(forms.Form):
    """The answer to one question."""

    concept = forms.SlugField()
    state = forms.CharField()
    why = forms.CharField(required=False)
    ends_on = forms.DateField(required=False, input_formats=["%Y-%m-%d", "%d/%m/%Y"])


def concept_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be added by hand, grouped by kind."""
    catalogue = default_recogniser().catalogue
    return [
        (title, [(c.id, c.name) for c in catalogue.of_kind(kind)])
        for kind, title in KIND_TITLES.items()
        if kind in STATES
    ]
