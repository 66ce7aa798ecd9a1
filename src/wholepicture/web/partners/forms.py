"""Forms of partners: they check shape; services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from wholepicture.core.partners.lifecycle import Urgency
from wholepicture.core.partners.routes import Agreement, Asked, Basis, Route
from wholepicture.core.practice import Kind
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.models import User, Webhook
from wholepicture.web.partners.models import Need, Organisation
from wholepicture.web.partners.selectors.wording import kind_choices
from wholepicture.web.theme.inputs import day, line, one_of, person, several, words

URGENCIES = [
    (Urgency.NOW.value, "Now: within the hour"),
    (Urgency.TODAY.value, "Today"),
    (Urgency.DAYS.value, "In days"),
]
AGREED = [
    ("given", "Yes: they were asked, and agree"),
    ("refused", "They were asked, and do not agree"),
    ("unsafe", "It was not safe to ask"),
    ("cannot", "They could not answer, or are a child for whom somebody else decides"),
]


class SearchForm(forms.Form):
    """Looking services up."""

    kind = forms.ChoiceField(label="What kind of help?", required=False)
    words = line("Any words", most=80)
    place = line("Town or postcode", most=40)
    age = forms.IntegerField(
        label="Age",
        min_value=0,
        max_value=120,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Give an age from 0 to 120."),
    )
    open_now = forms.BooleanField(label="Open now", required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = [("", "Any"), *kind_choices()]  # type: ignore[attr-defined]


class QuestionsForm(forms.Form):
    """The partner's own questions."""

    def __init__(self, answers: list[tuple[Asked, str]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for asked, text in answers:
            self.fields[f"q_{asked.id}"] = forms.CharField(
                label=asked.text,
                required=False,
                initial=text,
                max_length=4_000,
                widget=forms.Textarea(attrs={"rows": "3", "spellcheck": "true"}),
                help_text="" if asked.required else "If you know.",
            )
        self.fields["wishes"] = words("What do they want to happen, in their own words?", rows=2)
        self.fields["opinion"] = words("What do you think, as distinct from what was seen and said?", rows=2)
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)

    def part(self) -> dict[str, Any]:
        """What was filled in."""
        given = self.cleaned_data
        return {
            "answers": {k[2:]: v for k, v in given.items() if k.startswith("q_")},
            "wishes": given["wishes"],
            "opinion": given["opinion"],
        }


class BasisForm(forms.Form):
    """Lawful basis, agreement, how to contact them, and how soon."""

    basis = one_of("On what lawful basis is it shared?", [], "Choose the lawful basis.")
    agreement = one_of("Was the person asked?", AGREED, "Say whether the person was asked.")
    override_why = words(
        "If it is shared without their agreement: why?",
        rows=2,
        help_text="The danger that outweighs it, to whom, and whether they were told.",
    )
    safe_contact = line(
        "How and when is it safe to contact them?",
        most=300,
        help_text="Such as “text only, after 10:00, he reads her letters”. Leave empty if there is no danger in it.",
    )
    ring = line("A telephone number for you", most=40)
    urgency = one_of("How soon must somebody act?", URGENCIES, "Say how soon.")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, route: Route, bases: dict[str, Basis], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["basis"].choices = [(b, bases[b].name) for b in route.bases]  # type: ignore[attr-defined]
        if route.agreement is Agreement.NEEDED:
            self.fields["agreement"].help_text = "This way of asking needs their agreement."


class SayForm(forms.Form):
    """Words that come with a step."""

    why = words("What do you say?", "Say it in a line or two.", rows=3)

    def __init__(self, *args: Any, asks: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        if asks:
            self.fields["why"].label = asks


class OutcomeForm(forms.Form):
    """What came of one need."""

    said = one_of("What came of it?", Need.Outcome.choices, "Choose what came of it.")
    words = words("What was done?", rows=2)


class ControlForm(forms.Form):
    """A control that is in place."""

    control = one_of("What is in place?", [], "Choose what was put in place.", radio=False)
    holder = line(
        "Who holds it?", "Say who holds it.", most=200, help_text="A person or team who can be asked."
    )
    ends_on = day("Until when, if it has an end?")
    words = words("Anything to know of it", rows=2)

    def __init__(self, controls: list[str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        concepts = default_recogniser().catalogue.concepts
        self.fields["control"].choices = [("", "Choose"), *((c, concepts[c].name) for c in controls)]  # type: ignore[attr-defined]
        # The catalogue is in English, on a Welsh page too.
        self.fields["control"].widget.attrs["lang"] = "en"


class EnterForm(forms.Form):
    """Going in by a link."""

    code = line(
        "The code you were given",
        "Give the code.",
        most=20,
        help_text="Eight letters and numbers, from the officer.",
    )
    name = line("Your name", "Give your name.", most=120)
    post = line("Your role, and where", "Give your role.", most=120)
    email = forms.EmailField(
        label="Your work e-mail address",
        error_messages=dict.fromkeys(
            ("required", "invalid"), "Give your work e-mail address, such as j.smith@example.gov.uk."
        ),
    )


class ImportForm(forms.Form):
    """A directory to read."""

    name = line("What is it called?", "Give it a name.", most=120)
    address = line(
        "Address of its Open Referral UK API",
        most=300,
        help_text="Such as https://directory.example.gov.uk/openreferral. Or give a file instead.",
    )
    file = forms.FileField(label="A file of services (JSON)", required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("address")) == bool(given.get("file")):
            raise forms.ValidationError("Give an address or a file, one of the two.")
        upload = given.get("file")
        given["content"] = ""
        if upload:
            try:
                given["content"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", "The file is not text in UTF-8. Save it again as UTF-8 JSON.")
        return given


class KindsForm(forms.Form):
    """Which kinds of partner a service is."""

    kinds = several("Which kinds of help is it?", "")
    withheld = forms.BooleanField(
        label="Keep it from partners and other systems",
        required=False,
        help_text="A refuge, or anything whose place must not be known.",
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kinds"].choices = kind_choices()  # type: ignore[attr-defined]


class OrganisationForm(forms.Form):
    """Where an organisation is told, and who is rung."""

    email = forms.EmailField(label="Where are they told that something waits?", required=False)
    named = line("Who is rung when nobody answers?", most=120)
    named_phone = line("On which number?", most=40)
    system = forms.ModelChoiceField(
        label="A system of theirs that takes requests",
        queryset=Webhook.objects.none(),
        required=False,
        empty_label="None: they sign in here, or use links",
    )

    def __init__(self, systems: QuerySet[Webhook], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["system"].queryset = systems  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    """A partner worker of an organisation."""

    user = person("Who?", User.objects.none(), "Choose who.", empty="Choose a partner worker")
    post = line("What do they do there?", most=120)

    def __init__(self, people: QuerySet[User], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]


class PlanForm(forms.Form):
    """A joint plan begun."""

    aim = line("What is it to achieve?", "Say what the plan is to achieve.", most=400)
    review_on = day("When is it looked at again?", "Give the day on which it is looked at again.")


class ActionForm(forms.Form):
    """One action of a plan."""

    text = line("What is done?", "Say what is done.", most=300)
    owner = line("Who does it?", "Say who does it.", most=120)
    organisation = person("For which organisation?", User.objects.none(), empty="The police")
    due = day("By when?", "Give the day by which it is done.")

    def __init__(self, organisations: QuerySet[Organisation], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]


class MeetingForm(forms.Form):
    """A meeting."""

    held_on = day("When is it?", "Give the day of the meeting.")
    present = words("Who is there, and for which agency?", "Say who is there.", rows=4)

    def __init__(self, *args: Any, **more: Any) -> None:
        more["initial"] = {"held_on": timezone.localdate(), **(more.get("initial") or {})}
        super().__init__(*args, **more)


class MinuteForm(forms.Form):
    """A decision."""

    text = words("What was decided?", "Say what was decided.", rows=3)
    control = one_of("Is it about a control?", [], "", radio=False)
    state = forms.ChoiceField(
        label="How does it stand now?",
        required=False,
        choices=[
            ("", "Choose"),
            ("holding", "In place"),
            ("weakening", "Weakening"),
            ("failed", "Has failed"),
            ("absent", "Not in place"),
        ],
    )
    ends_on = day("Until when, if it is in place and has an end?")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        controls = default_recogniser().catalogue.of_kind(Kind.CONTROL)
        self.fields["control"].required = False
        self.fields["control"].choices = [("", "No"), *((c.id, c.name) for c in controls)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("control") and not given.get("state"):
            self.add_error("state", "Say how the control stands now.")
        return given
