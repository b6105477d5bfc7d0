"""Row security on PostgreSQL: a connection sees the money of the offices that it says, and of none where it says none.

The program's connections say `*` (all) and narrow it for the pages of people; owners of the tables are not held by it,
so that upgrades and backups work. SQLite has no row security.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LINE = "funds_budgetline"
OF_LINES = ("funds_standing", "funds_standingrelease", "funds_paymentbatch", "funds_disbursement", "funds_posting")
# Asked in a subquery, so that it is looked up once a statement and not once a row.
SAID = "(SELECT current_setting('zhida.offices', true))"


def build(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "postgresql":
        return
    seen = {LINE: f"office = ANY (string_to_array({SAID}, ','))"}
    seen |= dict.fromkeys(OF_LINES, f"EXISTS (SELECT 1 FROM {LINE} one WHERE one.id = line_id)")
    for table, condition in seen.items():
        editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        editor.execute(f"CREATE POLICY zhida_offices ON {table} USING ({SAID} = '*' OR {condition})")


def remove(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "postgresql":
        return
    for table in (LINE, *OF_LINES):
        editor.execute(f"DROP POLICY zhida_offices ON {table}")
        editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


class Migration(migrations.Migration):
    dependencies = [("funds", "0004_no_prefix_indexes")]

    operations = [migrations.RunPython(build, remove)]
