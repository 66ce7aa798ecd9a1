"""On PostgreSQL, words are found in millions of accounts by an index of their letters in threes."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NAME = "encounters_narrative_words"


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite reads the accounts one by one: for the sizes it is meant for, that is quick enough."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        schema_editor.execute(
            f"CREATE INDEX {NAME} ON encounters_encounter USING gin (UPPER(narrative) gin_trgm_ops)"
        )


def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Without the index; the extension stays, as others may use it."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {NAME}")


class Migration(migrations.Migration):
    """The index that Django's icontains uses."""

    dependencies = [("encounters", "0003_assessments")]
    operations = [migrations.RunPython(make, drop)]
