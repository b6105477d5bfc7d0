"""Witnesses' lines under checkpoints, append-only as these are."""

import django.db.models.deletion
from django.db import migrations, models

from zhida.kernel.ledger.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("witness", models.CharField(max_length=300)),
                ("line", models.TextField()),
                (
                    "checkpoint",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="ledger.checkpoint"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="cosignature",
            constraint=models.UniqueConstraint(
                fields=("checkpoint", "witness"), name="cosignature_once_a_witness"
            ),
        ),
        append_only("ledger_cosignature"),
    ]
