from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0006_items_without_an_end_are_found'),
    ]

    operations = [
        migrations.AddField(
            model_name='knower',
            name='row_mac',
            field=models.BinaryField(default=b'', editable=False, max_length=16),
        ),
        migrations.AddField(
            model_name='knower',
            name='shelf',
            field=models.BigIntegerField(db_index=True, default=0, editable=False),
            preserve_default=False,
        ),
    ]
