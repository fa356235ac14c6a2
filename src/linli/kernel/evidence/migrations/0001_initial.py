import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import linli.kernel.crypto.fields
import linli.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('photo', '照片'), ('document', '文件'), ('signature', '签名'), ('recording', '录音'), ('reading', '读数'), ('word', '反映人陈述')], max_length=10, verbose_name='类型')),
                ('state', models.CharField(choices=[('received', '处理中'), ('ready', '可用'), ('refused', '未通过检查'), ('erased', '已到期删除')], max_length=8, verbose_name='状态')),
                ('refusal', models.CharField(blank=True, max_length=200, verbose_name='未通过原因')),
                ('subject_id', models.UUIDField(null=True, verbose_name='所属事项')),
                ('role', models.CharField(blank=True, choices=[('', '未使用'), ('before', '处置前'), ('after', '处置后'), ('proof', '佐证'), ('attachment', '附件')], max_length=10, verbose_name='作用')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('attached_at', models.DateTimeField(null=True, verbose_name='使用时间')),
                ('ready_at', models.DateTimeField(null=True, verbose_name='可用时间')),
                ('uploader_post_id', models.UUIDField(null=True, verbose_name='上传岗位')),
                ('uploader_person_id', models.UUIDField(null=True, verbose_name='上传人')),
                ('name', linli.kernel.crypto.fields.EncryptedTextField(blank=True, verbose_name='文件名')),
                ('media_type', models.CharField(blank=True, max_length=100, verbose_name='格式')),
                ('size', models.PositiveIntegerField(default=0, verbose_name='大小')),
                ('sha256', models.BinaryField(max_length=32, null=True, verbose_name='摘要')),
                ('width', models.PositiveIntegerField(null=True, verbose_name='宽')),
                ('height', models.PositiveIntegerField(null=True, verbose_name='高')),
                ('captured_at', models.DateTimeField(null=True, verbose_name='拍摄时间')),
                ('captured_by_file', models.BooleanField(default=False, verbose_name='拍摄时间取自文件')),
                ('place', linli.kernel.crypto.fields.EncryptedTextField(blank=True, help_text='经度,纬度', verbose_name='拍摄地点')),
                ('traces_erased_at', models.DateTimeField(null=True, verbose_name='拍摄地点和上传人删除时间')),
                ('statement', linli.kernel.crypto.fields.EncryptedTextField(blank=True, verbose_name='读数或陈述')),
                ('consented', models.BooleanField(default=False, verbose_name='已征得同意')),
                ('consent', linli.kernel.crypto.fields.EncryptedTextField(blank=True, help_text='谁在何时同意录音', verbose_name='录音同意')),
                ('watermark', models.CharField(blank=True, max_length=60, verbose_name='水印')),
                ('look', models.BigIntegerField(null=True, verbose_name='感知摘要')),
                ('bands', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), null=True, size=None, verbose_name='感知摘要的四段')),
                ('public_at', models.DateTimeField(null=True, verbose_name='公开时间')),
            ],
            options={
                'verbose_name': '佐证',
                'indexes': [models.Index(fields=['subject_id', 'id'], name='evidence_subject'), models.Index(fields=['sha256'], name='evidence_sha256'), models.Index(condition=models.Q(('state', 'received')), fields=['id'], name='evidence_waiting'), models.Index(condition=models.Q(('subject_id', None)), fields=['received_at'], name='evidence_orphans'), django.contrib.postgres.indexes.GinIndex(fields=['bands'], name='evidence_bands')],
                'constraints': [models.CheckConstraint(condition=models.Q(('public_at', None), ('state', 'ready'), _connector='OR'), name='evidence_public_is_ready'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'recording'), _negated=True), ('consented', True), _connector='OR'), name='evidence_recording_has_consent')],
            },
        ),
        migrations.CreateModel(
            name='Likeness',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('distance', models.SmallIntegerField(verbose_name='差异（64位中）')),
                ('found_at', models.DateTimeField(verbose_name='发现时间')),
                ('verdict', models.CharField(blank=True, choices=[('', '待查看'), ('fine', '正常'), ('reused', '重复使用')], max_length=6, verbose_name='结论')),
                ('judged_by_post_id', models.UUIDField(null=True, verbose_name='查看岗位')),
                ('judged_at', models.DateTimeField(null=True, verbose_name='查看时间')),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='likenesses', to='evidence.attachment')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evidence.attachment')),
            ],
            options={
                'verbose_name': '相似照片提示',
                'constraints': [models.UniqueConstraint(fields=('attachment', 'other'), name='evidence_likeness_once')],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reviewer_post_id', models.UUIDField(null=True, verbose_name='审核岗位')),
                ('reviewer_person_id', models.UUIDField(null=True, verbose_name='审核人')),
                ('released_at', models.DateTimeField(verbose_name='公开时间')),
                ('covers', models.JSONField(default=list, verbose_name='遮盖区域')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='撤回时间')),
                ('withdrawn_by_post_id', models.UUIDField(null=True, verbose_name='撤回岗位')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='撤回原因')),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='evidence.attachment')),
            ],
            options={
                'verbose_name': '公开审核',
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('attachment',), name='evidence_one_open_release')],
            },
        ),
    ]
