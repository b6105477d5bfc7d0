"""What a round of selection gave a case of a limited sum; it is never decided above that."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_freeze_each_instalment'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='allotted_fen',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('allotted_fen', None), models.Q(('allotted_fen__gte', 0), models.Q(('amount_fen', None), ('amount_fen__lte', models.F('allotted_fen')), _connector='OR')), _connector='OR'), name='case_within_allotment'),
        ),
    ]
