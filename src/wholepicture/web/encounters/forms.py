"""Forms: they check shape; services decide."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import forms
from django.utils import timezone

from wholepicture.core.documents import UnreadableError, text_of, usable
from wholepicture.core.identity import Details
from wholepicture.core.picture import Grade, Head
from wholepicture.core.practice import STATES, Kind
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.audit.words import AREAS
from wholepicture.web.encounters.models import Draft, Encounter, EncounterPerson, RetentionDecision
from wholepicture.web.encounters.selectors.retention import rules
from wholepicture.web.encounters.services.disclosure import Choices
from wholepicture.web.encounters.services.recording import Circumstances
from wholepicture.web.theme.fields import DateField

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
        allow_empty_file=True,  # what reads it says that it is empty, and what to do
        widget=forms.FileInput(attrs={"accept": ".txt,.docx,.pdf,text/plain"}),
    )
    how = forms.ChoiceField(
        label="How police came to know",
        choices=Encounter.How.choices,
        initial=Encounter.How.REPORT,
        required=False,
    )
    happened_on = DateField(
        label="When it happened", help_text="If it was not today", required=False, latest=timezone.localdate
    )
    place = forms.CharField(label="Where", required=False, max_length=250)
    demo = forms.CharField(required=False)
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def circumstances(self) -> Circumstances:
        """How, when and where. A day given without its time is taken as noon."""
        data, day = self.cleaned_data, self.cleaned_data.get("happened_on")
        at = None
        if day and day != timezone.localdate():
            at = timezone.make_aware(datetime.combine(day, time(12)))
        return Circumstances(data.get("how") or Encounter.How.REPORT, at, data.get("place", ""))

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
        return StartForm(initial={"once": uuid.uuid4(), "version": 0})

    @staticmethod
    def of(draft: Draft) -> StartForm:
        """A draft taken up again."""
        return StartForm(
            initial={
                "once": draft.once,
                "narrative": draft.text,
                "place": draft.place,
                "version": draft.version,
            }
        )


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


class WhoForm(forms.Form):
    """What is said of who somebody is."""

    given = forms.CharField(label="First names", required=False, max_length=80)
    family = forms.CharField(label="Surname", required=False, max_length=80)
    born = DateField(
        label="Date of birth", help_text="For example, 31 3 1980", required=False, latest=timezone.localdate
    )
    phone = forms.CharField(
        label="Telephone", required=False, max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    address = forms.CharField(label="Address, with its postcode", required=False, max_length=250)

    @staticmethod
    def of(person: EncounterPerson) -> dict[str, Any]:
        """What is held already."""
        return {name: getattr(person, name) for name in ("given", "family", "born", "phone", "address")}

    def details(self) -> dict[str, Any]:
        """What was given, for services.describe."""
        return {name: self.cleaned_data.get(name) or None for name in ("born",)} | {
            name: self.cleaned_data.get(name, "") for name in ("given", "family", "phone", "address")
        }

    def said(self) -> Details:
        """What was given so far, for looking up: parts that cannot be read yet are left out."""
        data = self.cleaned_data

        def one(name: str) -> tuple[Any, ...]:
            return (data[name],) if data.get(name) else ()

        return Details(one("given"), one("family"), one("born"), one("phone"), one("address"))


class SearchForm(WhoForm):
    """Whom to look for, and why."""

    words = forms.CharField(
        label="Words in an account", help_text="Accounts you may see that have these words", required=False
    )
    why = forms.CharField(
        label="Why are you looking?",
        help_text="It is kept with the search, and may be asked about.",
        max_length=300,
        error_messages={"required": "Say why you are looking."},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.said() and not data.get("words"):
            raise forms.ValidationError(
                "Give a name, a date of birth, a telephone, an address or some words."
            )
        return data

    def sought(self) -> str:
        """What was looked for, as kept in the audit."""
        return ", ".join(f"{k}: {v}" for k, v in self.cleaned_data.items() if v and k != "why")


HEAD_LABELS = {
    Head.THREAT: "Threat",
    Head.HARM: "Harm",
    Head.RISK: "Risk",
    Head.INVESTIGATION: "Investigation",
    Head.VULNERABILITY: "Vulnerability",
    Head.ENGAGEMENT: "Engagement",
}


class AssessmentForm(forms.Form):
    """A judgement under the six THRIVE heads. ``seen``: what was said of grade and picture has been read."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    grade = forms.ChoiceField(
        label="Your grade",
        choices=[(g.value, g.value.capitalize()) for g in Grade],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a grade."},
    )
    reason = forms.CharField(
        label="Why your grade stands", required=False, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for head, label in HEAD_LABELS.items():
            self.fields[head.value] = forms.CharField(
                label=label, required=False, widget=forms.Textarea(attrs={"rows": 3}), strip=True
            )
        self.fields["actions"] = forms.MultipleChoiceField(
            label="What is being done now",
            choices=actions,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def heads(self) -> dict[str, str]:
        """What was written under each head."""
        return {head.value: self.cleaned_data.get(head.value, "") for head in Head}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(head.value) for head in Head):
            self.add_error("threat", "Write your reasons under at least one of the six heads.")
        return data


class ReviewForm(forms.Form):
    """What a supervisor says of an assessment."""

    outcome = forms.ChoiceField(
        label="What do you say?",
        choices=[("agreed", "I agree"), ("returned", "Look at it again")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you agree or return it."},
    )
    comment = forms.CharField(
        label="Your comment",
        help_text="Needed if you return it: say what to look at again",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AuditForm(forms.Form):
    """What to look for in the audit."""

    who = forms.CharField(label="Who", required=False, max_length=80)
    what = forms.ChoiceField(label="What they did", choices=list(AREAS.items()), required=False)
    about = forms.CharField(label="About, or words of the reason", required=False, max_length=120)
    since = DateField(label="From", required=False)
    until = DateField(label="To", required=False)


class RetentionForm(forms.Form):
    """What a reviewer decides of keeping a record. ``group`` may be empty only in answering a proposal."""

    group = forms.ChoiceField(label="Which retention group holds?", required=False, widget=forms.RadioSelect)
    decision = forms.ChoiceField(
        label="What is to be done?",
        choices=[
            (RetentionDecision.Decision.KEPT.value, "Keep it, and look again when it is next due"),
            (RetentionDecision.Decision.HELD.value, "Hold it: it may not be disposed of for now"),
            (RetentionDecision.Decision.RELEASED.value, "End the hold"),
            (RetentionDecision.Decision.PROPOSED.value, "Propose to dispose of it; somebody else decides"),
            ("approve", "Dispose of it now, as the second of two people"),
            ("refuse", "Do not dispose of it"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is to be done with the record."},
    )
    why = forms.CharField(
        label="Why",
        help_text="Which of the questions weighed, and how. This stays when the record is gone, so name nobody in it.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why: every decision on keeping a record is kept itself."},
    )

    def __init__(self, *args: Any, offered: Iterable[str] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["group"].choices = [(g.id, g.said) for g in rules().groups.values()]
        if offered:
            allowed = set(offered)
            self.fields["decision"].choices = [c for c in self.fields["decision"].choices if c[0] in allowed]


class CopyForm(forms.Form):
    """How the copy for a person is drawn up: what else is blocked out, what is left, and the request it answers."""

    block = forms.CharField(
        label="Block out these words too",
        help_text="One word or phrase a line. Whatever would tell them who somebody else is.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    leave = forms.CharField(
        label="Do not block out these words",
        help_text="One word or phrase a line, exactly as it is marked.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reference = forms.CharField(label="Reference of the request", required=False, max_length=200)

    def choices(self, posted: Any) -> Choices:
        """What was chosen, with the accounts left out: each has a field of its own."""
        withheld = {}
        for name in posted:
            if name.startswith("leave-out-"):
                number = name.removeprefix("leave-out-")
                with suppress(ValueError):
                    withheld[uuid.UUID(number)] = posted.get(f"reason-{number}", "")
        return Choices(
            tuple(self.cleaned_data["block"].splitlines()),
            tuple(w.strip() for w in self.cleaned_data["leave"].splitlines()),
            withheld,
        )
