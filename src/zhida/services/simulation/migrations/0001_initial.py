"""The table of simulations."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Simulation",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("office", models.CharField(blank=True, max_length=120)),
                ("items", models.JSONField()),
                ("inputs", models.JSONField()),
                ("files", models.JSONField()),
                ("outcome", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("entry_id", models.CharField(max_length=40)),
                ("ran_by", models.CharField(max_length=40)),
                ("ran_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["office", "-ran_at"], name="simulation_newest")],
                "constraints": [models.CheckConstraint(condition=~models.Q(digest=""), name="simulation_proved")],
            },
        ),
    ]
