from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0001_pledges_and_acknowledgements'),
    ]

    operations = [
        migrations.AddField(
            model_name='ruleversion',
            name='book',
            field=models.IntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='ruleversion',
            name='row_mac',
            field=models.BinaryField(default=b'', editable=False, max_length=16),
        ),
    ]
