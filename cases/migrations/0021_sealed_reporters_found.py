from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Left, Substr


class Migration(migrations.Migration):
    """By what sealed reporters are found. Made beside the work that goes on: a house has a million of them."""

    atomic = False

    dependencies = [
        ("cases", "0020_sealed_reporters"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="reporter",
            index=models.Index(Left("phone", 26), condition=~models.Q(phone=""), name="reporter_phone"),
        ),
        AddIndexConcurrently(
            model_name="reporter",
            index=models.Index(
                Substr("phone", 27, 2), condition=models.Q(phone__clear=False), name="reporter_phone_tail"
            ),
        ),
        AddIndexConcurrently(
            model_name="reporter",
            index=models.Index(fields=["case"], condition=models.Q(phone__clear=True), name="reporter_phone_clear"),
        ),
    ]
