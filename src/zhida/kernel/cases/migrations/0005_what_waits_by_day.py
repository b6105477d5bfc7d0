"""What waits for an office in the order in which its worklist shows it; which cases wait for a decision is kept."""

from django.db import migrations, models


def keep_what_awaits_a_decision(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Under review without an open step: nothing but the decision is left."""
    case, step = apps.get_model("cases", "Case"), apps.get_model("cases", "Step")
    opened = step.objects.filter(case=models.OuterRef("pk"), done_on=None)
    case.objects.filter(~models.Exists(opened), state="in_review").update(awaits_decision=True)


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_cases_at_an_office")]

    operations = [
        migrations.AddField(model_name="case", name="awaits_decision", field=models.BooleanField(default=False)),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("awaits_decision", True), ("wake_at", None)),
                fields=["office", "due_on", "id"],
                name="case_to_decide_by_day",
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(
                condition=models.Q(("done_on", None)), fields=["office", "due_on", "id"], name="step_open_by_day"
            ),
        ),
        migrations.RunPython(keep_what_awaits_a_decision, migrations.RunPython.noop),
    ]
