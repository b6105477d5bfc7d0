"""Recalls, thawings by two persons, and limits of what one person signs for in a day."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('controls', '0002_two_hands'),
    ]

    operations = [
        migrations.CreateModel(
            name='Recall',
            fields=[
                ('id', models.CharField(max_length=39, primary_key=True, serialize=False)),
                ('disbursement', models.CharField(max_length=39)),
                ('reason', models.CharField(max_length=4)),
                ('basis', models.CharField(max_length=105)),
                ('state', models.CharField(max_length=10)),
                ('maker', models.CharField(max_length=40)),
                ('made_at', models.DateTimeField()),
                ('checker', models.CharField(max_length=40, null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('sent_times', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
                ('told', models.CharField(blank=True, max_length=200)),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SignedToday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(max_length=40)),
                ('duty', models.CharField(max_length=20)),
                ('line', models.CharField(blank=True, max_length=100)),
                ('signed_on', models.DateField()),
                ('sum_fen', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Thaw',
            fields=[
                ('id', models.CharField(max_length=39, primary_key=True, serialize=False)),
                ('line', models.CharField(max_length=100)),
                ('reason', models.CharField(max_length=200)),
                ('maker', models.CharField(max_length=40)),
                ('made_at', models.DateTimeField()),
                ('checker', models.CharField(max_length=40, null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='limitchange',
            name='limit_change_one_open',
        ),
        migrations.RemoveConstraint(
            model_name='signinglimit',
            name='signing_limit_once',
        ),
        migrations.AddField(
            model_name='limitchange',
            name='per',
            field=models.CharField(default='signature', max_length=10),
        ),
        migrations.AddField(
            model_name='signinglimit',
            name='per',
            field=models.CharField(default='signature', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='limitchange',
            constraint=models.UniqueConstraint(condition=models.Q(('checker', None), ('withdrawn_at', None)), fields=('line', 'duty', 'per'), name='limit_change_one_open'),
        ),
        migrations.AddConstraint(
            model_name='signinglimit',
            constraint=models.UniqueConstraint(fields=('line', 'duty', 'per'), name='signing_limit_once'),
        ),
        migrations.AddConstraint(
            model_name='signinglimit',
            constraint=models.CheckConstraint(condition=models.Q(('per__in', ['signature', 'day'])), name='signing_limit_per'),
        ),
        migrations.AddIndex(
            model_name='recall',
            index=models.Index(fields=['state', 'changed_at'], name='recall_open'),
        ),
        migrations.AddConstraint(
            model_name='recall',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('maker', ''), _negated=True), models.Q(('checker__isnull', True), models.Q(('checker', models.F('maker')), _negated=True), _connector='OR')), name='recall_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='recall',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at', None), ('sent_times', 0)), models.Q(('checker__isnull', False), ('sent_at__isnull', False), ('sent_times__gt', 0), ('withdrawn_at', None)), _connector='OR'), name='recall_sent_once_signed'),
        ),
        migrations.AddConstraint(
            model_name='recall',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['accepted', 'lapsed', 'ordered', 'proposed', 'refused', 'returned', 'unknown', 'withdrawn']), models.Q(('basis', ''), _negated=True)), name='recall_says_what'),
        ),
        migrations.AddConstraint(
            model_name='recall',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['refused', 'returned', 'withdrawn']), _negated=True), fields=('disbursement',), name='recall_one_a_payment'),
        ),
        migrations.AddConstraint(
            model_name='signedtoday',
            constraint=models.UniqueConstraint(fields=('account', 'duty', 'signed_on', 'line'), name='signed_today_once'),
        ),
        migrations.AddConstraint(
            model_name='signedtoday',
            constraint=models.CheckConstraint(condition=models.Q(('sum_fen__gte', 0)), name='signed_today_amount'),
        ),
        migrations.AddConstraint(
            model_name='thaw',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('maker', ''), _negated=True), models.Q(('checker__isnull', True), models.Q(('checker', models.F('maker')), _negated=True), _connector='OR')), name='thaw_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='thaw',
            constraint=models.CheckConstraint(condition=models.Q(('checker', None), ('withdrawn_at', None), _connector='OR'), name='thaw_withdrawn_unsigned'),
        ),
        migrations.AddConstraint(
            model_name='thaw',
            constraint=models.UniqueConstraint(condition=models.Q(('checker', None), ('withdrawn_at', None)), fields=('line',), name='thaw_one_open'),
        ),
        migrations.AddConstraint(
            model_name='thaw',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='thaw_says_why'),
        ),
    ]
