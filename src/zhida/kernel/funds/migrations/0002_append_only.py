"""What is posted stays: no posting can be changed or removed, whoever asks."""

from django.db import migrations

from zhida.kernel.ledger.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_initial")]

    operations = [append_only("funds_posting")]
