"""An app's new tables made together: Django works every model out anew after each step of a migration, and an app has dozens."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState


class NewTables(Operation):
    """Steps that make new tables, and add columns, rules and indexes to those alone; the tables are made as they end."""

    category = OperationCategory.ADDITION

    def __init__(self, steps: list[Operation]) -> None:
        self.steps = steps

    def _names(self) -> list[str]:
        return [step.name for step in self.steps if isinstance(step, CreateModel)]

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Take the steps without working the models out between them."""
        state.__dict__.pop("apps", None)
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make each table with all that it ends with."""
        for name in self._names():
            model: Any = to_state.apps.get_model(app_label, name)
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.create_model(model)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take the tables away again, the last first."""
        for name in reversed(self._names()):
            model: Any = from_state.apps.get_model(app_label, name)
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.delete_model(model)

    def describe(self) -> str:
        """What it does."""
        return f"Make the tables {', '.join(self._names())}"
