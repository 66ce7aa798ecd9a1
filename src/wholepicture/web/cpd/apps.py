"""The CPD app: every force has the frameworks that come with the product."""

from datetime import timedelta

from django.apps import AppConfig


class CpdConfig(AppConfig):
    """Gives forces the shipped frameworks, and reminds people before a cycle ends."""

    name = "wholepicture.web.cpd"
    label = "cpd"

    def ready(self) -> None:
        from wholepicture.web.accounts.services.chores import HABITS, Habit
        from wholepicture.web.accounts.shipped import give_to_every_force
        from wholepicture.web.accounts.trays import register
        from wholepicture.web.cpd import calendars, trays
        from wholepicture.web.cpd.services import install_shipped, remind
        from wholepicture.web.programmes.selectors import calendars as programme_calendars

        give_to_every_force(self, install_shipped)
        register(trays.of)
        programme_calendars.register(calendars.days_of)
        if not any(h.name == "cpd-reminders" for h in HABITS):
            HABITS.append(Habit("cpd-reminders", timedelta(days=1), remind, "Remind people of their CPD"))
