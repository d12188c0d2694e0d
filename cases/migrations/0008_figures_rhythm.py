"""Indexes for the dashboard: the cases reported in a period, and the calls for help that were made in it."""

from django.db import migrations, models

ALIVE = models.Q(models.Q(("state__in", ["merged", "voided"]), _negated=True), ("excluded", False))


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_photo_areas")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=ALIVE,
                fields=["street", "reported_at"],
                include=("total", "comprehensive", "category", "tier", "channel"),
                name="case_rhythm",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("clock", "report_in")), fields=["started_at"], name="deadline_report_in"
            ),
        ),
    ]
