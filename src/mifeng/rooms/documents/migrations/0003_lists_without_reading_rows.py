from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0002_standing_decisions_carry_a_code'),
        ('people', '0003_lists_by_key'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='document',
            name='document_newest',
        ),
        migrations.RemoveIndex(
            model_name='document',
            name='document_of_set',
        ),
        migrations.AddIndex(
            model_name='concerned',
            index=models.Index(fields=['document', 'person'], name='concerned_of_item'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['-registered_at', '-id', 'aset', 'level', 'live', 'sealed', 'frozen', 'excl'], name='document_newest'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['aset', '-registered_at', '-id', 'level', 'live', 'sealed', 'frozen', 'excl'], name='document_of_set'),
        ),
        migrations.AddIndex(
            model_name='handler',
            index=models.Index(fields=['document', 'person'], name='handler_of_item'),
        ),
    ]
