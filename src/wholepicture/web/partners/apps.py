"""The partners app: what the worker does for it, and what it destroys when a record is disposed of."""

from datetime import timedelta

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Adds its trays, its senders and what is done as time passes."""

    name = "wholepicture.web.partners"
    label = "partners"

    def ready(self) -> None:
        from wholepicture.web.accounts.models import Outgoing
        from wholepicture.web.accounts.services.chores import HABITS, Habit
        from wholepicture.web.accounts.services.outgoing import SENDERS
        from wholepicture.web.accounts.trays import register
        from wholepicture.web.encounters import beyond
        from wholepicture.web.encounters.services.retention import FORGET
        from wholepicture.web.partners import trays
        from wholepicture.web.partners.selectors import disclosing
        from wholepicture.web.partners.services import clocks, forgetting
        from wholepicture.web.partners.services.importing import import_due

        register(trays.of)
        beyond.register(trays.asked_for)
        beyond.register_held(disclosing.held_of)
        SENDERS[Outgoing.Kind.REFERRAL] = clocks.deliver
        if forgetting.forget not in FORGET:
            FORGET.append(forgetting.forget)
            HABITS.extend(
                [
                    Habit(
                        "directories",
                        timedelta(seconds=5),
                        import_due,
                        "Read directories in, a page at a time",
                    ),
                    Habit(
                        "referral-clocks",
                        timedelta(minutes=5),
                        clocks.remind_and_escalate,
                        "Remind partners, and take what stays late to a named person",
                    ),
                    Habit(
                        "referral-reconciler",
                        timedelta(minutes=15),
                        clocks.reconcile,
                        "Bring requests and what waits to be sent into line",
                    ),
                    Habit(
                        "control-watch",
                        timedelta(minutes=15),
                        clocks.refresh_all,
                        "Bring the control watch up to date",
                    ),
                    Habit(
                        "slipped-through", timedelta(hours=1), clocks.find_slipped, "Find who slipped through"
                    ),
                    Habit(
                        "slipped-settled",
                        timedelta(minutes=30),
                        clocks.settle_slipped,
                        "Close what slipped through and was acted on",
                    ),
                    Habit(
                        "watch-digest",
                        timedelta(days=1),
                        clocks.digest,
                        "Send the daily digest of the control watch",
                    ),
                ]
            )
