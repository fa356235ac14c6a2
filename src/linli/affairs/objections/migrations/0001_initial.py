"""The models that were the whistles': the rows are there already, only the names of their constraints change."""

import django.db.models.deletion
import linli.kernel.ids
from django.db import migrations, models

UNIQUE = "ALTER INDEX {old} RENAME TO {new}"
CHECK = "ALTER TABLE objections_dutyitem RENAME CONSTRAINT {old} TO {new}"
RENAMED = [
    (UNIQUE, "one_live_item"),
    (CHECK, "item_ends_after_it_began"),
    (UNIQUE, "one_objection_for_each_unit"),
    (UNIQUE, "one_live_entry"),
]


def renamed(sql, name):
    old, new = f"whistles_{name}", f"objections_{name}"
    return migrations.RunSQL(sql.format(old=old, new=new), sql.format(old=new, new=old))


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('matters', '0001_initial'),
        ('posts', '0001_initial'),
        ('whistles', '0002_objections_move_out'),
    ]

    operations = [
        *(renamed(sql, name) for sql, name in RENAMED),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='DutyItem',
                    fields=[
                        ('id', models.UUIDField(default=linli.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('code', models.CharField(max_length=40, verbose_name='清单代码')),
                        ('kind', models.CharField(choices=[('department', '部门职责'), ('street_basic', '街道基本履职'), ('street_assist', '街道配合履职'), ('taken_back', '上级收回')], max_length=16, verbose_name='清单')),
                        ('title', models.CharField(max_length=200, verbose_name='事项')),
                        ('category', models.CharField(blank=True, max_length=24, verbose_name='类别')),
                        ('basis', models.CharField(max_length=300, verbose_name='依据')),
                        ('valid_from', models.DateField(verbose_name='自')),
                        ('valid_to', models.DateField(null=True, verbose_name='至（不含）')),
                        ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duty_items', to='posts.unit')),
                    ],
                    options={
                        'verbose_name': '权责清单条目',
                    },
                ),
                migrations.CreateModel(
                    name='Objection',
                    fields=[
                        ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='objection', serialize=False, to='matters.matter')),
                        ('reason', models.CharField(max_length=300, verbose_name='理由')),
                        ('basis', models.CharField(blank=True, max_length=200, verbose_name='法律依据')),
                        ('joint', models.BooleanField(default=False, verbose_name='联席会议')),
                        ('sustained', models.BooleanField(null=True, verbose_name='成立')),
                        ('ruling', models.CharField(blank=True, max_length=500, verbose_name='裁定理由')),
                        ('establishment_says', models.CharField(blank=True, max_length=300, verbose_name='编办意见')),
                        ('justice_says', models.CharField(blank=True, max_length=300, verbose_name='司法局意见')),
                        ('about', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='matters.matter')),
                        ('competent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.unit')),
                        ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='objections.dutyitem')),
                        ('ruled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.post')),
                        ('ruled_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.unit')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.unit')),
                    ],
                    options={
                        'verbose_name': '派单异议',
                    },
                ),
                migrations.CreateModel(
                    name='CatalogueEntry',
                    fields=[
                        ('id', models.UUIDField(default=linli.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('category', models.CharField(max_length=24, verbose_name='类别')),
                        ('area_code', models.CharField(blank=True, max_length=24, verbose_name='区域编码')),
                        ('basis', models.CharField(max_length=300, verbose_name='依据')),
                        ('valid_from', models.DateTimeField(verbose_name='自')),
                        ('valid_to', models.DateTimeField(null=True, verbose_name='至（不含）')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.unit')),
                        ('objection', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='objections.objection')),
                    ],
                    options={
                        'verbose_name': '派单目录条目',
                    },
                ),
                migrations.AddConstraint(
                    model_name='dutyitem',
                    constraint=models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('code',), name='objections_one_live_item'),
                ),
                migrations.AddConstraint(
                    model_name='dutyitem',
                    constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='objections_item_ends_after_it_began'),
                ),
                migrations.AddConstraint(
                    model_name='objection',
                    constraint=models.UniqueConstraint(fields=('about', 'unit'), name='objections_one_objection_for_each_unit'),
                ),
                migrations.AddConstraint(
                    model_name='catalogueentry',
                    constraint=models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('category', 'area_code'), name='objections_one_live_entry'),
                ),
            ],
        ),
    ]
