"""Accounts hears of every sign-in from Django and allauth."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app, whose signals are connected once."""

    name = "wholepicture.web.accounts"
    default = True

    def ready(self) -> None:
        """Connect the audit to sign-ins."""
        from wholepicture.web.accounts import signals  # noqa: F401
