"""The tables of worklists."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=300)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "name"), name="filter_once_a_name"),
                    models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="filter_says_what"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HeldBatch",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("office", models.CharField(max_length=120)),
                ("account", models.CharField(max_length=40)),
                ("item", models.CharField(max_length=200)),
                ("position", models.SmallIntegerField()),
                ("versions", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("done", models.PositiveIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["account", "ended_at"], name="batch_waiting")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(done=None) | Q(ended_at__isnull=False), name="batch_done_has_ended"
                    ),
                ],
            },
        ),
    ]
