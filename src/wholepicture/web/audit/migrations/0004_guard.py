"""A number stands once in a chain, and the database refuses to change or delete an entry."""

from django.db import migrations, models

from wholepicture.web.audit.guard import install, remove


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_chain_entries")]
    operations = [
        migrations.AddConstraint("entry", models.UniqueConstraint(fields=("chain", "number"), name="audit_number_once_a_chain")),
        migrations.RunPython(lambda apps, editor: install(editor.connection), lambda apps, editor: remove(editor.connection)),
    ]
