"""Secrets that were made of SECRET_KEY are kept sealed from now on, the same as their receivers know; and confidential orders
mark their cases."""

from typing import Any

from django.db import migrations
from django.utils.crypto import salted_hmac

from gridgov.core.secrets import seal


def seal_secrets(apps: Any, schema_editor: Any) -> None:
    for hook in apps.get_model("integrations", "Webhook").objects.filter(sealed=""):

        def sealed(kid: int, salt: str = hook.salt) -> str:
            made = salted_hmac("integrations.hook", f"{salt}:{kid}", algorithm="sha256").hexdigest()
            return seal(made, of=f"integrations.hook:{salt}")

        hook.sealed, hook.sealed_old = sealed(hook.kid), sealed(hook.kid - 1) if hook.old_until else ""
        hook.save(update_fields=["sealed", "sealed_old"])
    orders = apps.get_model("integrations", "PartnerOrder").objects.filter(confidential=True, case__isnull=False)
    apps.get_model("cases", "Reporter").objects.filter(case__in=orders.values("case")).update(confidential=True)


class Migration(migrations.Migration):
    dependencies = [("integrations", "0008_held_up_and_sealed")]
    operations = [migrations.RunPython(seal_secrets, migrations.RunPython.noop)]
