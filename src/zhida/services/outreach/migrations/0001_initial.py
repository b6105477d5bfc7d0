"""The tables of outreach."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

RESULTS = ["reached", "not_at_home", "refused", "applied", "wrong_number"]


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("item", models.CharField(max_length=200)),
                ("place", models.CharField(max_length=12)),
                ("kind", models.CharField(max_length=5)),
                ("purpose", models.CharField(max_length=120)),
                ("office", models.CharField(max_length=120)),
                ("worker", models.CharField(max_length=40)),
                ("entitled", models.PositiveIntegerField()),
                ("unclaimed", models.PositiveIntegerField()),
                ("made_by", models.CharField(max_length=40)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["worker", "made_at"], name="round_of_worker")],
                "constraints": [
                    models.CheckConstraint(condition=Q(kind__in=["call", "visit"]), name="round_kind_known"),
                    models.CheckConstraint(condition=~Q(purpose=""), name="round_says_why"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("subject_id", models.CharField(max_length=40)),
                ("region", models.CharField(max_length=12)),
                ("result", models.CharField(blank=True, max_length=12)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("call_back_on", models.DateField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_at", models.DateTimeField(null=True)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contacts", to="outreach.round"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("round", "subject_id"), name="contact_once_a_round"),
                    models.CheckConstraint(condition=Q(result__in=["", *RESULTS]), name="contact_result_known"),
                    models.CheckConstraint(
                        condition=Q(result="", attempts=0, last_at=None)
                        | (~Q(result="") & Q(last_at__isnull=False)),
                        name="contact_tried_has_result",
                    ),
                ],
            },
        ),
    ]
