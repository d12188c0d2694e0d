
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0007_looks'),
        ('grids', '0008_client_ground'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Look',
            fields=[
            ],
            options={
                'verbose_name': 'look at personal data',
                'verbose_name_plural': 'looks at personal data',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('core.record',),
        ),
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('no', models.CharField(max_length=16, unique=True, verbose_name='number')),
                ('source', models.CharField(choices=[('desk', 'at the counter or by telephone'), ('door', "by the residents' door"), ('own', 'by the own page, signed in')], max_length=8, verbose_name='came by')),
                ('who', models.TextField(blank=True, default='', editable=False)),
                ('contact', models.TextField(blank=True, default='', editable=False)),
                ('asks', models.JSONField(default=list, verbose_name='what is asked')),
                ('words', models.TextField(blank=True, default='', editable=False)),
                ('state', models.CharField(choices=[('received', 'request received'), ('verified', 'identity verified'), ('decided', 'request decided'), ('answered', 'request answered')], default='received', max_length=10, verbose_name='state')),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('due_at', models.DateTimeField(verbose_name='to be answered by')),
                ('verified', models.CharField(blank=True, choices=[('document', 'identity document looked at, nothing of it kept'), ('code', 'number and code of the own report'), ('call', 'called back on the number that is kept'), ('account', 'signed in with the own account'), ('relative', 'relationship and death proved by documents, nothing of them kept')], default='', max_length=10, verbose_name='verified by')),
                ('verified_at', models.DateTimeField(null=True, verbose_name='verified at')),
                ('answer', models.TextField(blank=True, default='', max_length=1000, verbose_name='answer')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered')),
                ('code_digest', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('copy_until', models.DateTimeField(null=True, verbose_name='copy can be fetched until')),
                ('copied_at', models.DateTimeField(null=True, verbose_name='copy fetched')),
                ('forget_at', models.DateTimeField(null=True, verbose_name='kept until')),
                ('again_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='again', to='privacy.request', verbose_name='asked again after')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken by')),
                ('grid', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.grid', verbose_name='street')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('verified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='verified by whom')),
            ],
            options={
                'verbose_name': 'request about personal data',
                'verbose_name_plural': 'requests about personal data',
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ask', models.CharField(choices=[('copy', 'a copy'), ('correct', 'correct it'), ('delete', 'delete it'), ('explain', 'explain the rules'), ('withdraw', 'withdraw consent'), ('relative', 'as the relative of somebody who has died')], max_length=10, verbose_name='what is asked')),
                ('ground', models.CharField(blank=True, choices=[('', 'granted'), ('archive', 'kept by law on archives (PIPL 47 II)'), ('running', 'the purpose is not reached yet: the matter is still open (PIPL 47 I 1)'), ('dispute', 'held for a dispute or a court (PIPL 47 II, Civil Procedure Law)'), ('others', "it would show other people's data (PIPL 44, 45)"), ('secret', 'secrecy by law, or it would hinder an official duty (PIPL 18, 35, 45)'), ('nothing', 'nothing is kept about this person'), ('unproved', 'identity or relationship was not proved (PIPL 50)'), ('wrong', 'what is kept was checked and is right (PIPL 46 II)')], default='', max_length=10, verbose_name='refused because')),
                ('reason', models.CharField(blank=True, default='', max_length=300, verbose_name='reason')),
                ('decided_at', models.DateTimeField(verbose_name='decided')),
                ('done_at', models.DateTimeField(null=True, verbose_name='carried out')),
                ('note', models.CharField(blank=True, default='', max_length=300, verbose_name='what was done')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='privacy.request', verbose_name='request')),
            ],
            options={
                'verbose_name': 'part of a request',
                'verbose_name_plural': 'parts of requests',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=48, unique=True, verbose_name='kind of data')),
                ('days', models.PositiveIntegerField(verbose_name='days')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='set at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
            ],
            options={
                'verbose_name': 'term of keeping',
                'verbose_name_plural': 'terms of keeping',
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=48, verbose_name='kind of processing')),
                ('purpose', models.TextField(max_length=1000, verbose_name='Are purpose and manner lawful, proper and necessary?')),
                ('effect', models.TextField(max_length=1000, verbose_name="Effect on people's rights, and risk to their safety")),
                ('measures', models.TextField(max_length=1000, verbose_name='Are the measures lawful, effective, and fit for the risk?')),
                ('risk', models.CharField(choices=[('low', 'low'), ('middle', 'middle'), ('high', 'high')], max_length=8, verbose_name='risk that is left')),
                ('at', models.DateTimeField(verbose_name='assessed')),
                ('review_on', models.DateField(verbose_name='to be reviewed on')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='replaced')),
                ('told', models.BooleanField(default=False, editable=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assessed by')),
            ],
            options={
                'verbose_name': 'impact assessment',
                'verbose_name_plural': 'impact assessments',
                'ordering': ('-id',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('kind',), name='assessment_one_in_force'), models.CheckConstraint(condition=models.Q(('risk__in', ['low', 'middle', 'high'])), name='assessment_risk_known')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('cases.case', 'case (number)'), ('volunteers.volunteer', 'volunteer (number)'), ('accounts.user', 'account (user name)')], max_length=24, verbose_name='held back')),
                ('key', models.BigIntegerField(editable=False)),
                ('label', models.CharField(max_length=64, verbose_name='number')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='since')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('end_reason', models.CharField(blank=True, default='', max_length=300, verbose_name='why it ended')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='held by')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('grid', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.grid', verbose_name='grid')),
            ],
            options={
                'verbose_name': 'hold',
                'verbose_name_plural': 'holds',
                'ordering': ('-id',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('what', 'key'), name='hold_once'), models.CheckConstraint(condition=models.Q(('what__in', ['cases.case', 'volunteers.volunteer', 'accounts.user'])), name='hold_what_known')],
            },
        ),
        migrations.CreateModel(
            name='Lift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='since')),
                ('until', models.DateTimeField(verbose_name='until')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lifted by')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='for whom')),
            ],
            options={
                'verbose_name': 'lifted limit',
                'verbose_name_plural': 'lifted limits of looks',
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['user', 'until'], name='lift_of_user')],
            },
        ),
        migrations.AddIndex(
            model_name='request',
            index=models.Index(fields=['grid', 'state'], name='privacy_request_of'),
        ),
        migrations.AddIndex(
            model_name='request',
            index=models.Index(condition=models.Q(('forget_at__isnull', False)), fields=['forget_at'], name='privacy_request_forget'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['received', 'verified', 'decided', 'answered'])), name='privacy_request_state_known'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), ('answered_at__isnull', False), _connector='OR'), name='privacy_request_answered'),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.UniqueConstraint(fields=('request', 'ask'), name='privacy_part_once'),
        ),
    ]
