import linli.kernel.ids
from django.db import migrations, models

from linli.kernel.storage.operations import AppendOnly, CreatePartitioned


# One statement-level trigger on the parent: a delta cannot be written without its place in the queue, in the
# same transaction, whoever writes it. Restored or attached rows go straight to partitions and do not pass here.
QUEUE = """
CREATE FUNCTION linli_tallies_queue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO tallies_unfolded (id, metric, day, area_code, unit_id, category, source, value)
  SELECT id, metric, day, area_code, unit_id, category, source, value FROM fresh;
  RETURN NULL;
END $$;
CREATE TRIGGER linli_tallies_queue AFTER INSERT ON tallies_delta
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION linli_tallies_queue();
"""
UNQUEUE = """
DROP TRIGGER IF EXISTS linli_tallies_queue ON tallies_delta;
DROP FUNCTION linli_tallies_queue();
"""

# The queue is small and churns: vacuum by count. Figures are updated in place: leave room in their pages.
TUNE = """
ALTER TABLE tallies_unfolded SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
ALTER TABLE tallies_folded SET (fillfactor = 80);
ALTER TABLE tallies_cell SET (fillfactor = 90);
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Cell',
            fields=[
                ('pk', models.CompositePrimaryKey('metric', 'day', 'area_code', 'unit', 'category', 'source', blank=True, editable=False, primary_key=True, serialize=False)),
                ('metric', models.CharField(db_collation='C', max_length=60)),
                ('day', models.DateField()),
                ('area_code', models.CharField(db_collation='C', max_length=24)),
                ('unit', models.CharField(db_collation='C', max_length=40)),
                ('category', models.CharField(db_collation='C', max_length=40)),
                ('source', models.CharField(db_collation='C', max_length=40)),
                ('value', models.BigIntegerField()),
            ],
            options={
                'verbose_name': '明细数',
                'indexes': [models.Index(fields=['metric', 'area_code', 'day'], name='tallies_cell_area')],
            },
        ),
        migrations.CreateModel(
            name='Folded',
            fields=[
                ('pk', models.CompositePrimaryKey('metric', 'dimension', 'grain', 'level', 'area_code', 'day', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('metric', models.CharField(db_collation='C', max_length=60)),
                ('dimension', models.CharField(choices=[('', '合计'), ('u', '单位'), ('c', '类别'), ('s', '来源')], db_collation='C', max_length=1)),
                ('grain', models.CharField(choices=[('d', '日'), ('m', '月')], db_collation='C', max_length=1)),
                ('level', models.SmallIntegerField()),
                ('area_code', models.CharField(db_collation='C', max_length=24)),
                ('day', models.DateField()),
                ('key', models.CharField(db_collation='C', max_length=40)),
                ('value', models.BigIntegerField()),
            ],
            options={
                'verbose_name': '汇总数',
                'indexes': [models.Index(fields=['metric', 'dimension', 'grain', 'level', 'key', 'day', 'area_code'], name='tallies_folded_key')],
            },
        ),
        migrations.CreateModel(
            name='Unfolded',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('metric', models.CharField(db_collation='C', max_length=60)),
                ('day', models.DateField()),
                ('area_code', models.CharField(db_collation='C', max_length=24)),
                ('unit_id', models.UUIDField(null=True)),
                ('category', models.CharField(blank=True, db_collation='C', max_length=40)),
                ('source', models.CharField(blank=True, db_collation='C', max_length=40)),
                ('value', models.BigIntegerField()),
            ],
            options={
                'verbose_name': '待汇总增量',
            },
        ),
        CreatePartitioned(
            name='Delta',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('metric', models.CharField(db_collation='C', max_length=60, verbose_name='指标')),
                ('day', models.DateField(verbose_name='日期')),
                ('area_code', models.CharField(db_collation='C', max_length=24, verbose_name='区域编码')),
                ('unit_id', models.UUIDField(null=True, verbose_name='单位')),
                ('category', models.CharField(blank=True, db_collation='C', max_length=40, verbose_name='类别')),
                ('source', models.CharField(blank=True, db_collation='C', max_length=40, verbose_name='来源')),
                ('value', models.BigIntegerField(verbose_name='增减')),
                ('subject_id', models.UUIDField(null=True, verbose_name='所指事项')),
            ],
            options={
                'verbose_name': '统计增量',
                'indexes': [models.Index(fields=['metric', 'day'], name='tallies_delta_day')],
            },
        ),
        AppendOnly("tallies_delta"),
        migrations.RunSQL(QUEUE, UNQUEUE),
        migrations.RunSQL(TUNE, migrations.RunSQL.noop),
    ]
