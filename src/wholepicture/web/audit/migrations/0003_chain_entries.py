"""Entries written before are chained in the order they were written."""

from django.db import migrations

from wholepicture.core.audit_chain import FIRST, digest_of
from wholepicture.web.audit.services import SYSTEM, stamp


def chain_what_is_there(apps, schema_editor):
    Entry, Chain = apps.get_model("audit", "Entry"), apps.get_model("audit", "Chain")
    heads = {}
    for entry in Entry.objects.select_related("who").order_by("id").iterator():
        force = getattr(entry.who, "force_id", None)
        chain = f"force-{force}" if force else SYSTEM
        number, previous = heads.get(chain, (0, FIRST))
        entry.chain, entry.number, entry.previous = chain, number + 1, previous
        entry.who_name = entry.who.username if entry.who else ""
        entry.digest = digest_of(
            {
                "chain": chain, "number": entry.number, "at": stamp(entry.at), "who": entry.who_name,
                "what": entry.what, "about": entry.about, "why": entry.why, "previous": previous,
            }
        )
        entry.save()
        heads[chain] = (entry.number, entry.digest)
    Chain.objects.bulk_create(Chain(name=name, number=number, digest=digest) for name, (number, digest) in heads.items())


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain")]
    operations = [migrations.RunPython(chain_what_is_there, migrations.RunPython.noop)]
