"""Where a record stands in the order of commits: every row is stamped with its transaction (gridgov.core.positions).

Rows from before have none; the first era counts them as settled.
"""

from django.db import migrations, models

STAMP = """
ALTER TABLE core_record ADD COLUMN txid xid8;
ALTER TABLE core_record ALTER COLUMN txid SET DEFAULT pg_current_xact_id();
CREATE INDEX record_feed ON core_record (txid, id) WHERE txid IS NOT NULL;
"""
UNDO = "ALTER TABLE core_record DROP COLUMN txid"


class Migration(migrations.Migration):
    dependencies = [("core", "0004_answers_and_uploads")]
    operations = [
        migrations.RunSQL(STAMP, UNDO),
        migrations.CreateModel(
            name="Era",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=96, verbose_name="place")),
                ("last_record", models.BigIntegerField(verbose_name="last record before")),
                ("at", models.DateTimeField(verbose_name="time")),
            ],
            options={"verbose_name": "era of the records", "verbose_name_plural": "eras of the records"},
        ),
    ]
