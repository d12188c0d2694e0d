"""Systems that might see who reported a case saw its pictures and heard its voice notes by the same scope; those have scopes of
their own now, and nobody loses what was given."""

from typing import Any

from django.db import migrations

BEFORE, NOW = "cases:personal", ("photos:personal", "voices:personal")


def give_own_scopes(apps: Any, schema_editor: Any) -> None:
    for client in apps.get_model("accounts", "ApiClient").objects.filter(scopes__contains=BEFORE):
        client.scopes = [*client.scopes, *(scope for scope in NOW if scope not in client.scopes)]
        client.save(update_fields=["scopes"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_notices_passed_on")]
    operations = [migrations.RunPython(give_own_scopes, migrations.RunPython.noop)]
