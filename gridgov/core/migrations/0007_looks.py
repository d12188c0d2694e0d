"""Indexes over looks at people's data (gridgov.core.looking): few of the records, found by key and by who looked."""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Records are written all the time; the indexes are built beside that.
    atomic = False

    dependencies = [
        ("core", "0006_job_request"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="record",
            index=models.Index(
                condition=models.Q(
                    (
                        "verb__in",
                        (
                            "accounts.client_looked",
                            "accounts.download_taken",
                            "cases.phone_searched",
                            "cases.photo_revealed",
                            "cases.printed",
                            "cases.revealed",
                            "core.exported",
                            "fieldwork.trail_looked_at",
                            "integrations.caller_revealed",
                            "integrations.message_read",
                            "mediation.looked",
                            "privacy.copied",
                            "privacy.searched",
                            "resources.revealed",
                            "volunteers.revealed",
                        ),
                    )
                ),
                fields=["id"],
                name="record_look",
            ),
        ),
        AddIndexConcurrently(
            model_name="record",
            index=models.Index(
                condition=models.Q(
                    (
                        "verb__in",
                        (
                            "accounts.client_looked",
                            "accounts.download_taken",
                            "cases.phone_searched",
                            "cases.photo_revealed",
                            "cases.printed",
                            "cases.revealed",
                            "core.exported",
                            "fieldwork.trail_looked_at",
                            "integrations.caller_revealed",
                            "integrations.message_read",
                            "mediation.looked",
                            "privacy.copied",
                            "privacy.searched",
                            "resources.revealed",
                            "volunteers.revealed",
                        ),
                    )
                ),
                fields=["actor", "at"],
                name="record_look_of",
            ),
        ),
    ]
