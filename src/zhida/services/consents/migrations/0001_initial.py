"""The table of consents."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("subject", models.CharField(db_index=True, max_length=40)),
                ("receiver", models.CharField(max_length=120)),
                ("purpose", models.CharField(max_length=200)),
                ("attributes", models.JSONField()),
                ("given_at", models.DateTimeField()),
                ("given_by", models.CharField(max_length=40)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(until_on__gt=models.F("from_on")), name="consent_ends"
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(receiver="") & ~models.Q(purpose=""), name="consent_says_for_whom"
                    ),
                ],
            },
        ),
    ]
