"""What comes with the product for every force: given when a force is made, and when the product is brought up to date."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate, post_save


def give_to_every_force(app: AppConfig, install: Callable[[Any], None]) -> None:
    """Have an app's ``install`` called with each force, new or there. Call it when the app is ready."""
    from wholepicture.web.accounts.models import Force

    def made(sender: Any, instance: Any, created: bool, raw: bool = False, **_: Any) -> None:
        if created and not raw:
            install(instance)

    def brought_up_to_date(sender: Any, using: str, **_: Any) -> None:
        # Only when every migration is applied: half-way up (or down) the tables are not what the models say.
        executor = MigrationExecutor(connections[using])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return
        for force in Force.objects.using(using).all():
            install(force)

    post_save.connect(made, sender=Force, dispatch_uid=f"{app.label}-shipped", weak=False)
    post_migrate.connect(brought_up_to_date, sender=app, dispatch_uid=f"{app.label}-newer", weak=False)
