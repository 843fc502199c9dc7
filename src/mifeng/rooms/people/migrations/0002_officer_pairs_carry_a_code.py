from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_people_accounts_and_scopes'),
    ]

    operations = [
        migrations.AddField(
            model_name='officerpair',
            name='row_mac',
            field=models.BinaryField(default=b'', editable=False, max_length=16),
        ),
    ]
