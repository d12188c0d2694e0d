from django.db import migrations

import gridgov.core.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_mediators_sign_in"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="phone",
            field=gridgov.core.sealed.SealedCharField(blank=True, find="phone", max_length=20, verbose_name="phone"),
        ),
    ]
