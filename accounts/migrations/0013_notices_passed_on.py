from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_confidential")]

    operations = [
        # What lies in inboxes already is old news: marked without touching a row, then new ones begin unmarked.
        migrations.AddField("notice", "passed_on", models.BooleanField(default=True, db_default=True)),
        migrations.AlterField("notice", "passed_on", models.BooleanField(default=False, db_default=False)),
        migrations.AddIndex(
            "notice", models.Index(fields=["id"], name="notice_told", condition=Q(passed_on=False, held_until=None))
        ),
    ]
