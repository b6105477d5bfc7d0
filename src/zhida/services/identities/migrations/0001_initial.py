"""The table of identities."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("issuer", models.CharField(max_length=200)),
                ("provider", models.CharField(max_length=30)),
                ("subject_name", models.CharField(max_length=255)),
                ("account", models.CharField(db_index=True, max_length=40)),
                ("linked_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "subject_name"), name="identity_is_one_account"),
                    models.CheckConstraint(condition=~models.Q(subject_name=""), name="identity_has_a_name"),
                ],
            },
        ),
    ]
