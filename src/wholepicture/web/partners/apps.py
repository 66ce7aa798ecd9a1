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
        from wholepicture.web.partners.services import clocks, forgetting
        from wholepicture.web.partners.services.importing import import_due

        register(trays.of)
        beyond.register(trays.asked_for)
        SENDERS[Outgoing.Kind.REFERRAL] = clocks.deliver
        if forgetting.forget not in FORGET:
            FORGET.append(forgetting.forget)
            HABITS.extend(
                [
                    Habit("directories", timedelta(seconds=5), import_due),
                    Habit("referral-clocks", timedelta(minutes=5), clocks.remind_and_escalate),
                    Habit("referral-reconciler", timedelta(minutes=15), clocks.reconcile),
                    Habit("control-watch", timedelta(minutes=15), clocks.refresh_all),
                    Habit("slipped-through", timedelta(hours=1), clocks.find_slipped),
                    Habit("slipped-settled", timedelta(minutes=30), clocks.settle_slipped),
                    Habit("watch-digest", timedelta(days=1), clocks.digest),
                ]
            )
