"""Forms of accounts: they check shape; services decide."""

from django import forms

from wholepicture.web.accounts.models import Role


class AccountForm(forms.Form):
    """A new account."""

    first = forms.CharField(
        label="First name", max_length=150, error_messages={"required": "Enter the first name."}
    )
    last = forms.CharField(
        label="Last name", max_length=150, error_messages={"required": "Enter the last name."}
    )
    username = forms.RegexField(
        r"^[\w.@+-]+$",
        label="Username",
        help_text="If your force signs in with its own service, the username it has there.",
        max_length=150,
        error_messages={
            "required": "Enter a username.",
            "invalid": "A username has only letters, digits and . @ + - _",
        },
    )
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.OFFICER)


class RoleForm(forms.Form):
    """What somebody may do from now on."""

    role = forms.ChoiceField(label="Role", choices=Role.choices)
