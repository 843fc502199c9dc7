from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0001_items_files_and_histories'),
    ]

    operations = [
        migrations.AddField(
            model_name='standingdecision',
            name='row_mac',
            field=models.BinaryField(default=b'', editable=False, max_length=16),
        ),
    ]
