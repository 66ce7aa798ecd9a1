"""Forms of licences: they check shape; services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from wholepicture.core.licensing import Condition, Scheme, Step
from wholepicture.web.accounts.models import User
from wholepicture.web.licensing.models import StandardDecision
from wholepicture.web.licensing.services.stepping import Taken
from wholepicture.web.theme.inputs import day, line, one_of, person, several, words

SAYS: dict[str, str] = {
    Step.SUBMIT: "Hand the application in",
    Step.WITHDRAW: "Withdraw the application",
    Step.REPRESENT: "Answer the notice",
    Step.SURRENDER: "Give the licence up",
    Step.APPEAL: "Appeal",
    Step.RETURN: "Send it back",
    Step.ACCEPT: "Accept it, and name who assesses",
    Step.ASSESS: "Assessed",
    Step.FORWARD: "Put it before a panel",
    Step.RENEW: "Renew it",
    Step.EXTEND: "Give more days of grace",
    Step.PAUSE: "Pause it: the holder is away",
    Step.RESUME: "Have it go on: the holder is back",
    Step.INTERIM: "Suspend it meanwhile",
    Step.END_INTERIM: "End the suspension meanwhile",
    Step.PROPOSE: "Give notice of a proposal",
    Step.GRANT: "Grant it",
    Step.GRANT_CONDITIONS: "Grant it with conditions",
    Step.REFUSE: "Refuse it",
    Step.NO_ACTION: "Do nothing about it",
    Step.SET_CONDITIONS: "Set or vary conditions",
    Step.LIFT_CONDITIONS: "Lift the conditions",
    Step.SUSPEND: "Suspend it",
    Step.REINSTATE: "Restore it",
    Step.REVOKE: "Revoke it",
    Step.UPHOLD: "Let the decision stand",
    Step.VARY: "Put conditions in its place",
    Step.OVERTURN: "Overturn the decision",
    "keep": "Keep what there is",
}
_UNTIL = (Step.INTERIM, Step.SUSPEND, Step.EXTEND)
_CONDITIONS = (Step.GRANT_CONDITIONS, Step.SET_CONDITIONS, Step.VARY)
_CONDITIONS_IF_ANY = (Step.RESUME,)
_NO_REASON = (Step.SUBMIT, Step.WITHDRAW, Step.ACCEPT, Step.FORWARD)


class StepForm(forms.Form):
    """What comes with one step: reasons, a day, conditions, assessors, as the step asks."""

    def __init__(self, step: str, assessors: QuerySet[User] | None = None, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.step = step
        if step == Step.ACCEPT and assessors is not None:
            self.fields["assessor"] = person(
                "Who assesses it?", assessors, "Name an assessor.", empty="Choose a person"
            )
            self.fields["second"] = person("Who assesses it too, if it is assessed twice?", assessors)
        if step in _CONDITIONS + _CONDITIONS_IF_ANY:
            must = step in _CONDITIONS
            for n in (1, 2):
                wanted = "Say the condition." if n == 1 and must else ""
                self.fields[f"text_{n}"] = words(
                    (
                        (
                            "What is the condition?"
                            if must
                            else "What is the plan for coming back, if there is one?"
                        )
                        if n == 1
                        else "Another condition"
                    ),
                    wanted,
                    rows=2,
                    most=400,
                )
                self.fields[f"measure_{n}"] = line(
                    "How is it measured?", "Say how it is measured." if wanted else "", most=200
                )
                self.fields[f"seen_{n}"] = line(
                    "Who sees to it?", "Say who sees to it." if wanted else "", most=120
                )
                self.fields[f"until_{n}"] = day(
                    "Until when?", "Give the day on which it ends." if wanted else ""
                )
        if step in _UNTIL:
            self.fields["until"] = day("Until when?", "Give the day to which it holds.")
        if step not in _NO_REASON:
            self.fields["why"] = words(
                "Why? The holder reads it."
                if step not in (Step.REPRESENT, Step.SURRENDER, Step.APPEAL)
                else "What do you say?",
                "Say why.",
                rows=5,
            )

    def taken(self) -> Taken:
        """What was filled in."""
        given = self.cleaned_data
        conditions = tuple(
            Condition(given[f"text_{n}"], given[f"measure_{n}"], given[f"seen_{n}"], given[f"until_{n}"])
            for n in (1, 2)
            if given.get(f"text_{n}") and given.get(f"until_{n}")
        )
        return Taken(
            why=given.get("why", ""),
            until=given.get("until"),
            conditions=conditions,
            assessor=given.get("assessor"),
            second=given.get("second"),
        )


class EvidenceForm(forms.Form):
    """Evidence for the standards."""

    title = line("What would you call it?", "Give it a title.")
    happened_on = day("When was it?", "Give the day on which it happened.")
    text = words(
        "What happened, what did you do, and why?",
        "Say what happened.",
        rows=8,
        most=20_000,
        help_text="Name no victim, witness or suspect, nor anything by which one could be known. Say “a girl of nine”, not who she is.",
    )
    standards = several("Which standards does it show?", "Choose at least one standard that it shows.")
    case = forms.BooleanField(label="It is an inquiry that I led, supervised", required=False)
    document = forms.FileField(
        label="A file",
        required=False,
        help_text="PDF, Word, text or picture, up to 5 MB. Take names out of it first.",
    )
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, content: Scheme, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["standards"].choices = [(s.id, f"{s.id} {s.text}") for s in content.standards]  # type: ignore[attr-defined]


class DeclareForm(forms.Form):
    """A declaration."""

    on = day("When was it?", "Give the day.")
    said = line("Anything to say of it", most=300, help_text="Nothing about anybody's health.")

    def __init__(self, *args: Any, **more: Any) -> None:
        more["initial"] = {"on": timezone.localdate(), **(more.get("initial") or {})}
        super().__init__(*args, **more)


class StandardForm(forms.Form):
    """An assessor's decision on one standard."""

    said = one_of("Is it met?", StandardDecision.Said.choices, "Choose whether it is met.")
    feedback = words("Why?", "Say why, so that the applicant can use it.", rows=4)


class FinishForm(forms.Form):
    """An assessor's summary."""

    why = words("Your summary for the panel", "Give a summary.", rows=4)


class PanelForm(forms.Form):
    """Who sits."""

    members = several("Who sits?", "Choose who sits.")

    def __init__(self, people: QuerySet[User], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["members"].choices = [(str(p.pk), f"{p}, {p.get_role_display().lower()}") for p in people]  # type: ignore[attr-defined]


class VoteForm(forms.Form):
    """A member's vote."""

    said = one_of("What do you vote for?", [], "Choose what you vote for.")
    why = words("Why?", "Say why. It is part of the decision.", rows=4)
    interests = line(
        "Any interest to declare",
        most=400,
        help_text="Such as having worked with them. If it would be hard to be fair, stand down instead.",
    )

    def __init__(self, votes: list[str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["said"].choices = [(v, SAYS[v]) for v in votes]  # type: ignore[attr-defined]


class MemberForm(forms.Form):
    """Somebody else who sits."""

    member = person("Who sits instead?", User.objects.none(), "Choose who sits.", empty="Choose a person")

    def __init__(self, people: QuerySet[User], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["member"].queryset = people  # type: ignore[attr-defined]


class CheckForm(forms.Form):
    """Whether somebody may lead a case today."""

    person = person("Who?", User.objects.none(), "Choose whom you ask about.", empty="Choose a person")
    scheme = one_of("To lead what?", [], "Choose what it is about.", radio=False)
    why = line("Why do you ask? The holder sees it.", most=200)

    def __init__(
        self, people: QuerySet[User], schemes: list[tuple[str, str]], *args: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["scheme"].choices = schemes  # type: ignore[attr-defined]


class GiveForm(forms.Form):
    """A case that somebody leads."""

    person = person("Who leads it?", User.objects.none(), "Choose who leads it.", empty="Choose a person")
    scheme = one_of("What is it?", [], "Choose what it is.", radio=False)
    reference = line(
        "Its reference in your own system",
        "Give the reference it has in your own system.",
        most=40,
        help_text="Nothing about anybody in it.",
    )

    def __init__(
        self, people: QuerySet[User], schemes: list[tuple[str, str]], *args: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["scheme"].choices = schemes  # type: ignore[attr-defined]


class ExemptForm(forms.Form):
    """An exemption."""

    person = person("Who?", User.objects.none(), "Choose who.", empty="Choose a person")
    scheme = one_of("To lead what?", [], "Choose what it is about.", radio=False)
    senior = line("Who senior has agreed?", "Say who has agreed.", most=120)
    supervisor = line("Who supervises them?", "Say who supervises.", most=120)
    until = day("Until when?", "Give the day on which it ends.")
    why = words("Why?", "Say why.", rows=3)

    def __init__(
        self, people: QuerySet[User], schemes: list[tuple[str, str]], *args: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["scheme"].choices = schemes  # type: ignore[attr-defined]


class PublishForm(forms.Form):
    """A scheme, or a new version of one."""

    text = forms.CharField(
        label="The scheme",
        widget=forms.Textarea(attrs={"rows": "24"}),
        max_length=200_000,
        strip=False,
        error_messages={"required": "The scheme is empty."},
    )
    note = line("What is different, and why?", "Say what is different, and why.", most=400)


class VerifyForm(forms.Form):
    """A credential that somebody was given."""

    file = forms.FileField(
        label="The credential, as a file",
        help_text="A JSON file.",
        error_messages={"required": "Choose the file."},
    )
