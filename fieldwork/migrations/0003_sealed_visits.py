from django.db import migrations

import gridgov.core.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("fieldwork", "0002_walks_without_a_network"),
    ]

    operations = [
        migrations.AlterField(
            model_name="visit",
            name="note",
            field=gridgov.core.sealed.SealedCharField(blank=True, default="", max_length=500, verbose_name="note"),
        ),
        migrations.AlterField(
            model_name="visit",
            name="place",
            field=gridgov.core.sealed.SealedCharField(max_length=100, verbose_name="household or place"),
        ),
    ]
