from django.db import migrations

import gridgov.core.sealed


class Migration(migrations.Migration):
    """The columns become text, which moves no row. What stands there is read as it is; `manage.py reseal` seals it."""

    dependencies = [
        ("cases", "0019_place"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="reporter", name="reporter_phone_end"),
        migrations.AlterField(
            model_name="reporter",
            name="name",
            field=gridgov.core.sealed.SealedCharField(blank=True, max_length=48, verbose_name="name"),
        ),
        migrations.AlterField(
            model_name="reporter",
            name="phone",
            field=gridgov.core.sealed.SealedCharField(
                blank=True, find="phone", find_tail=True, max_length=20, verbose_name="phone"
            ),
        ),
    ]
