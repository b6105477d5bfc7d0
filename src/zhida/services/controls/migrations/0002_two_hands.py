"""Orders to recover, proposed limits, and two persons for a set-off; transfers and set-offs can be withdrawn."""

from django.db import migrations, models


def name_who_set_off(apps, schema_editor):
    """A set-off made before two persons signed it was a checker's or releaser's alone; the ledger names who."""
    apps.get_model("controls", "SetOff").objects.update(checker="see the ledger")


class Migration(migrations.Migration):

    dependencies = [
        ('controls', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Debt',
            fields=[
                ('id', models.CharField(max_length=39, primary_key=True, serialize=False)),
                ('disbursement', models.CharField(max_length=39)),
                ('amount_fen', models.BigIntegerField()),
                ('recovered_before_fen', models.BigIntegerField()),
                ('basis', models.CharField(max_length=200)),
                ('obligation', models.CharField(blank=True, max_length=80)),
                ('maker', models.CharField(max_length=40)),
                ('made_at', models.DateTimeField()),
                ('checker', models.CharField(max_length=40, null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='LimitChange',
            fields=[
                ('id', models.CharField(max_length=39, primary_key=True, serialize=False)),
                ('line', models.CharField(blank=True, max_length=100)),
                ('duty', models.CharField(max_length=20)),
                ('up_to_fen', models.BigIntegerField(null=True)),
                ('reason', models.CharField(max_length=200)),
                ('maker', models.CharField(max_length=40)),
                ('made_at', models.DateTimeField()),
                ('checker', models.CharField(max_length=40, null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='linetransfer',
            name='made_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='linetransfer',
            name='withdrawn_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='setoff',
            name='checker',
            field=models.CharField(max_length=40, null=True),
        ),
        migrations.AddField(
            model_name='setoff',
            name='made_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='setoff',
            name='maker',
            field=models.CharField(default='unknown', max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='setoff',
            name='withdrawn_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='setoff',
            name='part',
            field=models.CharField(max_length=39, null=True, unique=True),
        ),
        migrations.AlterField(
            model_name='setoff',
            name='payment',
            field=models.CharField(max_length=39),
        ),
        migrations.RunPython(name_who_set_off, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='linetransfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('moved_at', None), ('releaser', None)), models.Q(('moved_at__isnull', False), ('releaser__isnull', False), ('withdrawn_at', None)), _connector='OR'), name='transfer_moves_once_signed'),
        ),
        migrations.AddConstraint(
            model_name='setoff',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('maker', ''), _negated=True), models.Q(('checker__isnull', True), models.Q(('checker', models.F('maker')), _negated=True), _connector='OR')), name='set_off_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='setoff',
            constraint=models.CheckConstraint(condition=models.Q(('checker', None), ('withdrawn_at', None), _connector='OR'), name='set_off_withdrawn_unsigned'),
        ),
        migrations.AddConstraint(
            model_name='setoff',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('payment',), name='set_off_one_a_payment'),
        ),
        migrations.AddConstraint(
            model_name='setoff',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checker', None), ('part', None), ('settled_at', None)), models.Q(('checker__isnull', False), ('part__isnull', False)), _connector='OR'), name='set_off_parts_once_signed'),
        ),
        migrations.AddConstraint(
            model_name='debt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('maker', ''), _negated=True), models.Q(('checker__isnull', True), models.Q(('checker', models.F('maker')), _negated=True), _connector='OR')), name='debt_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='debt',
            constraint=models.CheckConstraint(condition=models.Q(('checker', None), ('withdrawn_at', None), _connector='OR'), name='debt_withdrawn_unsigned'),
        ),
        migrations.AddConstraint(
            model_name='debt',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('disbursement',), name='debt_one_a_payment'),
        ),
        migrations.AddConstraint(
            model_name='debt',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('recovered_before_fen__gte', 0), models.Q(('basis', ''), _negated=True)), name='debt_says_what'),
        ),
        migrations.AddConstraint(
            model_name='limitchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('maker', ''), _negated=True), models.Q(('checker__isnull', True), models.Q(('checker', models.F('maker')), _negated=True), _connector='OR')), name='limit_change_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='limitchange',
            constraint=models.CheckConstraint(condition=models.Q(('checker', None), ('withdrawn_at', None), _connector='OR'), name='limit_change_withdrawn_unsigned'),
        ),
        migrations.AddConstraint(
            model_name='limitchange',
            constraint=models.UniqueConstraint(condition=models.Q(('checker', None), ('withdrawn_at', None)), fields=('line', 'duty'), name='limit_change_one_open'),
        ),
        migrations.AddConstraint(
            model_name='limitchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('up_to_fen', None), ('up_to_fen__gte', 0), _connector='OR'), models.Q(('reason', ''), _negated=True)), name='limit_change_says_what'),
        ),
    ]
