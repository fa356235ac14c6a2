"""What a list shows of a resident stands in the index itself; residents that are there get it at once."""

from django.db import migrations, models

FILL = """
UPDATE registry_entry e SET sex = r.sex, born_on = r.born_on, away = r.state = 'away',
    place = coalesce((SELECT h.label FROM registry_residency l JOIN registry_house h ON h.id = l.house_id
        WHERE l.resident_id = r.person_id AND l.kind = 'lives' AND l.valid_to IS NULL), '')
FROM registry_resident r WHERE r.person_id = e.id AND e.kind = 'resident'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0008_houses_merged'),
    ]

    operations = [
        migrations.AddField(
            model_name='entry',
            name='sex',
            field=models.SmallIntegerField(default=0, verbose_name='性别'),
        ),
        migrations.AddField(
            model_name='entry',
            name='born_on',
            field=models.DateField(null=True, verbose_name='出生日期'),
        ),
        migrations.AddField(
            model_name='entry',
            name='away',
            field=models.BooleanField(default=False, verbose_name='季节性外出'),
        ),
        migrations.AddField(
            model_name='entry',
            name='place',
            field=models.CharField(blank=True, max_length=160, verbose_name='现住'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
