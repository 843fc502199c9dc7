from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_officer_pairs_carry_a_code'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='audiencerow',
            index=models.Index(fields=['key', 'aset', 'since', 'until'], name='audience_of_key'),
        ),
    ]
