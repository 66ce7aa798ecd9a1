"""Forms of programmes: they check shape; services decide."""

from django import forms


class ProposeForm(forms.Form):
    """A new version, as a file has it."""

    text = forms.CharField(
        label="The specification",
        help_text="Change what is to be different. Keep the ids of what stays: versions are compared by them.",
        widget=forms.Textarea(attrs={"rows": "28"}),
        max_length=400_000,
        strip=False,
        error_messages={"required": "The specification is empty."},
    )
    note = forms.CharField(
        label="What is different, and why?",
        max_length=400,
        error_messages={"required": "Say what is different, and why."},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class JudgeForm(forms.Form):
    """What a reviewer or approver says."""

    said = forms.ChoiceField(
        label="What do you say of it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )
    why = forms.CharField(
        label="Why?",
        widget=forms.Textarea(attrs={"rows": "3"}),
        max_length=4_000,
        error_messages={"required": "Say why. A line is enough."},
    )
