"""Tables made together are there whole, and can be taken away again."""

from __future__ import annotations

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from wholepicture.web.tables import NewTables

TOGETHER = NewTables(
    [
        migrations.CreateModel(
            "Shelf", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]
        ),
        migrations.CreateModel(
            "Book",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("shelf", models.ForeignKey("made_up.shelf", on_delete=models.CASCADE)),
            ],
        ),
        migrations.AddField(
            "shelf", "best", models.ForeignKey("made_up.book", null=True, on_delete=models.SET_NULL)
        ),
        migrations.AddConstraint("shelf", models.UniqueConstraint(fields=["name"], name="one_shelf_a_name")),
    ]
)


@pytest.mark.django_db(transaction=True)
def test_tables_made_together_come_and_go() -> None:
    before, after = ProjectState(), ProjectState()
    TOGETHER.state_forwards("made_up", after)
    with connection.schema_editor() as editor:
        TOGETHER.database_forwards("made_up", editor, before, after)
    with connection.cursor() as cursor:
        columns = {c.name for c in connection.introspection.get_table_description(cursor, "made_up_shelf")}
        rules = connection.introspection.get_constraints(cursor, "made_up_shelf")
    assert columns == {"id", "name", "best_id"}
    assert rules["one_shelf_a_name"]["unique"]
    with connection.schema_editor() as editor:
        TOGETHER.database_backwards("made_up", editor, after, before)
    assert not {"made_up_shelf", "made_up_book"} & set(connection.introspection.table_names())
