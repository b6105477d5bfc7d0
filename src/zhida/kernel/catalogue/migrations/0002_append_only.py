"""What was published stays as it was: these tables refuse every change."""

from django.db import migrations

from zhida.kernel.ledger.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        append_only("catalogue_content"),
        append_only("catalogue_revisionfile"),
        append_only("catalogue_clause"),
        append_only("catalogue_itemrow"),
        append_only("catalogue_signoff"),
        append_only("catalogue_replay"),
        append_only("catalogue_shared"),
        append_only("catalogue_sharedfile"),
    ]
