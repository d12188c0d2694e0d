import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import gridgov.core.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("grids", "0008_client_ground"),
        ("volunteers", "0009_names_of_times"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="volunteer",
            name="volunteer_phone",
        ),
        migrations.AlterField(
            model_name="volunteer",
            name="guardian_name",
            field=gridgov.core.sealed.SealedCharField(blank=True, default="", max_length=48, verbose_name="guardian"),
        ),
        migrations.AlterField(
            model_name="volunteer",
            name="guardian_phone",
            field=gridgov.core.sealed.SealedCharField(
                blank=True, default="", find="phone", max_length=20, verbose_name="guardian's phone"
            ),
        ),
        migrations.AlterField(
            model_name="volunteer",
            name="name",
            field=gridgov.core.sealed.SealedCharField(blank=True, find="name", max_length=48, verbose_name="full name"),
        ),
        migrations.AlterField(
            model_name="volunteer",
            name="phone",
            field=gridgov.core.sealed.SealedCharField(blank=True, find="phone", max_length=20, verbose_name="phone"),
        ),
        migrations.AddIndex(
            model_name="volunteer",
            index=models.Index(
                django.db.models.functions.text.Left("phone", 26),
                condition=models.Q(("phone", ""), _negated=True),
                name="volunteer_whole_phone",
            ),
        ),
        migrations.AddIndex(
            model_name="volunteer",
            index=models.Index(
                django.db.models.functions.text.Left("name", 26),
                condition=models.Q(("name", ""), _negated=True),
                name="volunteer_whole_name",
            ),
        ),
        migrations.AddIndex(
            model_name="volunteer",
            index=models.Index(
                django.db.models.functions.text.Left("guardian_phone", 26),
                condition=models.Q(("guardian_phone", ""), _negated=True),
                name="volunteer_guardian_phone",
            ),
        ),
    ]
