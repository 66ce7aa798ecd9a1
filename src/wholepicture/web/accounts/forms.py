"""Forms of accounts: they check shape; services decide."""

from django import forms

from wholepicture.core.practice import Nation
from wholepicture.web.accounts.models import Role


def _team() -> forms.CharField:
    return forms.CharField(
        label="Team",
        help_text="People of one team see one another’s accounts. Without a team they see only their own.",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "teams", "autocomplete": "off"}),
    )


def _email() -> forms.EmailField:
    return forms.EmailField(
        label="Work e-mail",
        help_text="For what cannot wait. No mail says anything about anybody.",
        required=False,
        error_messages={"invalid": "Enter an e-mail address, such as sam.okafor@example.police.uk."},
    )


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
    team = _team()
    email = _email()


class SetUpForm(AccountForm):
    """A force and its first administrator."""

    force = forms.CharField(
        label="Name of the force", max_length=120, error_messages={"required": "Enter the name of the force."}
    )
    nation = forms.ChoiceField(label="Where it is", choices=[(n.value, n.value) for n in Nation])
    field_order = ("force", "nation", "first", "last", "username")

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        for name in ("role", "team", "email"):
            del self.fields[name]


class StaffForm(forms.Form):
    """A staff list, as a file or pasted."""

    file = forms.FileField(label="A CSV file", required=False)
    text = forms.CharField(
        label="Or paste it",
        required=False,
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": "8", "spellcheck": "false"}),
    )


class RoleForm(forms.Form):
    """What somebody may do from now on."""

    role = forms.ChoiceField(label="Role", choices=Role.choices)


class TeamForm(forms.Form):
    """Where somebody works, and where they are mailed."""

    team = _team()
    email = _email()


class WebhookForm(forms.Form):
    """A system to tell."""

    name = forms.CharField(
        label="What the system is called",
        max_length=80,
        error_messages={"required": "Say what the system is called."},
    )
    address = forms.CharField(
        label="Its address",
        help_text="It begins with https:// and its host is one that whoever runs this site has allowed.",
        max_length=300,
        error_messages={"required": "Give the address that is to be told."},
    )
    partner = forms.BooleanField(
        label="It is a partner’s, and takes the requests that are sent to them",
        required=False,
        help_text="It is given each request in full, and nothing else. Whoever keeps the directory says whose it is.",
    )
