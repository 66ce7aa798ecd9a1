"""Forms of providers, cohorts, places and sessions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from wholepicture.core.programmes import Specification
from wholepicture.web.accounts.models import User
from wholepicture.web.programmes.models import Provider, ProviderDecision, Qualification, Version, Visit
from wholepicture.web.theme.inputs import day, line, number, one_of, person, several, time, words


class ProviderForm(forms.Form):
    """A provider."""

    name = line("What is it called?", "Give its name.", most=120)
    kind = one_of("What is it?", Provider.Kind.choices, "Choose what it is.")
    contact = line("Whom do you reach there, and how?", most=200)


class ProviderDecisionForm(forms.Form):
    """A decision on a provider, with what was shown for each criterion."""

    said = one_of("What do you decide?", [], "Choose what you decide.")
    why = words("Why?", "Say why. A line is enough.")
    on = day("From when?", "Give the day from which it holds.")
    until = day("Until when?", help_text="Leave it empty if it has no end.")
    condition_1 = words("A condition", rows=2, help_text="Only if you approve with conditions.")
    due_1 = day("By when?")
    condition_2 = words("Another condition", rows=2)
    due_2 = day("By when is the other one due?")

    def __init__(
        self, content: Specification, choices: list[tuple[str, str]], *args: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["said"].choices = choices  # type: ignore[attr-defined]
        self.criteria = [a.id for a in content.approval]
        for a in content.approval:
            self.fields[f"shown_{a.id}"] = words(
                a.text, rows=2, help_text="What you saw that shows it.", most=600
            )

    def shown_fields(self) -> list[forms.BoundField]:
        """The fields of the criteria, in order."""
        return [self[f"shown_{a}"] for a in self.criteria]

    def shown(self) -> dict[str, str]:
        """What was seen, by criterion."""
        return {a: self.cleaned_data[f"shown_{a}"] for a in self.criteria}

    def conditions(self) -> list[tuple[str, Any]]:
        """The conditions with their days."""
        return [
            (self.cleaned_data[f"condition_{n}"], self.cleaned_data[f"due_{n}"])
            for n in (1, 2)
            if self.cleaned_data[f"condition_{n}"]
        ]

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("said") != ProviderDecision.Said.CONDITIONS:
            return
        for n in (1, 2):
            if given.get(f"condition_{n}") and not given.get(f"due_{n}"):
                self.add_error(f"due_{n}", "Say by when the condition is to be met.")


class VisitForm(forms.Form):
    """A visit."""

    held_on = day("When was it?", "Give the day of the visit.")
    found = words("What did you find?", "Say what you found.", rows=5)
    grade = one_of("How great is the risk?", Visit.Grade.choices, "Choose a grade of risk.")
    action = words("Something to do after it", rows=2, help_text="Leave it empty if there is nothing.")
    due_on = day("By when?")


class ClosingForm(forms.Form):
    """How it is known that something is done."""

    closing = words("How do you know that it is done?", "Say how you know that it is done.", rows=2)


class VersionField(forms.ModelChoiceField):
    """One of a programme's approved versions."""

    def label_from_instance(self, obj: Version) -> str:
        return f"Version {obj.number}, {obj.at:%-d %B %Y}"


class CohortForm(forms.Form):
    """A cohort."""

    title = line("What is it called?", "Give it a name, such as Spring 2027.", most=120)
    version = VersionField(
        label="Which version of the programme?",
        queryset=Version.objects.none(),
        empty_label=None,
        error_messages={"required": "Choose a version."},
    )
    provider = forms.ModelChoiceField(
        label="Who gives it?",
        queryset=Provider.objects.none(),
        empty_label=None,
        error_messages={"required": "Choose a provider that is approved."},
    )
    places = number("How many places?", "Enter how many places there are, from 1 to 200.", least=1, most=200)
    starts_on = day("When does it begin?", "Give the day on which it begins.")
    ends_on = day("When does teaching end?", "Give the day on which teaching ends.")
    portfolio_due = day("When is the portfolio due?", "Give the day by which the portfolio is due.")
    venue = line("Where?", most=300)
    joining = words(
        "Joining instructions",
        rows=6,
        help_text="How to get there, what to bring, whom to tell of needs. Learners read this when they have a place.",
    )

    def __init__(
        self, versions: QuerySet[Version], providers: QuerySet[Provider], *args: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]
        self.fields["provider"].queryset = providers  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Another version for a cohort that has not begun."""

    version = VersionField(
        label="Version",
        queryset=Version.objects.none(),
        empty_label=None,
        error_messages={"required": "Choose a version."},
    )

    def __init__(self, versions: QuerySet[Version], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]


class KeepForm(forms.Form):
    """Places kept for one sending force."""

    sending = line("For which force or unit?", "Say for whom places are kept.", most=120)
    kept = number("How many places?", "Enter how many, from 0 to 200. 0 keeps none.", least=0, most=200)


class AskForm(forms.Form):
    """Somebody asks for a place."""

    sending = line("Which force or unit sends you?", "Say who sends you.", most=120)


class AddLearnerForm(forms.Form):
    """A place for somebody, from who runs the cohort."""

    learner = person("Who?", User.objects.none(), "Choose who is to have a place.", empty="Choose a person")
    sending = line("Which force or unit sends them?", most=120)

    def __init__(self, people: QuerySet[User], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["learner"].queryset = people  # type: ignore[attr-defined]


class LookAfterForm(forms.Form):
    """Who assesses and supervises a learner, whom they turn to, and another day for the portfolio."""

    assessor = person("Who assesses their portfolio?", User.objects.none())
    supervisor = person("Who supervises them at work?", User.objects.none())
    welfare_name = line("Whom do they turn to for welfare?", most=120)
    welfare_reach = line("How is that person reached?", most=200)
    portfolio_due = day(
        "Another day for their portfolio", help_text="Leave it empty if the cohort's day holds for them."
    )

    def __init__(self, assessors: QuerySet[User], people: QuerySet[User], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["assessor"].queryset = assessors  # type: ignore[attr-defined]
        self.fields["supervisor"].queryset = people  # type: ignore[attr-defined]


class AdjustForm(forms.Form):
    """A reasonable adjustment."""

    what = line(
        "What is done?",
        "Say what is done, such as materials two days before.",
        most=300,
        help_text="Never why: that is the learner's own.",
    )


class QualificationForm(forms.Form):
    """What somebody holds."""

    holder = person("Who?", User.objects.none(), "Choose who holds it.", empty="Choose a person")
    what = one_of("What does it let them do?", Qualification.What.choices, "Choose what it lets them do.")
    title = line("What is it called?", "Give its name.")
    got_on = day("Since when?", "Give the day on which they got it.")
    until = day("Until when?", help_text="Leave it empty if it has no end.")

    def __init__(self, people: QuerySet[User], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["holder"].queryset = people  # type: ignore[attr-defined]


class SessionForm(forms.Form):
    """A session of a cohort."""

    module = one_of("Which module?", [], "Choose a module.", radio=False)
    on = day("On which day?", "Give the day.")
    starts = time("It begins at")
    ends = time("It ends at")
    trainers = several("Who teaches it?", "Choose who teaches it.")
    venue = line("Where?", most=300, help_text="Leave it empty if it is where the cohort is.")
    link = forms.URLField(
        label="Link, if it is online",
        required=False,
        assume_scheme="https",
        max_length=300,
        error_messages={"invalid": "Enter the whole address, beginning with https."},
    )

    def __init__(self, content: Specification, trainers: QuerySet[User], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["module"].choices = [(m.id, f"{m.id} {m.title}") for m in content.modules if m.hours]  # type: ignore[attr-defined]
        self.fields["trainers"].choices = [(str(t.pk), str(t)) for t in trainers]  # type: ignore[attr-defined]


class AttendanceForm(forms.Form):
    """An attendance list as a file or pasted."""

    listed = forms.FileField(
        label="A CSV file", required=False, help_text="With a column username; came and note may be left out."
    )
    pasted = words("Or paste the list", rows=5, most=400_000, help_text="Such as: username,came,note")


class WhyForm(forms.Form):
    """A reason."""

    why = words("Why?", "Say why. A line is enough.", rows=2, most=400)
