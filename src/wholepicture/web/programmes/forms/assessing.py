"""Forms of portfolios, decisions, the test, quality assurance and results."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from wholepicture.core.programmes import Specification
from wholepicture.core.programmes.asked import FEEDBACK, GROUPS, VIEW
from wholepicture.core.programmes.specification import Method
from wholepicture.web.accounts.models import User
from wholepicture.web.programmes.models import (
    Decision,
    ExternalReview,
    Result,
    Reviewed,
    SamplingPlan,
    Verification,
)
from wholepicture.web.theme.inputs import day, line, one_of, person, several, words

KINDS = {
    Method.PORTFOLIO: "Something I did at work",
    Method.WITNESS: "Something somebody else saw me do",
    Method.SCENARIO: "A scenario that I played in training",
    Method.OBSERVATION: "Something I saw the learner do",
    Method.DISCUSSION: "What the learner told me in a professional discussion",
}


class EvidenceForm(forms.Form):
    """A piece of evidence."""

    kind = one_of("What is it?", [], "Choose what it is.")
    title = line("What would you call it?", "Give it a title.")
    happened_on = day("When was it?", "Give the day on which it happened.")
    text = words(
        "What happened, what did you do, and why?",
        "Say what happened.",
        rows=9,
        most=20_000,
        help_text="Name no victim, witness or suspect, nor anything by which one could be known. Say “a girl of nine”, not who she is.",
    )
    criteria = several("Which criteria does it show?", "Choose at least one criterion that it shows.")
    witness = person("Who saw it?", User.objects.none(), empty="Nobody needs to be asked")
    attempt = one_of("Which scenario?", [], "Choose a scenario.", radio=False)
    document = forms.FileField(
        label="A file",
        required=False,
        help_text="PDF, Word, text or picture, up to 5 MB. Take names out of it first.",
    )
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        content: Specification,
        kinds: tuple[Method, ...],
        witnesses: QuerySet[User],
        attempts: list[tuple[str, str]],
        *args: Any,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = [(k.value, KINDS[k]) for k in kinds]  # type: ignore[attr-defined]
        self.fields["criteria"].choices = [  # type: ignore[attr-defined]
            (c.id, f"{c.id} {c.text} ({', '.join(m.value for m in c.methods)})")
            for c in content.criteria
            if set(c.methods) & set(kinds)
        ]
        self.fields["witness"].queryset = witnesses  # type: ignore[attr-defined]
        self.fields["attempt"].choices = [("", "None"), *attempts]  # type: ignore[attr-defined]
        self.fields["attempt"].required = False
        self.fields["attempt"].help_text = "Only for a scenario. Those that you have handed in are listed."
        self.fields[
            "witness"
        ].help_text = "Only for something somebody else saw. They are asked to say what, in their own words."
        if Method.WITNESS not in kinds:
            del self.fields["witness"], self.fields["attempt"]
            self.fields["text"].label = "What did you see or hear?"


class TestifyForm(forms.Form):
    """What a witness saw."""

    words = words(
        "What did you see, in your own words?",
        rows=8,
        most=20_000,
        help_text="What they did, what you think of it, and how you know. Name no victim, witness or suspect.",
    )


class DecideForm(forms.Form):
    """An assessor's judgement of a criterion."""

    evidence = several("On which evidence?", "")
    tests = several("That evidence is", "", help_text="All four, for the criterion to be met.")
    said = one_of("What do you decide?", Decision.Said.choices, "Choose whether it is met.")
    borderline = forms.BooleanField(
        label="It was near the line",
        required=False,
        help_text="It is then looked at again. That is no fault of yours.",
    )
    feedback = words("Why, and what next?", "Say why, so that the learner can use it.", rows=5)

    def __init__(self, evidence: list[tuple[str, str]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["evidence"].choices = evidence  # type: ignore[attr-defined]
        self.fields["tests"].choices = [  # type: ignore[attr-defined]
            ("valid", "Valid: it shows this criterion"),
            ("authentic", "Authentic: it is the learner's own work"),
            ("current", "Current: it shows what they can do now"),
            ("sufficient", "Sufficient: it shows all of it"),
        ]


class AssessorForm(forms.Form):
    """Who gives a second opinion."""

    assessor = person("Who gives it?", User.objects.none(), "Choose who gives it.", empty="Choose a person")

    def __init__(self, people: QuerySet[User], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["assessor"].queryset = people  # type: ignore[attr-defined]


class PlanForm(forms.Form):
    """A sampling plan."""

    kind = one_of("What for?", SamplingPlan.Kind.choices, "Choose what it is for.")
    seed = line(
        "Seed", most=40, help_text="Leave it empty to have one made. The same seed draws the same again."
    )


class AddSampledForm(forms.Form):
    """A decision that is added to a plan by hand."""

    decision = forms.IntegerField(
        label="Number of the decision",
        error_messages=dict.fromkeys(
            ("required", "invalid"), "Enter the number of the decision, as the list below has it."
        ),
    )
    why = line("Why?", "Say why it is added.", most=200)


class VerifyForm(forms.Form):
    """What a verifier says of a decision."""

    said = one_of("Do you agree?", Verification.Said.choices, "Choose whether you agree.")
    feedback = words("Why? The assessor reads it.", "Say why. The assessor reads it.", rows=4)
    due_on = day("By when is something to be done?", help_text="Only if there is something to do.")


class DoneForm(forms.Form):
    """What was done."""

    done = words("What did you do?", "Say what you did.", rows=2)


class ExerciseForm(forms.Form):
    """A standardisation exercise."""

    title = line("What is it called?", "Give it a title.")
    criterion = one_of("Against which criterion?", [], "Choose a criterion.", radio=False)
    asked = words("What are assessors asked?", "Say what they are asked.", rows=2)
    pieces = words(
        "The pieces",
        "Give the pieces to judge.",
        rows=14,
        most=200_000,
        help_text="Each after a line of three dashes. Made up, or from portfolios with nobody in them named.",
    )
    assessors = several("Who judges them?", "Choose at least two assessors.")
    closes_on = day("By when?", "Give the day by which they judge.")

    def __init__(self, content: Specification, people: QuerySet[User], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["criterion"].choices = [(c.id, f"{c.id} {c.text}") for c in content.criteria]  # type: ignore[attr-defined]
        self.fields["assessors"].choices = [(str(p.pk), str(p)) for p in people]  # type: ignore[attr-defined]


class AgreedForm(forms.Form):
    """What was agreed when the pieces were talked over."""

    agreed = words("What did you agree?", "Say what was agreed.", rows=4)


class ReviewerForm(forms.Form):
    """Who reviews from outside."""

    reviewer = person(
        "Who reviews it?", User.objects.none(), "Choose who reviews it.", empty="Choose a person"
    )

    def __init__(self, people: QuerySet[User], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["reviewer"].queryset = people  # type: ignore[attr-defined]


class ReviewedForm(forms.Form):
    """Whether a decision is sound."""

    said = one_of("Is the decision sound?", Reviewed.Said.choices, "Choose whether the decision is sound.")
    note = words("What did you find?", rows=4)


class ReviewActionForm(forms.Form):
    """Something that must be done after a review."""

    text = words("What is to be done?", "Say what is to be done.", rows=3)
    due_on = day("By when?", "Give the day by which it is to be done.")
    blocks = forms.BooleanField(label="Hold every result of this cohort until it is closed", required=False)


class AnswerForm(forms.Form):
    """What was done about an action."""

    answer = words(
        "What was done, and where can it be seen?", "Say what was done, and where it can be seen.", rows=3
    )


class CloseReviewForm(forms.Form):
    """The end of a review."""

    grade = one_of("How great is the risk?", ExternalReview.Grade.choices, "Choose a grade of risk.")
    summary = words("What did you find?", "Say what you found.", rows=5)


class ReleaseForm(forms.Form):
    """A result."""

    said = one_of("What is the result?", Result.Said.choices, "Choose a result.")
    why = words("Why?", rows=2, help_text="The learner reads it. Needed if they have not passed.")


def _scale(label: str) -> forms.ChoiceField:
    steps = [("1", "1, not at all"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5, very much")]
    return one_of(label, steps, f"Choose an answer: {label[0].lower()}{label[1:]}.")


class FeedbackForm(forms.Form):
    """What a learner says of the programme."""

    text = words("Is there anything else?", rows=4, help_text="Name nobody.")
    field_order = (*FEEDBACK, "text")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for key, label in FEEDBACK.items():
            self.fields[key] = _scale(label)
        self.order_fields(self.field_order)


class ViewForm(forms.Form):
    """What a supervisor sees at work."""

    text = words("Is there anything else?", rows=4, help_text="Name no victim, witness or suspect.")
    field_order = (*VIEW, "text")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for key, label in VIEW.items():
            self.fields[key] = _scale(label)
        self.order_fields(self.field_order)


class AboutMeForm(forms.Form):
    """What somebody chooses to say of themselves."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, groups in GROUPS.items():
            field = one_of(
                name.capitalize(), [("", "I would rather not say"), *((g, g) for g in groups)], "Choose one."
            )
            field.required = False
            self.fields[name.replace(" ", "_")] = field


class AnnualReviewForm(forms.Form):
    """What the programme lead makes of a year."""

    found = words("What did you find?", "Say what you found.", rows=6)
    todo = words(
        "What will be done about it, by whom and by when?", "Say what will be done about it.", rows=6
    )
