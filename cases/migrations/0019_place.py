from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0018_phrasebook"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("lng__isnull", False)), fields=["lng", "lat"], name="case_place"),
        ),
    ]
