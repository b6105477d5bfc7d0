"""Messages about a case, pictures of a page, and ratings."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial")]

    operations = [
        migrations.AddField("feedback", "case", models.CharField(blank=True, default="", max_length=40)),
        migrations.AlterField("feedback", "case", models.CharField(blank=True, max_length=40)),
        migrations.AddConstraint(
            "feedback",
            models.UniqueConstraint(
                condition=~models.Q(case=""), fields=("case", "kind"), name="feedback_once_a_case"
            ),
        ),
        migrations.AddIndex("feedback", models.Index(fields=["received_at"], name="feedback_received")),
        migrations.CreateModel(
            name="Picture",
            fields=[
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="picture",
                        serialize=False,
                        to="feedback.feedback",
                    ),
                ),
                ("media_type", models.CharField(max_length=20)),
                ("body", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("case", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("item", models.CharField(db_index=True, max_length=200)),
                ("office", models.CharField(max_length=120)),
                ("grade", models.PositiveSmallIntegerField()),
                ("aspects", models.JSONField(default=list)),
                ("words", models.TextField(blank=True)),
                ("rated_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(grade__range=(1, 5)), name="rating_of_five"),
                ],
            },
        ),
    ]
