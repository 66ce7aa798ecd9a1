"""Entries are chained: the columns."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("accounts", "0003_roles")]
    operations = [
        migrations.CreateModel(
            name="Chain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True)),
                ("number", models.PositiveBigIntegerField(default=0)),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
        migrations.AddField("entry", "chain", models.CharField(default="", max_length=40), preserve_default=False),
        migrations.AddField("entry", "number", models.PositiveBigIntegerField(default=0), preserve_default=False),
        migrations.AddField("entry", "who_name", models.CharField(blank=True, default="", max_length=150), preserve_default=False),
        migrations.AddField("entry", "previous", models.CharField(default="", max_length=64), preserve_default=False),
        migrations.AddField("entry", "digest", models.CharField(default="", max_length=64), preserve_default=False),
        migrations.AlterField("entry", "at", models.DateTimeField(db_index=True, default=django.utils.timezone.now), preserve_default=False),
        migrations.AlterField("entry", "at", models.DateTimeField(db_index=True)),
        migrations.AlterField("entry", "what", models.CharField(db_index=True, max_length=60)),
        migrations.AlterModelOptions("entry", options={"ordering": ("-id",)}),
    ]
