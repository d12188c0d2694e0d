import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_door")]

    operations = [
        migrations.CreateModel(
            name="EntryApp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="name")),
                ("key", models.CharField(editable=False, max_length=12, unique=True, verbose_name="app key")),
                ("salt", models.CharField(blank=True, default="", editable=False, max_length=32)),
                ("origins", models.JSONField(blank=True, default=list, verbose_name="may frame our pages")),
                ("is_active", models.BooleanField(default=False, verbose_name="switched on")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("made_at", models.DateTimeField(verbose_name="entered")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry app",
                "verbose_name_plural": "entry apps",
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_active", False), models.Q(("salt", ""), _negated=True), _connector="OR"
                        ),
                        name="entry_app_on_with_secret",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryPass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nonce", models.CharField(max_length=64, verbose_name="nonce or code")),
                ("to", models.CharField(blank=True, default="", max_length=200, verbose_name="leads to")),
                ("used_at", models.DateTimeField(null=True, verbose_name="used")),
                ("expires_at", models.DateTimeField(verbose_name="kept until")),
                (
                    "app",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passes",
                        to="accounts.entryapp",
                        verbose_name="entry app",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry pass",
                "verbose_name_plural": "entry passes",
                "indexes": [
                    models.Index(fields=["nonce"], name="entry_pass_nonce"),
                    models.Index(fields=["expires_at"], name="entry_pass_expiry"),
                ],
                "constraints": [models.UniqueConstraint(fields=["app", "nonce"], name="entry_pass_once")],
            },
        ),
    ]
