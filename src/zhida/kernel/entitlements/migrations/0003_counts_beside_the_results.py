"""Counts by item and region stand with the results they count, not in the database."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0002_append_only")]

    operations = [migrations.DeleteModel(name="ScreeningCount")]
