from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0005_items_without_an_end_are_reviewed'),
        ('people', '0004_the_office_enters_years_of_working_days'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['term_kind', 'term_start'], name='document_open_ended'),
        ),
    ]
