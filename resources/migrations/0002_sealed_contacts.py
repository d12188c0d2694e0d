from django.db import migrations

import gridgov.core.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="resource",
            name="contact_name",
            field=gridgov.core.sealed.SealedCharField(
                blank=True, default="", max_length=48, verbose_name="contact person"
            ),
        ),
        migrations.AlterField(
            model_name="resource",
            name="contact_phone",
            field=gridgov.core.sealed.SealedCharField(
                blank=True, default="", find="phone", max_length=20, verbose_name="phone"
            ),
        ),
    ]
