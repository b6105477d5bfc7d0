"""When each bank account was learned of; of those on record before, nobody wrote it down."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0002_disputes'),
    ]

    operations = [
        migrations.AddField(
            model_name='bankaccount',
            name='recorded_at',
            field=models.DateTimeField(null=True),
        ),
    ]
