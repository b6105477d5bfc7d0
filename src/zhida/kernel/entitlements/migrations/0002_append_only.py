"""What was granted or counted stays as it was: these tables refuse every change."""

from django.db import migrations

from zhida.kernel.ledger.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0001_initial")]

    operations = [
        append_only("entitlements_entitlement"),
        append_only("entitlements_revocation"),
        append_only("entitlements_screeningrun"),
        append_only("entitlements_screeningitem"),
        append_only("entitlements_screeningcount"),
        append_only("entitlements_uniqueness", refuse=("UPDATE",)),
    ]
