"""Ids are never searched by their beginning: half of the indexes that each payment wrote go."""

from django.db import migrations

from zhida.kernel.ledger.migrations._prefixes import without_prefix_indexes


class Migration(migrations.Migration):
    dependencies = [("funds", "0003_channels")]

    operations = [without_prefix_indexes("funds_disbursement", "funds_posting", "funds_standing")]
