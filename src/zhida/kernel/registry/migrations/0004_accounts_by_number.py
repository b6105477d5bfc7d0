"""The blind index of account numbers, by which payees who share one are found; older rows have none."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0003_accounts_learned_of'),
    ]

    operations = [
        migrations.AddField(
            model_name='bankaccount',
            name='number_index',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddIndex(
            model_name='bankaccount',
            index=models.Index(fields=['number_index'], name='bank_account_number'),
        ),
    ]
