"""The table of urges."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Urge",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("case_id", models.CharField(max_length=40)),
                ("office", models.CharField(max_length=120)),
                ("reason", models.CharField(max_length=200)),
                ("urged_by", models.CharField(max_length=40)),
                ("urged_at", models.DateTimeField()),
                ("urged_on", models.DateField()),
                ("answer", models.CharField(blank=True, max_length=200)),
                ("answered_by", models.CharField(blank=True, max_length=40)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["office", "answered_at"], name="urge_waiting")],
                "constraints": [
                    models.UniqueConstraint(fields=("case_id", "office", "urged_on"), name="urged_once_a_day"),
                    models.CheckConstraint(condition=~Q(reason=""), name="urge_says_why"),
                    models.CheckConstraint(
                        condition=(Q(answered_at=None) & Q(answer=""))
                        | (Q(answered_at__isnull=False) & ~Q(answer="")),
                        name="urge_answered_in_words",
                    ),
                ],
            },
        ),
    ]
