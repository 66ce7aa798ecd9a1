"""Forms of training: they check shape; services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from wholepicture.core.learning import Course as Content
from wholepicture.core.learning import ItemKind, Scenario
from wholepicture.core.picture import Grade
from wholepicture.core.practice import Catalogue
from wholepicture.web.accounts.models import Role, Team, User
from wholepicture.web.theme.fields import DateField
from wholepicture.web.training.models import Course

GRADES = [(g.value, f"{g.value.capitalize()} risk") for g in Grade]


class JudgeForm(forms.Form):
    """The grade, why, and what is to be done."""

    grade = forms.ChoiceField(
        label="How do you grade the risk?",
        choices=GRADES,
        widget=forms.RadioSelect,
        required=False,
    )
    why = forms.CharField(
        label="Why?",
        help_text="Who, and what is happening, so that what could follow; and what should be stopping it.",
        widget=forms.Textarea(attrs={"rows": "4"}),
        max_length=4_000,
        required=False,
    )
    actions = forms.MultipleChoiceField(
        label="What has to be done?",
        help_text="Choose what this needs. Some of these are not needed, and some could make it worse.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, scenario: Scenario, catalogue: Catalogue, **more: Any) -> None:
        super().__init__(*args, **more)
        # By name, so that the order does not tell.
        self.fields["actions"].choices = sorted(  # type: ignore[attr-defined]
            (
                (a.concept, catalogue.concepts[a.concept].name)
                for a in scenario.actions
                if a.concept in catalogue.concepts
            ),
            key=lambda pair: pair[1],
        )


class PackageForm(forms.Form):
    """A course as a file."""

    package = forms.FileField(
        label="A course package (zip)",
        help_text="With a course.toml. docs/trainer.md says what stands in it. At most 8 MB unpacked.",
        error_messages={"required": "Choose a package."},
    )


class AssignForm(forms.Form):
    """Who is to take a course, and by when."""

    to = forms.ChoiceField(
        label="Who is to take it?", error_messages={"required": "Choose who is to take it."}
    )
    due_on = DateField(label="By when?", error_messages={"required": "Enter the day it is due."})

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        teams = [
            (f"team-{t.pk}", t.name) for t in Team.objects.filter(force_id=user.force_id).order_by("name")
        ]
        people = [
            (f"user-{u.pk}", str(u))
            for u in User.objects.filter(force_id=user.force_id, is_active=True).order_by(
                "last_name", "first_name"
            )
        ]
        roles = [(f"role-{value}", label) for value, label in Role.choices]
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", "Choose"),
            ("Teams", teams),
            ("Everyone who is", roles),
            ("One person", people),
        ]


class FileForm(forms.Form):
    """One file of a course, edited in the site."""

    text = forms.CharField(
        label="Text",
        widget=forms.Textarea(attrs={"rows": "26", "spellcheck": "true"}),
        max_length=400_000,
        strip=False,
    )
    note = forms.CharField(
        label="What is different in this version?",
        max_length=200,
        error_messages={"required": "Say what is different."},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class StepForm(forms.Form):
    """A reading or a check to be added to a course."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[(ItemKind.READING.value, "Something to read"), (ItemKind.CHECK.value, "A check: questions")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is."},
    )
    title = forms.CharField(
        label="What is it called?", max_length=120, error_messages={"required": "Give it a title."}
    )
    module = forms.ChoiceField(
        label="At the end of which part?", error_messages={"required": "Choose a part of the course."}
    )
    minutes = forms.IntegerField(
        label="How many minutes does it take?",
        min_value=1,
        max_value=480,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "Enter how many minutes it takes, from 1 to 480.",
        ),
    )
    text = forms.CharField(
        label="Its text",
        widget=forms.Textarea(attrs={"rows": "18", "spellcheck": "true"}),
        max_length=400_000,
        strip=False,
        error_messages={"required": "Write its text."},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, content: Content, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["module"].choices = [  # type: ignore[attr-defined]
            (m.id, m.title) for m in content.modules
        ]


class ClassroomForm(forms.Form):
    """Training given in a room, and who came."""

    title = forms.CharField(
        label="What was taught?", max_length=120, error_messages={"required": "Say what was taught."}
    )
    held_on = DateField(
        label="When?", latest=timezone.localdate, error_messages={"required": "Enter the day."}
    )
    place = forms.CharField(label="Where?", max_length=120, required=False)
    trainer = forms.CharField(label="Who taught it?", max_length=120, required=False)
    minutes = forms.IntegerField(
        label="How many minutes?",
        min_value=1,
        max_value=10_000,
        error_messages={
            "required": "Enter how many minutes it took.",
            "invalid": "Enter a number of minutes.",
        },
    )
    course = forms.ModelChoiceField(
        label="Part of a course?", queryset=Course.objects.none(), required=False, empty_label="No"
    )
    listed = forms.FileField(label="Who came? A CSV file", required=False)
    pasted = forms.CharField(
        label="Or paste the list",
        help_text="First line: username,came,note. Came is attended, part or absent; left out, it is attended.",
        widget=forms.Textarea(attrs={"rows": "6"}),
        required=False,
        max_length=1_000_000,
    )

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["course"].queryset = Course.objects.filter(force_id=user.force_id)  # type: ignore[attr-defined]


class NewScenarioForm(forms.Form):
    """A narrative to make a scenario of."""

    title = forms.CharField(label="Title", max_length=120, error_messages={"required": "Give it a title."})
    narrative = forms.CharField(
        label="The narrative",
        help_text="Made up, or so changed that nobody could be known by it. Never a real person's record.",
        widget=forms.Textarea(attrs={"rows": "12"}),
        max_length=40_000,
        error_messages={"required": "Write or paste the narrative."},
    )
    made_up = forms.BooleanField(
        label="Nobody real is in this narrative",
        error_messages={
            "required": "Training uses made-up people only. Change what could tell who somebody is, then tick this."
        },
    )


class LmsForm(forms.Form):
    """A learning system to set up."""

    name = forms.CharField(
        label="What you call it", max_length=120, error_messages={"required": "Give it a name."}
    )
    issuer = forms.CharField(
        label="Issuer (platform ID)", max_length=255, error_messages={"required": "Enter the issuer."}
    )
    client_id = forms.CharField(
        label="Client ID", max_length=255, error_messages={"required": "Enter the client ID."}
    )
    auth_url = forms.URLField(
        label="Authentication request URL",
        assume_scheme="https",
        error_messages={"required": "Enter this address."},
    )
    token_url = forms.URLField(
        label="Access token URL", assume_scheme="https", error_messages={"required": "Enter this address."}
    )
    keyset_url = forms.URLField(
        label="Public keyset URL", assume_scheme="https", error_messages={"required": "Enter this address."}
    )
    deployments = forms.CharField(
        label="Deployment IDs",
        help_text="One a line. A launch of any other is refused.",
        widget=forms.Textarea(attrs={"rows": "3"}),
        max_length=4_000,
        error_messages={"required": "Enter at least one."},
    )
