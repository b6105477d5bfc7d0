"""The table of pacing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("flow", models.CharField(max_length=20)),
                ("who", models.CharField(max_length=64)),
                ("began", models.BigIntegerField()),
                ("taken", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["began"], name="pace_began")],
                "constraints": [
                    models.UniqueConstraint(fields=("flow", "who"), name="pace_once"),
                    models.CheckConstraint(condition=models.Q(("taken__gt", 0)), name="pace_counts"),
                ],
            },
        ),
    ]
