import django.db.models.functions.text
from django.db import migrations, models

import gridgov.core.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0020_sealed_reporters"),
        ("door", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="slip",
            name="name",
            field=gridgov.core.sealed.SealedCharField(blank=True, max_length=48, verbose_name="name"),
        ),
        migrations.AlterField(
            model_name="slip",
            name="phone",
            field=gridgov.core.sealed.SealedCharField(blank=True, find="phone", max_length=20, verbose_name="phone"),
        ),
        migrations.AlterField(
            model_name="words",
            name="text",
            field=gridgov.core.sealed.SealedCharField(max_length=500, verbose_name="words"),
        ),
        migrations.AddIndex(
            model_name="slip",
            index=models.Index(
                django.db.models.functions.text.Left("phone", 26),
                condition=models.Q(("phone", ""), _negated=True),
                name="slip_phone",
            ),
        ),
    ]
