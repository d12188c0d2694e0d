from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_looks"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeepingRun",
            fields=[
                (
                    "kind",
                    models.CharField(max_length=48, primary_key=True, serialize=False, verbose_name="kind of data"),
                ),
                ("at", models.DateTimeField(verbose_name="time")),
            ],
            options={
                "verbose_name": "run of keeping",
                "verbose_name_plural": "runs of keeping",
            },
        ),
    ]
