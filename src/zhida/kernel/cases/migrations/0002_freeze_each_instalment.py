"""The facts of every instalment are kept, not of the first alone; those kept before are the first one's."""

from django.db import migrations, models


def name_first_period(apps, schema_editor):
    """A payment's facts were kept for the first instalment, whatever its period."""
    grants = apps.get_model("cases", "Grant").objects
    for freeze in apps.get_model("cases", "Freeze").objects.filter(moment="payment").iterator():
        first = grants.filter(case_id=freeze.case_id).exclude(period="").order_by("due_on", "pk").first()
        if first is not None:
            freeze.period = first.period
            freeze.save(update_fields=["period"])


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='freeze',
            name='frozen_once',
        ),
        migrations.AddField(
            model_name='freeze',
            name='period',
            field=models.CharField(blank=True, default='', max_length=24),
        ),
        migrations.RunPython(name_first_period, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='freeze',
            constraint=models.UniqueConstraint(fields=('case', 'moment', 'period'), name='frozen_once_a_period'),
        ),
    ]
