import django.db.models.deletion
import mifeng.base.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0004_knowing_custody_freezes_and_walls'),
        ('people', '0003_lists_by_key'),
    ]

    operations = [
        migrations.CreateModel(
            name='TermReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_mac', models.BinaryField(default=b'', max_length=16)),
                ('uid', models.CharField(default=mifeng.base.fields.new_uid, editable=False, max_length=32, unique=True)),
                ('on', models.DateField()),
                ('outcome', models.CharField(max_length=12)),
                ('approval_uid', models.CharField(max_length=32)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='documents.document')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
