"""The table of feedback."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("page", models.CharField(max_length=300)),
                ("kind", models.CharField(max_length=12)),
                ("words", models.TextField()),
                ("contact", models.CharField(blank=True, max_length=120)),
                ("shown_as", models.CharField(blank=True, max_length=60)),
                ("office", models.CharField(blank=True, max_length=120)),
                ("received_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("answer", models.TextField(blank=True)),
                ("answered_by", models.CharField(blank=True, max_length=40)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["office", "answered_at", "received_at"], name="feedback_waiting")],
                "constraints": [
                    models.CheckConstraint(condition=~models.Q(words=""), name="feedback_says_something"),
                    models.CheckConstraint(
                        condition=(models.Q(answered_at=None) & models.Q(answer=""))
                        | (
                            models.Q(answered_at__isnull=False)
                            & ~models.Q(answer="")
                            & ~models.Q(answered_by="")
                        ),
                        name="feedback_answered_in_words",
                    ),
                ],
            },
        ),
    ]
