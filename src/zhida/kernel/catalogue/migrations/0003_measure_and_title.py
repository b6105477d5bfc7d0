"""An item's measure, and the title of the issued document, beside the rest of the searchable face."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_append_only")]

    operations = [
        migrations.AddField("itemrow", "measure", models.CharField(max_length=80, null=True, db_index=True)),
        migrations.AddField(
            "packrevision", "document_title", models.CharField(max_length=300, blank=True, default="")
        ),
    ]
