"""Forms of insight."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from wholepicture.core.insight import health
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.insight.models import CheckIn
from wholepicture.web.theme.inputs import day, line, one_of, person, words

CANNOT_SAY = "cannot-say"


class GiveForm(forms.Form):
    """What is given for a proposal."""

    course = forms.ModelChoiceField(
        queryset=None, required=False, label="A course", empty_label="No course", widget=forms.Select
    )
    due_on = day("To be done by")
    exercises = forms.BooleanField(
        required=False, label="Two-minute exercises from tomorrow, until it is seen"
    )

    def __init__(self, courses: Any, *args: Any, **more: Any) -> None:
        more["initial"] = {
            "exercises": True,
            "due_on": timezone.localdate() + timedelta(days=28),
            **(more.get("initial") or {}),
        }
        super().__init__(*args, **more)
        self.fields["due_on"].required = False
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]


class DeclineForm(forms.Form):
    """Why training is not given."""

    why = line("Why is it not given?", "Say why it is not given.", most=300)


class OpenForm(forms.Form):
    """A health check begins."""

    closes_on = day("Until when may people answer?", "Give the day until which people may answer.")

    def __init__(self, *args: Any, **more: Any) -> None:
        more["initial"] = {
            "closes_on": timezone.localdate() + timedelta(days=21),
            **(more.get("initial") or {}),
        }
        super().__init__(*args, **more)


class AreaForm(forms.Form):
    """The questions of one area."""

    def __init__(self, questions: tuple[health.Question, ...], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(str(int(v)), v.words) for v in health.Level]
        for q in questions:
            self.fields[q.id] = one_of(
                q.text, [*choices, (CANNOT_SAY, "I cannot say")], "Choose a level, or “I cannot say”."
            )
            self.fields[q.id].help_text = f"What would show it: {q.looks_for}" if q.looks_for else ""

    @property
    def levels(self) -> dict[str, int | None]:
        """The answers, as levels."""
        return {q: None if v == CANNOT_SAY else int(v) for q, v in self.cleaned_data.items()}


class EvidenceForm(forms.Form):
    """What shows how the force stands."""

    question = forms.CharField(widget=forms.HiddenInput)
    text = line(
        "What shows it, and where is it?", "Say what shows it, and where it is to be found.", most=500
    )
    document = forms.FileField(label="A file", required=False)


class ActionForm(forms.Form):
    """Something the force means to do."""

    area = one_of("For which area?", (), "Choose the area that it is for.", radio=False)
    what = line("What will be done?", "Say what will be done.", most=300)
    owner = person("Who owns it?", User.objects.none(), "Choose who owns it.", empty="Choose somebody")
    due_on = day("By when?", "Give the day by which it is to be done.")

    def __init__(self, areas: tuple[health.Area, ...], force: Force, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["area"].choices = [(a.id, a.title) for a in areas]  # type: ignore[attr-defined]
        self.fields["owner"].queryset = (  # type: ignore[attr-defined]
            User.objects.filter(force=force, is_active=True)
            .exclude(role="partner")
            .order_by("last_name", "first_name")
        )


class FinishForm(forms.Form):
    """What came of an action."""

    result = line("What came of it?", "Say what came of it.", most=500)


class QuestionsForm(forms.Form):
    """A new version of the questions."""

    text = words("The questions", "Give the questions.", rows=24, most=200_000)
    note = line("What changed, and why?", "Say what changed, and why.", most=400)


class CheckInForm(forms.Form):
    """How somebody is."""

    feeling = one_of("How have you been this week?", CheckIn.Feeling.choices, "Choose how you have been.")
    load = one_of(
        "Did you have time to do your work properly?",
        CheckIn.Load.choices,
        "Choose whether you had the time.",
    )
    stays = one_of(
        "Does something from work stay with you at home?",
        (("no", "No"), ("yes", "Yes")),
        "Choose yes or no.",
    )
