"""The table of Django's database cache, in which wrong passwords are counted for all workers at once."""

from django.apps.registry import Apps
from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make it where it is not there."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """Nothing to take back: an empty cache harms nobody."""

    dependencies = [("accounts", "0003_roles")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
