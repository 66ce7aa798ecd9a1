"""The insight app."""

from datetime import timedelta

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Gives every force the shipped questions, puts what waits on the first page, and lets go of who has answered."""

    name = "wholepicture.web.insight"
    label = "insight"

    def ready(self) -> None:
        from wholepicture.web.accounts.services.chores import HABITS, Habit
        from wholepicture.web.accounts.shipped import give_to_every_force
        from wholepicture.web.accounts.trays import register
        from wholepicture.web.insight import trays
        from wholepicture.web.insight.selectors.figures import make_ready
        from wholepicture.web.insight.services import forget, install_shipped

        give_to_every_force(self, install_shipped)
        register(trays.of)
        if not any(h.name == "insight-forget" for h in HABITS):
            HABITS.append(
                Habit("insight-forget", timedelta(days=1), forget, "Let go of old answers on how people are")
            )
            HABITS.append(
                Habit("insight-figures", timedelta(hours=1), make_ready, "Have large forces' figures ready")
            )
