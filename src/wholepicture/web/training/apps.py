"""The training app: every force has the courses that come with the product."""

from datetime import timedelta

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Gives forces the shipped courses when they are made, and newer versions of them when the product is brought up to date."""

    name = "wholepicture.web.training"
    label = "training"

    def ready(self) -> None:
        from wholepicture.web.accounts.models import Outgoing
        from wholepicture.web.accounts.services.chores import HABITS, Habit
        from wholepicture.web.accounts.services.outgoing import SENDERS
        from wholepicture.web.accounts.shipped import give_to_every_force
        from wholepicture.web.accounts.trays import register
        from wholepicture.web.training import trays
        from wholepicture.web.training.services import install_shipped
        from wholepicture.web.training.services.lms import deliver_mark, forget_used
        from wholepicture.web.training.services.reminders import HABIT
        from wholepicture.web.training.services.xapi import deliver_statement

        give_to_every_force(self, install_shipped)
        register(trays.of)
        if HABIT not in HABITS:
            HABITS.extend(
                [
                    HABIT,
                    Habit(
                        "training-launches",
                        timedelta(days=1),
                        forget_used,
                        "Clear launches of learning systems that were used",
                    ),
                ]
            )
        SENDERS[Outgoing.Kind.LMS] = deliver_mark
        SENDERS[Outgoing.Kind.XAPI] = deliver_statement
