"""The training app: every force has the courses that come with the product."""

from datetime import timedelta
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate, post_save


class TrainingConfig(AppConfig):
    """Gives forces the shipped courses when they are made, and newer versions of them when the product is brought up to date."""

    name = "wholepicture.web.training"
    label = "training"

    def ready(self) -> None:
        from wholepicture.web.accounts.models import Force, Outgoing
        from wholepicture.web.accounts.services.chores import HABITS, Habit
        from wholepicture.web.accounts.services.outgoing import SENDERS
        from wholepicture.web.accounts.trays import register
        from wholepicture.web.training import trays
        from wholepicture.web.training.services.lms import deliver_mark, forget_used
        from wholepicture.web.training.services.reminders import HABIT
        from wholepicture.web.training.services.xapi import deliver_statement

        post_save.connect(_new_force, sender=Force, dispatch_uid="training-shipped-courses")
        post_migrate.connect(_brought_up_to_date, sender=self, dispatch_uid="training-newer-courses")
        register(trays.of)
        if HABIT not in HABITS:
            HABITS.extend([HABIT, Habit("training-launches", timedelta(days=1), forget_used)])
        SENDERS[Outgoing.Kind.LMS] = deliver_mark
        SENDERS[Outgoing.Kind.XAPI] = deliver_statement


def _new_force(sender: Any, instance: Any, created: bool, raw: bool = False, **_: Any) -> None:
    if created and not raw:
        from wholepicture.web.training.services import install_shipped

        install_shipped(instance)


def _brought_up_to_date(sender: Any, using: str, **_: Any) -> None:
    """Only when every migration is applied: half-way up (or down) the tables are not what the models say."""
    from wholepicture.web.accounts.models import Force
    from wholepicture.web.training.services import install_shipped

    executor = MigrationExecutor(connections[using])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    for force in Force.objects.using(using).all():
        install_shipped(force)
