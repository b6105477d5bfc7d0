"""The cases of an office by their state, so that a worklist reads what waits and no more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_allotted_money")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["office", "state"], name="case_office_state"),
        ),
    ]
