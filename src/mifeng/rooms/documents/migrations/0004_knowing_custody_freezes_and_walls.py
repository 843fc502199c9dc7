import django.db.models.deletion
import mifeng.base.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0003_lists_without_reading_rows'),
        ('people', '0003_lists_by_key'),
    ]

    operations = [
        migrations.CreateModel(
            name='Freeze',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_mac', models.BinaryField(default=b'', max_length=16)),
                ('uid', models.CharField(default=mifeng.base.fields.new_uid, editable=False, max_length=32, unique=True)),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('reason', mifeng.base.fields.SealedText(blank=True, default='')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='freezes', to='documents.document')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(default=mifeng.base.fields.new_uid, editable=False, max_length=32, unique=True)),
                ('row_mac', models.BinaryField(default=b'', max_length=16)),
                ('decided_at', models.DateTimeField()),
                ('reason', mifeng.base.fields.SealedText(blank=True, default='')),
                ('counted', models.IntegerField(null=True)),
                ('seal', mifeng.base.fields.SealedText(blank=True, default='')),
                ('counted_at', models.DateTimeField(null=True)),
                ('witnessed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('review_by', models.DateField()),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('finding', mifeng.base.fields.SealedText(blank=True, default='')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('interim', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('witness', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Custody',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_mac', models.BinaryField(default=b'', max_length=16)),
                ('uid', models.CharField(default=mifeng.base.fields.new_uid, editable=False, max_length=32, unique=True)),
                ('offered_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('reason', mifeng.base.fields.SealedText(blank=True, default='')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='custodies', to='documents.document')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('opening', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken', to='documents.opening')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ScopePeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_mac', models.BinaryField(default=b'', max_length=16)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('aset', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.audienceset')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scope_periods', to='documents.document')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TeamMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_mac', models.BinaryField(default=b'', max_length=16)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='team', to='documents.document')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['document', 'person'], name='team_of_item')],
            },
        ),
        migrations.CreateModel(
            name='Wall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_mac', models.BinaryField(default=b'', max_length=16)),
                ('class_name', models.CharField(max_length=40)),
                ('side', models.CharField(max_length=40)),
                ('since', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'class_name', 'side'), name='wall_once')],
            },
        ),
        migrations.CreateModel(
            name='WallSide',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_mac', models.BinaryField(default=b'', max_length=16)),
                ('class_name', models.CharField(max_length=40)),
                ('side', models.CharField(max_length=40)),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='wall_side', to='documents.document')),
            ],
            options={
                'indexes': [models.Index(fields=['class_name', 'side'], name='wall_side_of_group')],
            },
        ),
    ]
