import django.db.models.functions.text
from django.db import migrations, models

import gridgov.core.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("mediation", "0002_given_up"),
    ]

    operations = [
        migrations.AlterField(
            model_name="agreement",
            name="content",
            field=gridgov.core.sealed.SealedTextField(max_length=4000, verbose_name="what is agreed"),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="duties",
            field=gridgov.core.sealed.SealedTextField(
                blank=True, default="", max_length=2000, verbose_name="responsibilities of the parties"
            ),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="facts",
            field=gridgov.core.sealed.SealedTextField(max_length=2000, verbose_name="main facts"),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="points",
            field=gridgov.core.sealed.SealedTextField(max_length=2000, verbose_name="points in dispute"),
        ),
        migrations.AlterField(
            model_name="expert",
            name="phone",
            field=gridgov.core.sealed.SealedCharField(
                blank=True, default="", find="phone", max_length=32, verbose_name="phone"
            ),
        ),
        migrations.AlterField(
            model_name="helper",
            name="name",
            field=gridgov.core.sealed.SealedCharField(max_length=60, verbose_name="full name"),
        ),
        migrations.AlterField(
            model_name="helper",
            name="phone",
            field=gridgov.core.sealed.SealedCharField(
                blank=True, default="", find="phone", max_length=32, verbose_name="phone"
            ),
        ),
        migrations.AlterField(
            model_name="mediation",
            name="facts",
            field=gridgov.core.sealed.SealedTextField(
                blank=True, default="", max_length=2000, verbose_name="main facts"
            ),
        ),
        migrations.AlterField(
            model_name="mediation",
            name="happened_at",
            field=gridgov.core.sealed.SealedCharField(
                blank=True, default="", max_length=100, verbose_name="place of the dispute"
            ),
        ),
        migrations.AlterField(
            model_name="mediation",
            name="points",
            field=gridgov.core.sealed.SealedTextField(
                blank=True, default="", max_length=2000, verbose_name="points in dispute"
            ),
        ),
        migrations.AlterField(
            model_name="mediator",
            name="phone",
            field=gridgov.core.sealed.SealedCharField(
                blank=True, default="", find="phone", max_length=32, verbose_name="phone"
            ),
        ),
        migrations.AlterField(
            model_name="party",
            name="address",
            field=gridgov.core.sealed.SealedCharField(blank=True, default="", max_length=100, verbose_name="address"),
        ),
        migrations.AlterField(
            model_name="party",
            name="agent_name",
            field=gridgov.core.sealed.SealedCharField(blank=True, default="", max_length=60, verbose_name="agent"),
        ),
        migrations.AlterField(
            model_name="party",
            name="agent_phone",
            field=gridgov.core.sealed.SealedCharField(
                blank=True, default="", find="phone", max_length=32, verbose_name="agent's phone"
            ),
        ),
        migrations.AlterField(
            model_name="party",
            name="name",
            field=gridgov.core.sealed.SealedCharField(find="name", max_length=60, verbose_name="name"),
        ),
        migrations.AlterField(
            model_name="party",
            name="occupation",
            field=gridgov.core.sealed.SealedCharField(blank=True, default="", max_length=60, verbose_name="occupation"),
        ),
        migrations.AlterField(
            model_name="party",
            name="phone",
            field=gridgov.core.sealed.SealedCharField(
                blank=True, default="", find="phone", max_length=32, verbose_name="phone"
            ),
        ),
        migrations.AlterField(
            model_name="session",
            name="opinion",
            field=gridgov.core.sealed.SealedTextField(
                blank=True, default="", max_length=2000, verbose_name="opinion of the panel"
            ),
        ),
        migrations.AlterField(
            model_name="session",
            name="record",
            field=gridgov.core.sealed.SealedTextField(
                blank=True, default="", max_length=20000, verbose_name="words of the record"
            ),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                django.db.models.functions.text.Left("name", 26),
                condition=models.Q(("name", ""), _negated=True),
                name="party_whole_name",
            ),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                django.db.models.functions.text.Left("phone", 26),
                condition=models.Q(("phone", ""), _negated=True),
                name="party_whole_phone",
            ),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                django.db.models.functions.text.Left("agent_phone", 26),
                condition=models.Q(("agent_phone", ""), _negated=True),
                name="party_whole_agent_phone",
            ),
        ),
    ]
