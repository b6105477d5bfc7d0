"""What is written stays: no table of the log can be changed, and only fields and the waiting list can be deleted."""

from django.db import migrations

from zhida.kernel.ledger.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        append_only("ledger_entry"),
        append_only("ledger_leaf"),
        append_only("ledger_node"),
        append_only("ledger_checkpoint"),
        append_only("ledger_payload", refuse=("UPDATE",)),
        append_only("ledger_waiting", refuse=("UPDATE",)),
    ]
