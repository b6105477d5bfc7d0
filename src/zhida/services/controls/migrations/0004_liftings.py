"""A stop and a hold are let go by two persons, as a frozen line is: what was a thawing is one of three kinds."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('controls', '0003_recalls_thaws_day_limits'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='thaw', name='thaw_two_persons'),
        migrations.RemoveConstraint(model_name='thaw', name='thaw_withdrawn_unsigned'),
        migrations.RemoveConstraint(model_name='thaw', name='thaw_one_open'),
        migrations.RemoveConstraint(model_name='thaw', name='thaw_says_why'),
        migrations.RenameModel(old_name='Thaw', new_name='Lifting'),
        migrations.RenameField(model_name='lifting', old_name='line', new_name='key'),
        migrations.AddField(
            model_name='lifting',
            name='kind',
            field=models.CharField(default='line', max_length=10),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='lifting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('maker', ''), _negated=True), models.Q(('checker__isnull', True), models.Q(('checker', models.F('maker')), _negated=True), _connector='OR')), name='lifting_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='lifting',
            constraint=models.CheckConstraint(condition=models.Q(('checker', None), ('withdrawn_at', None), _connector='OR'), name='lifting_withdrawn_unsigned'),
        ),
        migrations.AddConstraint(
            model_name='lifting',
            constraint=models.UniqueConstraint(condition=models.Q(('checker', None), ('withdrawn_at', None)), fields=('kind', 'key'), name='lifting_one_open'),
        ),
        migrations.AddConstraint(
            model_name='lifting',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['line', 'stop', 'hold']), models.Q(('reason', ''), _negated=True)), name='lifting_says_why'),
        ),
    ]
