"""Other systems: entering and changing them, and their looks at personal data. Their keys: accounts.actions.keys."""

import datetime as dt
import secrets
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate

from accounts.choices.clients import CALLS_KEPT_DAYS
from accounts.models import ApiClient, ClientCalls, User
from accounts.rules import clients as rules
from gridgov.core.looking import record_look
from gridgov.core.records import record


@transaction.atomic
def add_client(
    *, name: str, purpose: str, role: str, scopes: list[str], purposes: list[str], networks: list[str], per_minute: int,
    expires_on: dt.date | None, by: User, at: dt.datetime,
) -> ApiClient:  # fmt: skip
    """Enter another system, with an account that acts as ROLE and never signs in. It sees nothing before it has a ground.

    Raises Forbidden, or Invalid for what it can't be.
    """
    rules.can_keep_clients(by).insist()
    said: dict[str, Any] = {"scopes": scopes, "purposes": purposes, "networks": networks, "per_minute": per_minute}
    rules.can_be_client(name=name, taken=ApiClient.objects.filter(name=name).exists(), **said).insist()
    user = User(username=f"system-{secrets.token_hex(6)}", full_name=name, role=role, created_at=at)
    user.is_client, user.is_active = True, False
    user.set_unusable_password()
    user.save()
    said |= {"name": name, "purpose": purpose}
    client = ApiClient.objects.create(user=user, expires_on=expires_on, made_by=by, made_at=at, **said)
    data = {**said, "role": role, "expires_on": expires_on and expires_on.isoformat()}
    record("accounts.client_added", client, by=by, at=at, data=data)
    return client


@transaction.atomic
def change_client(
    *, client: ApiClient, name: str, purpose: str, scopes: list[str], purposes: list[str], networks: list[str],
    per_minute: int, expires_on: dt.date | None, by: User, at: dt.datetime,
) -> ApiClient:  # fmt: skip
    """Say anew what CLIENT is, what it may and until when; it holds from the next request on."""
    rules.can_keep_clients(by).insist()
    client = ApiClient.objects.locked(client)
    said: dict[str, Any] = {"scopes": scopes, "purposes": purposes, "networks": networks, "per_minute": per_minute}
    taken = ApiClient.objects.filter(name=name).exclude(pk=client.pk).exists()
    rules.can_be_client(name=name, taken=taken, **said).insist()
    changes = client.change(name=name, purpose=purpose, expires_on=expires_on, **said)
    if "name" in changes:
        client.user.change(full_name=name)
    if changes:
        record("accounts.client_changed", client, by=by, at=at, data={"changes": changes})
    return client


@transaction.atomic
def recast_client(*, client: ApiClient, role: str, by: User, at: dt.datetime) -> ApiClient:
    """Let CLIENT act as ROLE: what its ground asks for."""
    rules.can_keep_clients(by).insist()
    client = ApiClient.objects.locked(client)
    changes = client.user.change(role=role)
    if changes:
        record("accounts.client_changed", client, by=by, at=at, data={"changes": changes})
    return client


@transaction.atomic
def switch_client(*, client: ApiClient, active: bool, by: User, at: dt.datetime) -> ApiClient:
    """Let CLIENT come in, or not any more, whatever keys it has."""
    client = ApiClient.objects.locked(client)
    rules.can_switch_client(by, client, active).insist()
    record("accounts.client_switched", client, by=by, at=at, data={"changes": client.change(is_active=active)})
    return client


@transaction.atomic
def note_look(
    *, client: ApiClient, purpose: str, operation: str, path: str, address: str, by: User, at: dt.datetime
) -> None:
    """Write down that CLIENT asks for personal data and for what, before it is answered. Raises Forbidden."""
    rules.can_look_for(client, purpose).insist()
    data = {"purpose": purpose, "operation": operation, "path": path, "address": address}
    record_look("accounts.client_looked", ApiClient.objects.locked(client), by=by, at=at, data=data)


_ADD = """
    INSERT INTO accounts_clientcalls (client_id, day, operation, status, code, count)
    SELECT user_id, %s, %s, %s, %s, %s FROM accounts_apiclient WHERE user_id = %s
    ON CONFLICT (client_id, day, operation, status, code) DO UPDATE SET count = accounts_clientcalls.count + EXCLUDED.count
"""


@transaction.atomic
def add_calls(*, calls: list[tuple[Any, ...]]) -> None:
    """Add CALLS, rows of (day, operation, status, code, count, client), to what is known already."""
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, sorted(calls, key=str))


@transaction.atomic
def drop_calls(*, at: dt.datetime) -> int:
    """Forget counts that are too old; how many."""
    return int(ClientCalls.objects.filter(day__lt=localdate(at) - dt.timedelta(days=CALLS_KEPT_DAYS)).delete()[0])
