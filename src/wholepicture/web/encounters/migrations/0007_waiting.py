from django.db import migrations, models
from django.db.models import F, OuterRef, Q, Subquery
import django.db.models.deletion


def fill(apps, schema_editor):
    """The force of each assessment there is, and whether it waits."""
    Assessment, Person = apps.get_model("encounters", "Assessment"), apps.get_model("encounters", "EncounterPerson")
    force = Person.objects.filter(pk=OuterRef("person_id")).values("encounter__force_id")
    Assessment.objects.update(force_id=Subquery(force))
    followed = Assessment.objects.filter(previous__isnull=False).values("previous_id")
    reviewed = apps.get_model("encounters", "AssessmentReview").objects.values("assessment_id")
    Assessment.objects.filter(Q(pk__in=followed) | Q(pk__in=reviewed)).update(waiting=False)


class Migration(migrations.Migration):
    # The rows are filled in one transaction and the column made required in the next, as PostgreSQL wants it.
    atomic = False

    dependencies = [
        ("accounts", "0007_tokens_end"),
        ("encounters", "0006_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="force",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.force"
            ),
        ),
        migrations.AddField(model_name="assessment", name="waiting", field=models.BooleanField(default=True)),
        migrations.RunPython(fill, migrations.RunPython.noop, atomic=True),
        migrations.AlterField(
            model_name="assessment",
            name="force",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.force"
            ),
        ),
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(
                F("force"),
                F("worst").desc(),
                F("at"),
                condition=Q(waiting=True),
                name="assessment_waiting",
            ),
        ),
    ]
