"""Who asks, and in which words, sealed like all data of people: found by no one, and gone through by `reseal`."""

from django.db import migrations

import gridgov.core.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="request",
            name="answer",
            field=gridgov.core.sealed.SealedTextField(blank=True, default="", max_length=1000, verbose_name="answer"),
        ),
        migrations.AlterField(
            model_name="request",
            name="contact",
            field=gridgov.core.sealed.SealedCharField(
                blank=True, default="", editable=False, max_length=20, verbose_name="phone"
            ),
        ),
        migrations.AlterField(
            model_name="request",
            name="who",
            field=gridgov.core.sealed.SealedCharField(
                blank=True, default="", editable=False, max_length=48, verbose_name="name"
            ),
        ),
        migrations.AlterField(
            model_name="request",
            name="words",
            field=gridgov.core.sealed.SealedTextField(
                blank=True, default="", editable=False, max_length=1000, verbose_name="words of the request"
            ),
        ),
    ]
