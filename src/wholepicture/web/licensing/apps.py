"""The licensing app: every force has the schemes that come with the product."""

from datetime import timedelta

from django.apps import AppConfig


class LicensingConfig(AppConfig):
    """Gives forces the shipped schemes, tells holders before a term ends, and adds licences to the chief officer's briefing."""

    name = "wholepicture.web.licensing"
    label = "licensing"

    def ready(self) -> None:
        from wholepicture.web.accounts.services.chores import HABITS, Habit
        from wholepicture.web.accounts.shipped import give_to_every_force
        from wholepicture.web.accounts.trays import register
        from wholepicture.web.cpd import briefing
        from wholepicture.web.licensing import calendars, figures, trays
        from wholepicture.web.licensing.services.applying import install_shipped
        from wholepicture.web.licensing.services.registering import give_notice
        from wholepicture.web.programmes.selectors import calendars as programme_calendars

        give_to_every_force(self, install_shipped)
        register(trays.of)
        programme_calendars.register(calendars.days_of)
        briefing.register(figures.of)
        if not any(h.name == "licence-notices" for h in HABITS):
            HABITS.append(
                Habit(
                    "licence-notices",
                    timedelta(days=1),
                    give_notice,
                    "Remind people of licences that end, and let them lapse",
                )
            )
