import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models


def _read_backwards(column, name):
    ends = django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Reverse(column), "text_pattern_ops")
    return models.Index(ends, name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_figures_counted"),
    ]

    operations = [
        migrations.AddIndex(model_name="case", index=_read_backwards("no", "case_no_end")),
        migrations.AddIndex(model_name="reporter", index=_read_backwards("phone", "reporter_phone_end")),
    ]
