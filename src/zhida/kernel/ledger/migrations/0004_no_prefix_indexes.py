"""Ids are never searched by their beginning: four of the indexes that each fact wrote go."""

from django.db import migrations

from zhida.kernel.ledger.migrations._prefixes import without_prefix_indexes


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_cosignature")]

    operations = [without_prefix_indexes("ledger_entry", "ledger_payload", "ledger_waiting", "ledger_leaf")]
